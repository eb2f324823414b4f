package supysonictest

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// File is a music file to make: silence of the given length, with real tags. A zero field leaves its tag out.
type File struct {
	Path        string // slash-separated, inside the library; .flac, .ogg or .mp3 chooses the format
	Title       string
	Artist      string
	Album       string
	AlbumArtist string
	Track       int
	Disc        int
	Year        int
	MBID        string // MusicBrainz recording; not readable from .mp3, whose UFID frame ffmpeg cannot write
	ISRC        string
	Seconds     int // length; 0 means 3
}

// filesPerCall keeps ffmpeg's argument list and its number of open files far from any limit.
const filesPerCall = 50

// MakeFiles makes files inside dir and the folders between. One ffmpeg makes many: starting it costs more than a file.
func MakeFiles(t testing.TB, dir string, files ...File) {
	t.Helper()
	for some := range slices.Chunk(files, filesPerCall) {
		args := []string{"-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono"}
		for _, f := range some {
			path := filepath.Join(dir, filepath.FromSlash(f.Path))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			args = append(args, f.output(path)...)
		}
		if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
			t.Fatalf("ffmpeg (apt-get install ffmpeg) could not make the music files: %v\n%s", err, out)
		}
	}
}

// output returns the arguments that make ffmpeg write f to path.
func (f File) output(path string) []string {
	isrc := "ISRC"
	if filepath.Ext(path) == ".mp3" {
		isrc = "TSRC" // the frame of ID3v2
	}
	args := []string{"-t", strconv.Itoa(cmp.Or(f.Seconds, 3))}
	for _, tag := range [][2]string{
		{"title", f.Title}, {"artist", f.Artist}, {"album", f.Album}, {"album_artist", f.AlbumArtist},
		{"track", number(f.Track)}, {"disc", number(f.Disc)}, {"date", number(f.Year)},
		{"MUSICBRAINZ_TRACKID", f.MBID}, {isrc, f.ISRC},
	} {
		if tag[1] != "" {
			args = append(args, "-metadata", tag[0]+"="+tag[1])
		}
	}
	// "file:", so that no name is read as an option or a protocol.
	return append(args, "file:"+path)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
