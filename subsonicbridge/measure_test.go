//go:build measure

package subsonicbridge_test

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// TestMeasureAMillionSongs says how much memory the bridge takes for the index of a library of a million songs, whose last
// reading is in the database:
//
//	GOMEMLIMIT=200MiB go test -tags measure -run MeasureAMillion -v ./subsonicbridge
func TestMeasureAMillionSongs(t *testing.T) {
	const million = 1_000_000
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	_, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Amber"), nil) // reads the library, of one song
	w.must(err)
	w.must(playlists.InTx(t.Context(), w.db, func(tx *sql.Tx) error {
		for n := range million {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO subsonic_songs (account_id, generation, song_id, track_key, track)
				SELECT account_id, generation, $1, $1, $2 FROM subsonic_libraries`, fmt.Sprintf("%022d", n),
				fmt.Sprintf(`{"title":"%s %s","artist":"The %s","album":"%s","duration":%d,"track":%d,"year":1999,"mbid":"%08x-0000-4000-8000-%012x"}`,
					invented(n), invented(n%5_000), invented(n/12), invented(n/12*3), 100+n%200, n%12+1, n, n))
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(t.Context(), `UPDATE subsonic_libraries SET songs = $1`, million)
		return err
	}))
	w.clock.pass(3 * 60e9) // the index of one song is idle
	w.must(w.bridge.Tidy(t.Context()))
	before := peak(t)
	seen, err := w.bridge.Preview(t.Context(), w.bob.ID, tracks("Amber", "Birch"), nil)
	w.must(err)
	t.Logf("the peak was %s before, and is %s with an index of a million songs; found: %s", before, peak(t), seen.Rows[0].Class)
}

// peak is the most memory that this process has had.
func peak(t *testing.T) string {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("only Linux tells: ", err)
	}
	return strings.Join(strings.Fields(regexp.MustCompile(`(?m)^VmHWM:.*$`).FindString(string(status)))[1:], " ")
}
