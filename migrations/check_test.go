package migrations_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/songferry/songferry/migrations"
)

func TestADamagedDatabaseIsFoundAndLeftAlone(t *testing.T) {
	t.Parallel()
	u := unpacked(t, frozen(t)[0])
	whole, err := os.ReadFile(u.Database)
	if err != nil {
		t.Fatal(err)
	}
	changed := append(append([]byte{}, whole[:len(whole)/2]...), make([]byte, len(whole)-len(whole)/2)...)
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "cut off": whole[:len(whole)/2], "half zeroes": changed} {
		path := filepath.Join(t.TempDir(), "songferry.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := migrations.Check(t.Context(), path); !errors.Is(err, migrations.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || len(after) != len(data) {
			t.Errorf("%s: it has %d bytes now, %v", name, len(after), err)
		}
	}
}
