package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// musicState is what a music server held at a moment.
type musicState struct {
	after string // which call
	lists []subsonictest.Playlist
}

// bobHas checks that Bob's music server holds the copy of the list, complete and in order, and nothing else.
func (j *journey) bobHas(name string, titles []string) error {
	lists := j.bob.music.Playlists()
	if len(lists) != 1 || lists[0].Name != name+" · alice" || !slices.Equal(lists[0].Songs, j.bob.ids(titles)) || lists[0].Public {
		return fmt.Errorf("Bob's music server holds %+v, want %q with %v only", lists, name, j.bob.ids(titles))
	}
	return nil
}

// checkFollowing checks what must be so while Bob follows.
func (j *journey) checkFollowing() {
	j.t.Helper()
	for _, fact := range []struct {
		of    *traveller
		want  int
		query string
	}{
		{j.alice, 1, `SELECT COUNT(*) FROM followers WHERE state = 'accepted'`},
		{j.alice, 1, `SELECT COUNT(*) FROM followers`},
		{j.alice, 1, `SELECT COUNT(*) FROM publications`},
		{j.alice, 1, `SELECT COUNT(*) FROM subsonic_playlists`},
		{j.bob, 1, `SELECT COUNT(*) FROM subscriptions`},
		{j.bob, 1, `SELECT COUNT(*) FROM sources`},
		{j.bob, 1, `SELECT COUNT(*) FROM wants`},
		{j.bob, 1, `SELECT COUNT(*) FROM subsonic_mirrors WHERE state = 'written' AND error = '' AND temp_name = '' AND retired_id = '' AND pending IN ('[]', 'null')`},
		{j.bob, 0, `SELECT COUNT(*) FROM subsonic_playlists`}, // its own copy is not a playlist of Bob's
	} {
		if err := fact.of.have(fact.want, fact.query); err != nil {
			j.t.Error(err)
		}
	}
}

// checkWithdrawn checks what must be so at the end.
func (j *journey) checkWithdrawn(p playlistRow) {
	j.t.Helper()
	if err := j.bobHas(editedName, editedTitles); err != nil {
		j.t.Error(err)
	}
	if list := j.bob.music.Playlists()[0]; strings.Contains(list.Comment, "Songferry copy") {
		j.t.Errorf("the list that is Bob's own now still says %q", list.Comment)
	}
	for _, fact := range []struct {
		of    *traveller
		want  int
		query string
	}{
		{j.alice, 0, `SELECT COUNT(*) FROM followers`},
		{j.bob, 0, `SELECT COUNT(*) FROM subscriptions`},
		{j.bob, 0, `SELECT COUNT(*) FROM sources`},
		{j.bob, 1, `SELECT COUNT(*) FROM wants`},
	} {
		if err := fact.of.have(fact.want, fact.query); err != nil {
			j.t.Error(err)
		}
	}
	j.checkGone(p)
}

// checkGone checks that every address of the withdrawn playlist answers 410.
func (j *journey) checkGone(p playlistRow) {
	j.t.Helper()
	var publicID string
	j.alice.row(`SELECT public_id FROM publications`, &publicID)
	handle := strings.Split(p.Handle, "@")[1]
	for _, address := range []string{"/@" + handle, "/ap/actors/" + publicID, "/ap/playlists/" + publicID, "/ap/playlists/" + publicID + "?page=1"} {
		for _, accept := range []string{"", "application/activity+json"} {
			j.await(address, func() error {
				code, _, err := get(j.alice.url+address, accept)
				if err == nil && code != http.StatusGone {
					j.t.Errorf("after the withdrawal %s answers %d to Accept: %q", address, code, accept)
				}
				return err
			})
		}
	}
}

// checkAll checks what must be so of the whole journey.
func (j *journey) checkAll() {
	j.t.Helper()
	j.checkEstates()
	j.checkJournal(j.alice, 1, 1)
	j.checkJournal(j.bob, 0, 1)
	j.checkStates()
	j.checkActivities()
}

// checkEstates stops both bridges in order, and checks that nothing is wrong with what they leave.
func (j *journey) checkEstates() {
	j.t.Helper()
	for _, p := range []*traveller{j.bob, j.alice} { // first who reads from the other
		p.rest()
	}
	j.alice.query(func(a *sql.DB) error {
		j.bob.query(func(b *sql.DB) error {
			alice := estate{j.alice.name, a, map[string]*subsonictest.Server{"alice": j.alice.music}}
			bob := estate{j.bob.name, b, map[string]*subsonictest.Server{"bob": j.bob.music}}
			checkEstates(j.t, alice, bob)
			return nil
		})
		return nil
	})
}

