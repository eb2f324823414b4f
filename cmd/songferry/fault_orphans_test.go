package main

import (
	"context"
	"fmt"
)

// none are queries that count what must not be in the database of a bridge that is at rest, with what it would be. Each table
// names its rows' owners only by value, since packages do not share foreign keys: these are the keys, and the journal's rules.
var none = []struct{ what, query string }{
	{"a hole in the journal", `SELECT COALESCE(MAX(seq) - MIN(seq) + 1 - COUNT(*), 0) FROM journal`},
	{"a change beyond the counter", `SELECT COUNT(*) FROM journal WHERE seq > (SELECT n FROM counters WHERE name = 'journal')`},
	{"a reader behind the journal's end", `SELECT COUNT(*) FROM readers r WHERE EXISTS (SELECT 1 FROM journal j WHERE j.seq > r.seq)`},
	{"a reader beyond the journal's end", `SELECT COUNT(*) FROM readers WHERE seq > (SELECT n FROM counters WHERE name = 'journal')`},
	{"a playlist without its newest version", `SELECT COUNT(*) FROM playlists p WHERE p.revision > 0 AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.playlist_id = p.id AND r.revision = p.revision)`},
	{"a version newer than its playlist", `SELECT COUNT(*) FROM revisions r LEFT JOIN playlists p ON p.id = r.playlist_id WHERE p.id IS NULL OR r.revision > p.revision`},
	{"two versions in a row that say the same", `SELECT COUNT(*) FROM revisions a JOIN revisions b ON b.playlist_id = a.playlist_id AND b.revision = a.revision + 1 WHERE a.hash = b.hash`},
	{"a version without its change", `SELECT COUNT(*) FROM revisions r WHERE r.at >= (SELECT MIN(at) FROM journal) AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.playlist_id = r.playlist_id AND j.revision = r.revision AND j.kind = 'content')`},
	{"a playlist of nobody", `SELECT COUNT(*) FROM playlists WHERE owner <> '' AND owner NOT IN (SELECT id FROM accounts) AND owner NOT IN (SELECT account_id FROM departures)`},
	{"a publication of no playlist", `SELECT COUNT(*) FROM publications WHERE playlist_id NOT IN (SELECT id FROM playlists)`},
	{"a playlist published twice", `SELECT COUNT(*) - COUNT(DISTINCT playlist_id) FROM publications WHERE retired = 0`},
	{"a publication without its handle", `SELECT COUNT(*) FROM publications p WHERE p.retired = 0 AND p.handle <> '' AND NOT EXISTS (SELECT 1 FROM handles h WHERE h.handle = p.handle AND h.public_id = p.public_id AND h.retired = 0)`},
	{"a handle that leads nowhere", `SELECT COUNT(*) FROM handles WHERE retired = 0 AND (public_id = '' OR public_id NOT IN (SELECT public_id FROM publications WHERE retired = 0)) AND (account_id = '' OR account_id NOT IN (SELECT id FROM accounts))`},
	{"an overlay, cover or question of no playlist", `SELECT (SELECT COUNT(*) FROM overlays WHERE playlist_id NOT IN (SELECT id FROM playlists)) + (SELECT COUNT(*) FROM covers WHERE playlist_id NOT IN (SELECT id FROM playlists)) + (SELECT COUNT(*) FROM asks WHERE playlist_id NOT IN (SELECT id FROM playlists))`},
	{"a cover of what nobody may see", `SELECT COUNT(*) FROM covers WHERE playlist_id NOT IN (SELECT playlist_id FROM publications WHERE retired = 0)`},
	{"a personal link to what has ended", `SELECT COUNT(*) FROM personal_links WHERE public_id NOT IN (SELECT public_id FROM publications WHERE retired = 0)`},
	{"a want of nobody or for nothing", `SELECT COUNT(*) FROM wants WHERE account_id NOT IN (SELECT id FROM accounts) OR playlist_id NOT IN (SELECT id FROM playlists)`},
	{"one thing wanted twice", `SELECT COUNT(*) FROM (SELECT 1 FROM wants WHERE ended = 0 AND mode = 'sync' GROUP BY account_id, playlist_id HAVING COUNT(*) > 1) twice`},
	{"an outcome of no want", `SELECT COUNT(*) FROM outcomes WHERE want_id NOT IN (SELECT id FROM wants)`},
	{"a notice for nobody", `SELECT COUNT(*) FROM notices WHERE account_id NOT IN (SELECT id FROM accounts)`},

	{"an announcement still due", `SELECT COUNT(*) FROM announcements`},
	{"a follower of what has ended", `SELECT COUNT(*) FROM followers WHERE actor NOT IN (SELECT public_id FROM publications WHERE retired = 0) AND actor NOT IN (SELECT public_id FROM accounts)`},
	{"news of what has ended", `SELECT COUNT(*) FROM news WHERE public_id NOT IN (SELECT public_id FROM publications)`},
	{"a post of no publication", `SELECT COUNT(*) FROM posts WHERE actor NOT IN (SELECT public_id FROM publications)`},
	{"a reaction to no post", `SELECT COUNT(*) FROM reactions WHERE post NOT IN (SELECT id FROM posts WHERE deleted = 0)`},
	{"a delivery of nothing", `SELECT COUNT(*) FROM deliveries WHERE activity NOT IN (SELECT id FROM activities)`},
	{"a delivery whose host has no turn", `SELECT COUNT(*) FROM deliveries d LEFT JOIN delivery_hosts h ON h.host = d.host WHERE h.host IS NULL OR h.due = 0`},
	{"a turn of a host for which nothing waits", `SELECT COUNT(*) FROM delivery_hosts WHERE due > 0 AND host NOT IN (SELECT host FROM deliveries)`},
	{"a message still to be read", `SELECT COUNT(*) FROM inbox WHERE due > 0`},
	{"a key of nobody", `SELECT COUNT(*) FROM remote_keys WHERE owner NOT IN (SELECT id FROM remote_actors)`},
	{"a signing key of nobody", `SELECT COUNT(*) FROM signing_keys WHERE actor NOT IN (SELECT public_id FROM publications) AND actor NOT IN (SELECT public_id FROM accounts) AND actor NOT IN (SELECT public_id FROM departures) AND actor <> 'instance'`},
	{"a source that nobody wants", `SELECT COUNT(*) FROM sources WHERE playlist_id NOT IN (SELECT playlist_id FROM wants WHERE ended = 0)`},
	{"a source that fails", `SELECT COUNT(*) FROM sources WHERE attempts > 0`},
	{"a wanted playlist without a source", `SELECT COUNT(*) FROM wants w JOIN playlists p ON p.id = w.playlist_id WHERE w.ended = 0 AND w.mode = 'sync' AND p.origin = 'remote' AND p.withdrawn = 0 AND p.id NOT IN (SELECT playlist_id FROM sources)`},
	{"a subscription that nobody wants", `SELECT COUNT(*) FROM subscriptions s WHERE NOT EXISTS (SELECT 1 FROM wants w WHERE w.account_id = s.account_id AND w.playlist_id = s.playlist_id AND w.mode = 'sync' AND w.ended = 0)`},
	{"a subscription that nobody asked for yet", `SELECT COUNT(*) FROM subscriptions WHERE state = 'wanted'`},
	{"a roster of nobody who is wanted", `SELECT COUNT(*) FROM rosters WHERE person NOT IN (SELECT person FROM person_wants WHERE ended = 0)`},

	{"a copy that nobody wants", `SELECT COUNT(*) FROM subsonic_mirrors WHERE want_id NOT IN (SELECT id FROM wants) OR account_id NOT IN (SELECT id FROM accounts)`},
	{"a want without its copy", `SELECT COUNT(*) FROM wants w WHERE w.ended = 0 AND w.account_id IN (SELECT account_id FROM subsonic_connections) AND w.id NOT IN (SELECT want_id FROM subsonic_mirrors)`},
	{"a copy that is not what its source says last", `SELECT COUNT(*) FROM subsonic_mirrors m JOIN wants w ON w.id = m.want_id JOIN playlists p ON p.id = m.playlist_id WHERE w.ended = 0 AND w.mode = 'sync' AND m.state IN ('written', 'reordered', 'own order') AND m.revision <> p.revision`},
	{"a write of a copy that has not ended", `SELECT COUNT(*) FROM subsonic_mirrors WHERE temp_name <> '' OR retired_id <> '' OR pending NOT IN ('[]', 'null')`},
	{"a copy still to be written", `SELECT COUNT(*) FROM subsonic_mirrors WHERE due > 0 AND attempts > 0`},
	{"a found track of no copy", `SELECT COUNT(*) FROM subsonic_resolutions WHERE want_id NOT IN (SELECT want_id FROM subsonic_mirrors)`},
	{"a found track beyond its source's end", `SELECT COUNT(*) FROM subsonic_resolutions r JOIN subsonic_mirrors m ON m.want_id = r.want_id WHERE m.state = 'written' AND r.place >= m.source_rows`},
	{"something of an account without a music server", `SELECT (SELECT COUNT(*) FROM subsonic_playlists WHERE account_id NOT IN (SELECT account_id FROM subsonic_connections)) + (SELECT COUNT(*) FROM subsonic_libraries WHERE account_id NOT IN (SELECT account_id FROM subsonic_connections))
		+ (SELECT COUNT(*) FROM subsonic_songs WHERE account_id NOT IN (SELECT account_id FROM subsonic_connections)) + (SELECT COUNT(*) FROM subsonic_decisions WHERE account_id NOT IN (SELECT account_id FROM subsonic_connections))`},
	{"a playlist on a music server that was never kept", `SELECT COUNT(*) FROM subsonic_playlists WHERE content <> '' AND playlist_id NOT IN (SELECT id FROM playlists)`},
	{"a music server that fails", `SELECT COUNT(*) FROM subsonic_connections WHERE attempts > 0`},

	{"a lease of the dead", `SELECT (SELECT COUNT(*) FROM subsonic_connections WHERE lease > 0) + (SELECT COUNT(*) FROM subsonic_mirrors WHERE lease > 0) + (SELECT COUNT(*) FROM sources WHERE lease > 0)
		+ (SELECT COUNT(*) FROM delivery_hosts WHERE lease > 0) + (SELECT COUNT(*) FROM rosters WHERE lease > 0) + (SELECT COUNT(*) FROM roster_playlists WHERE lease > 0)
		+ (SELECT COUNT(*) FROM requests WHERE lease > 0) + (SELECT COUNT(*) FROM renewals WHERE lease > 0) + (SELECT COUNT(*) FROM lookups WHERE lease > 0)`},
}

// orphans returns what is in the database that must not be, and whether its file is sound.
func (e estate) orphans(ctx context.Context) (findings []string, err error) {
	for _, n := range none {
		var count int
		if err := e.db.QueryRowContext(ctx, n.query).Scan(&count); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", e.name, n.what, err)
		}
		if count != 0 {
			findings = append(findings, fmt.Sprintf("%s has %s (%d)", e.name, n.what, count))
		}
	}
	if !inFile(e.db) {
		return findings, nil
	}
	var sound string
	err = e.db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&sound)
	if err == nil && sound != "ok" {
		findings = append(findings, fmt.Sprintf("%s has a damaged database: %s", e.name, sound))
	}
	return findings, err
}
