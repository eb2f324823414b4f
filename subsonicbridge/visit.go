package subsonicbridge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"

	"github.com/songferry/songferry/playlists"
)

// maxTrouble is how many playlists of one poll may fail before the whole poll counts as failed.
const maxTrouble = 10

// poll is the state of one look at an account's server.
type poll struct {
	b         *Bridge
	conn      connection
	now       time.Time
	curator   string
	published map[playlists.ID]bool
	mirrors   ownLists
	known     []*knownPlaylist
	byID      map[string]*knownPlaylist // by the server's id
	seen      map[*knownPlaylist]bool
	fetches   int
	changes   int // new versions recorded, publications ended
	more      bool
	trouble   []error
}

func (b *Bridge) newPoll(ctx context.Context, conn connection) (*poll, error) {
	p := &poll{b: b, conn: conn, now: b.now(), published: map[playlists.ID]bool{},
		byID: map[string]*knownPlaylist{}, seen: map[*knownPlaylist]bool{}}
	account, err := b.store.Account(ctx, conn.account)
	if err != nil {
		return nil, err
	}
	p.curator = account.Name
	pubs, err := b.store.Publications(ctx, conn.account)
	if err != nil {
		return nil, err
	}
	for _, pub := range pubs {
		p.published[pub.Playlist] = true
	}
	if p.mirrors, err = b.ownLists(ctx, conn.account); err != nil {
		return nil, err
	}
	if p.known, err = b.knownPlaylists(ctx, conn.account); err != nil {
		return nil, err
	}
	for _, k := range p.known {
		if k.ServerID != "" {
			p.byID[k.ServerID] = k
		}
	}
	return p, nil
}

// visitAll looks at the playlists that the user owns. Those known by id come first: what remains unclaimed then may be
// a known playlist under a new id.
func (p *poll) visitAll(ctx context.Context, all []ServerPlaylist) error {
	if len(all) > maxFetches { // else those at the end might never have their turn
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	var unknown []ServerPlaylist
	ours := p.mirrors.among(all)
	for _, sp := range all {
		if !p.conn.owns(sp) || ours[sp.ID] {
			continue
		}
		if p.byID[sp.ID] == nil {
			unknown = append(unknown, sp)
			continue
		}
		if err := p.visit(ctx, sp); err != nil {
			return err
		}
	}
	for _, sp := range unknown {
		if err := p.visit(ctx, sp); err != nil {
			return err
		}
	}
	return p.b.reviveMirrors(ctx, p.conn.account, p.mirrors, all)
}

// visit fetches a playlist if it looks changed, and records it. What is wrong with one playlist is kept as trouble and
// does not stop the others.
func (p *poll) visit(ctx context.Context, sp ServerPlaylist) error {
	k := p.byID[sp.ID]
	if k != nil && !p.seen[k] && !p.looksChanged(sp, k) {
		return p.found(ctx, k)
	}
	if sp.SongCount > playlists.MaxTracks {
		return errors.Join(p.fail(tooLong(sp)), p.found(ctx, k))
	}
	if p.fetches++; p.fetches > maxFetches {
		p.more = p.more || k == nil || k.Listing != listing(sp)
		return p.found(ctx, k)
	}
	full, err := p.conn.client.Playlist(ctx, sp.ID)
	if NotFound(err) {
		return nil // deleted since the list was made
	}
	if err != nil {
		return errors.Join(p.fail(fmt.Errorf("playlist %q: %w", sp.ID, err)), p.found(ctx, k))
	}
	content := contentOf(full.Songs)
	if k = p.claim(sp, content); k == nil {
		if len(p.known) >= playlists.MaxPlaylist {
			return p.fail(playlists.Problemf(playlists.Invalid, nil, "You own more than %d playlists. Songferry does not read the rest.", playlists.MaxPlaylist))
		}
		if k, err = p.b.addKnown(ctx, p.conn.account, sp); err != nil {
			return err
		}
		p.known = append(p.known, k)
	}
	p.seen[k] = true
	return p.record(ctx, k, sp, full)
}

func tooLong(sp ServerPlaylist) error {
	return playlists.Problemf(playlists.Invalid, nil, "The playlist %q has %d tracks; Songferry carries at most %d. Split it to share it.",
		playlists.CleanText(sp.Name, 80), sp.SongCount, playlists.MaxTracks)
}

// fail keeps what is wrong with one playlist. It returns err itself when there is no point in going on.
func (p *poll) fail(err error) error {
	p.trouble = append(p.trouble, err)
	if Unauthorized(err) || len(p.trouble) >= maxTrouble {
		return err
	}
	return nil
}

// looksChanged reports whether a known playlist must be fetched again. A server without `changed` does not tell when
// one song was exchanged for another of the same length, so there what is published is read every time.
func (p *poll) looksChanged(sp ServerPlaylist, k *knownPlaylist) bool {
	return k.Listing != listing(sp) || sp.Changed == "" && p.published[k.ID]
}

func (p *poll) record(ctx context.Context, k *knownPlaylist, sp ServerPlaylist, full ServerPlaylist) error {
	tracks := make([]playlists.Track, len(full.Songs))
	for i, s := range full.Songs {
		tracks[i] = s.Track
	}
	_, changed, err := p.b.store.Record(ctx, playlists.Playlist{ID: k.ID, Owner: p.conn.account, Origin: playlists.Local,
		Name: full.Name, Summary: summary(full.Comment), Curator: playlists.Curator{Name: p.curator}, Tracks: tracks, Smart: isSmart(full)})
	if playlists.CodeOf(err) == playlists.Invalid {
		return p.fail(err)
	}
	if err != nil {
		return err
	}
	if changed {
		p.changes++
	}
	k.ServerID, k.Name, k.Content, k.Listing, k.Missing = sp.ID, sp.Name, contentOf(full.Songs), listing(sp), time.Time{}
	return p.b.keepKnown(ctx, *k)
}

// found keeps that a known playlist is there; k may be nil.
func (p *poll) found(ctx context.Context, k *knownPlaylist) error {
	if k == nil {
		return nil
	}
	p.seen[k] = true
	if k.Missing.IsZero() {
		return nil
	}
	k.Missing = time.Time{}
	return p.b.keepKnown(ctx, *k)
}

// withdrawMissing ends the publication of what the server has not shown for a day. Until then it may be a restored
// backup, a disk that is not mounted, or a server that lost everything.
func (p *poll) withdrawMissing(ctx context.Context) error {
	for _, k := range p.known {
		switch {
		case p.seen[k]:
		case k.Missing.IsZero():
			k.Missing = p.now
			if err := p.b.keepKnown(ctx, *k); err != nil {
				return err
			}
		case p.published[k.ID] && p.now.Sub(k.Missing) >= missingBefore:
			if _, err := p.b.store.Publish(ctx, k.ID, playlists.Private); err != nil {
				return err
			}
			p.changes++
		}
	}
	return nil
}

// autoImported is the comment that Navidrome gives playlists it read from a file: it tells the file's name.
var autoImported = regexp.MustCompile(`(?i)^\s*auto-imported from`)

// isSmart guesses whether a server fills its user's own playlist by a rule: Navidrome lets nobody change such a one. It
// says the same of those that it reads from M3U files, which somebody does edit.
func isSmart(p ServerPlaylist) bool { return p.ReadOnly && !fromM3U.MatchString(p.Comment) }

var fromM3U = regexp.MustCompile(`(?i)^\s*auto-imported from .*\.m3u8?\b`)

func summary(comment string) string {
	if autoImported.MatchString(comment) {
		return ""
	}
	return comment
}