// checkJournal checks that no number is missing, that each revision has its change, and that the last is the edit.
func (j *journey) checkJournal(p *traveller, published, withdrawn int) {
	j.t.Helper()
	const source = `FROM journal WHERE playlist_id = (SELECT playlist_id FROM journal ORDER BY seq LIMIT 1)`
	for _, fact := range []struct {
		want  int
		query string
	}{
		{0, `SELECT MAX(seq) - COUNT(*) FROM journal`},
		{published, `SELECT COUNT(*) ` + source + ` AND kind = 'published'`},
		{withdrawn, `SELECT COUNT(*) ` + source + ` AND kind = 'withdrawn'`},
		{0, `SELECT MAX(revision) - COUNT(*) ` + source + ` AND kind = 'content'`},
		{0, `SELECT COUNT(*) - COUNT(DISTINCT revision) ` + source + ` AND kind = 'content'`},
	} {
		if err := p.have(fact.want, fact.query); err != nil {
			j.t.Error(err)
		}
	}
	var name, tracks string
	p.row(`SELECT name, tracks FROM revisions WHERE playlist_id = (SELECT playlist_id FROM journal ORDER BY seq LIMIT 1) ORDER BY revision DESC LIMIT 1`, &name, &tracks)
	rest := tracks
	for _, title := range editedTitles {
		_, after, found := strings.Cut(rest, `"`+title+`"`)
		if rest = after; !found || name != editedName {
			j.t.Fatalf("%s's newest revision is %q with %s", p.name, name, tracks)
		}
	}
}

// checkStates checks every state of Bob's music server: never two copies, never an empty one, and once there is one,
// there always is.
func (j *journey) checkStates() {
	j.t.Helper()
	filled := false
	_, _, states := j.wires.seen()
	for _, s := range states {
		copies, unfinished := 0, 0
		for _, l := range s.lists {
			if strings.HasPrefix(l.Name, "Songferry is writing ") {
				unfinished++
			} else {
				copies++
			}
			if !slices.Equal(l.Songs, j.bob.ids(firstTitles)) && !slices.Equal(l.Songs, j.bob.ids(editedTitles)) {
				j.t.Errorf("%s: %q held %v", s.after, l.Name, l.Songs)
			}
		}
		if copies > 1 || unfinished > 1 || filled && copies != 1 {
			j.t.Errorf("%s: Bob's music server held %+v", s.after, s.lists)
		}
		filled = filled || copies > 0
	}
	if !filled {
		j.t.Error("nobody saw Bob's music server being written to")
	}
}

// checkActivities checks what was sent in the whole journey.
func (j *journey) checkActivities() {
	j.t.Helper()
	kinds := j.checkIDs()
	for _, kind := range []string{"Follow", "Accept", "Delete"} {
		if len(kinds[kind]) != 1 {
			j.t.Errorf("there were %d activities of type %s, want 1", len(kinds[kind]), kind)
		}
	}
	if len(kinds["Update"]) == 0 {
		j.t.Error("no Update was sent")
	}
}

// checkIDs checks that whatever was sent, however often, was sent under one id, and under each id one thing. It returns the ids
// of each kind of activity.
func (j *journey) checkIDs() (kinds map[string]map[string]bool) {
	j.t.Helper()
	ids, said := map[string]string{}, map[string]string{}
	kinds = map[string]map[string]bool{}
	_, activities, _ := j.wires.seen()
	for _, a := range activities {
		// An Update for the sake of the pinned post says nothing new: it is to be read once more.
		if first, known := ids[a.said]; known && first != a.id && !strings.Contains(first+a.id, "/update-pin-") && !(j.hasty && a.kind == "Update") {
			j.t.Errorf("one activity was sent as %s and as %s: %s", first, a.id, a.said)
		}
		if first, known := said[a.id]; known && first != a.said {
			j.t.Errorf("under the id %s was sent %s and %s", a.id, first, a.said)
		}
		ids[a.said], said[a.id] = a.id, a.said
		if kinds[a.kind] == nil {
			kinds[a.kind] = map[string]bool{}
		}
		kinds[a.kind][a.id] = true
	}
	return kinds
}
