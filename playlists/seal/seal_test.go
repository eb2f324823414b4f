package seal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/songferry/songferry/playlists/seal"
)

func TestASealedSecretOpensOnlyWithItsKeyAndLabel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := load(t, filepath.Join(dir, "a"))
	sealed := key.Seal([]byte("hunter2"), "subsonic:1")
	if bytes.Contains(sealed, []byte("hunter2")) {
		t.Fatal("the secret can be read")
	}
	plain, err := load(t, filepath.Join(dir, "a")).Open(sealed, "subsonic:1")
	if err != nil || string(plain) != "hunter2" {
		t.Errorf("opened %q, %v", plain, err)
	}
	if _, err := key.Open(sealed, "subsonic:2"); err == nil {
		t.Error("it opens under another label")
	}
	if _, err := load(t, filepath.Join(dir, "b")).Open(sealed, "subsonic:1"); err == nil {
		t.Error("it opens with another key")
	}
}

func TestAHashFollowsFromTheKeyTheTextAndTheLabel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hash := load(t, filepath.Join(dir, "a")).Hash("198.51.100.7", "client")
	if again := load(t, filepath.Join(dir, "a")).Hash("198.51.100.7", "client"); !bytes.Equal(hash, again) {
		t.Error("another process makes another")
	}
	for what, other := range map[string][]byte{
		"text":  load(t, filepath.Join(dir, "a")).Hash("198.51.100.8", "client"),
		"label": load(t, filepath.Join(dir, "a")).Hash("198.51.100.7", "name"),
		"key":   load(t, filepath.Join(dir, "b")).Hash("198.51.100.7", "client"),
	} {
		if bytes.Equal(hash, other) {
			t.Errorf("another %s makes the same", what)
		}
	}
}

func TestTheKeyFileIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	load(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestADamagedKeyFileIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("not a key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.LoadKey(path); err == nil {
		t.Error("it was taken")
	}
}

func load(t *testing.T, path string) *seal.Key {
	t.Helper()
	k, err := seal.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
