package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/archive"
)

var (
	about    = archive.About{Made: time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC), Version: "v1.2.3", Schema: 26, Address: "https://music.example"}
	key      = []byte("c2VjcmV0\n")
	database = bytes.Repeat([]byte("SQLite format 3, as it were. "), 10_000)
)

func TestWhatIsPackedIsUnpackedAndForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"", "correct horse"} {
		packed := pack(t, password)
		u, err := archive.Unpack(bytes.NewReader(packed), t.TempDir(), password)
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string][]byte{u.Key: key, u.Database: database} {
			got, err := os.ReadFile(path)
			info, _ := os.Stat(path)
			if err != nil || !bytes.Equal(got, want) || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %d bytes, %v, %v", path, len(got), info.Mode(), err)
			}
		}
		want := about
		if want.Format = 1; u.About != want {
			t.Errorf("%+v", u.About)
		}
		if readable := bytes.HasPrefix(packed, []byte("\x1f\x8b")); readable == (password != "") {
			t.Errorf("with password %q it begins %.30q", password, packed)
		}
	}
}

func TestAnEncryptedArchiveOpensWithItsPasswordOnly(t *testing.T) {
	t.Parallel()
	packed := pack(t, "correct horse")
	for _, password := range []string{"", "wrong"} {
		if _, err := archive.Unpack(bytes.NewReader(packed), t.TempDir(), password); !errors.Is(err, archive.ErrPassword) {
			t.Errorf("with %q: %v", password, err)
		}
	}
}

// An archive may have been cut off, or changed at any place: then nobody takes it for whole.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	whole := pack(t, "")
	for at := 0; at < len(whole); at += 1 + len(whole)/200 {
		changed := bytes.Clone(whole)
		changed[at] ^= 0xff
		for name, data := range map[string][]byte{"cut off": whole[:at], "changed": changed} {
			u, err := archive.Unpack(bytes.NewReader(data), t.TempDir(), "")
			if errors.Is(err, archive.ErrFormat) {
				continue
			}
			if name == "changed" && at < 10 && err == nil && same(t, u) {
				continue // gzip's head has a time and a system in it that mean nothing
			}
			t.Errorf("%s at %d of %d: %v", name, at, len(whole), err)
		}
	}
}

func same(t *testing.T, u archive.Unpacked) bool {
	t.Helper()
	got, err := os.ReadFile(u.Database)
	return err == nil && bytes.Equal(got, database)
}

// Names in an archive are no paths, and lengths no promises.
func TestAHostileArchiveWritesNothingElsewhere(t *testing.T) {
	t.Parallel()
	const ours = `{"format":1}`
	for name, entries := range map[string][]entry{
		"another name":    {{"about.json", ours}, {"../songferry.key", "x"}, {"songferry.db", "x"}},
		"another order":   {{"songferry.key", "x"}, {"about.json", ours}, {"songferry.db", "x"}},
		"a later format":  {{"about.json", `{"format":2}`}, {"songferry.key", "x"}, {"songferry.db", "x"}},
		"no JSON":         {{"about.json", "hello"}, {"songferry.key", "x"}, {"songferry.db", "x"}},
		"an endless key":  {{"about.json", ours}, {"songferry.key", string(make([]byte, 5<<10))}, {"songferry.db", "x"}},
		"no database":     {{"about.json", ours}, {"songferry.key", "x"}},
		"nothing at all":  nil,
		"an endless tail": {{"about.json", ours}, {"songferry.key", "x"}, {"songferry.db", "x"}, {"more", string(make([]byte, 2<<20))}},
	} {
		folder := filepath.Join(t.TempDir(), "in")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Unpack(tarred(t, entries), folder, ""); !errors.Is(err, archive.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
		if beside, _ := filepath.Glob(filepath.Join(folder, "..", "*")); len(beside) != 1 {
			t.Errorf("%s: wrote %v", name, beside)
		}
	}
}

type entry struct{ name, text string }

func tarred(t *testing.T, entries []entry) io.Reader {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for _, e := range entries {
		err := w.WriteHeader(&tar.Header{Name: e.name, Mode: 0o777, Size: int64(len(e.text))})
		if _, err2 := io.WriteString(w, e.text); err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return &out
}

// A folder that cannot be written is not the archive's fault.
func TestAFullDiskIsNoDamage(t *testing.T) {
	t.Parallel()
	_, err := archive.Unpack(bytes.NewReader(pack(t, "")), filepath.Join(t.TempDir(), "no such folder"), "")
	if err == nil || errors.Is(err, archive.ErrFormat) {
		t.Error(err)
	}
}

func pack(t *testing.T, password string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(path, database, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if err := archive.Write(&out, about, key, f, password); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
