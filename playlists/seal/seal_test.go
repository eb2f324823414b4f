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
