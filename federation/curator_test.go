package federation

import (
	"log/slog"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

func TestAPersonWhoCannotBeReadNowPutsTheReadingOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   http.HandlerFunc // of the person's actor
		code    playlists.Code   // of the lookup, "" when it goes well
		curator string
	}{
		"there":          {nil, "", "Alice"},
		"down":           {federationtest.Status(http.StatusBadGateway), playlists.Unavailable, ""},
		"not to be seen": {federationtest.Status(http.StatusForbidden), "", "Road trip"},
		"gone":           {federationtest.Status(http.StatusGone), "", "Road trip"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			origin := federationtest.New(t)
			alice := origin.AddActor("alice", map[string]any{"name": "Alice"})
			list := origin.AddActor("roadtrip", map[string]any{"type": "Service", "name": "Road trip", "attributedTo": alice.ID,
				"streams": []string{origin.URL + "/lists/1"}})
			origin.Put("/lists/1", map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": origin.URL + "/lists/1",
				"type": "OrderedCollection", "name": "Road trip", "attributedTo": list.ID, "totalItems": 0, "orderedItems": []any{}})
			if c.fault != nil {
				origin.Fail("/users/alice", c.fault)
			}
			found, err := newReader(t).Lookup(t.Context(), "", list.ID)
			if (err != nil || c.code != "") && playlists.CodeOf(err) != c.code || found.Playlist.Curator.Name != c.curator {
				t.Errorf("curator %q, %v; want %q, %q", found.Playlist.Curator.Name, err, c.curator, c.code)
			}
		})
	}
}

// newReader returns a bridge without an address that may read from this machine.
func newReader(t *testing.T) *Federation {
	t.Helper()
	db := migrationstest.Open(t)
	key, err := seal.NewKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{DB: db, Store: playlists.New(db, time.Now), Key: key, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Now: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
}
