//go:build supysonic

package subsonicbridge_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
	"github.com/songferry/songferry/subsonicbridge/supysonictest"
)

func TestACoverIsMadeOfARealServersAlbums(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	real := supysonictest.Start(t,
		supysonictest.File{Path: "One/Red/01 Amber.ogg", Title: "Amber", Artist: "One", Album: "Red"},
		supysonictest.File{Path: "One/Red/02 Birch.ogg", Title: "Birch", Artist: "One", Album: "Red"},
		supysonictest.File{Path: "Two/None/01 Cedar.ogg", Title: "Cedar", Artist: "Two", Album: "None"},
		supysonictest.File{Path: "Two/Blue/01 Dahlia.ogg", Title: "Dahlia", Artist: "Two", Album: "Blue"})
	w.must(os.WriteFile(filepath.Join(real.Music, "One/Red/cover.png"), pngOf(red), 0o600))
	w.must(os.WriteFile(filepath.Join(real.Music, "Two/Blue/cover.png"), pngOf(blue), 0o600))
	real.Rescan(t)
	real.AddUser(t, "bob", "secret", false)
	_, err := w.bridge.Connect(t.Context(), w.bob.ID, real.URL, "bob", "secret")
	w.must(err)
	client := subsonicbridge.NewClient(subsonicbridge.Login{URL: real.URL, User: "bob", Method: subsonicbridge.Password, Password: "secret"}, nil)
	ids := map[string]string{}
	w.must(client.EachSong(t.Context(), func(songs []subsonicbridge.Song) error {
		for _, s := range songs {
			ids[s.Title] = s.ID
		}
		return nil
	}))
	_, err = client.Create(t.Context(), "Mine", []string{ids["Amber"], ids["Birch"], ids["Cedar"], ids["Dahlia"]})
	w.must(err)
	w.poll()
	pub := w.wantCover("Mine", playlists.Public)
	w.poll()
	w.expectCover(pub, red, blue, blue, red)
}
