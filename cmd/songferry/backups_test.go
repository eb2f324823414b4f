package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTheNewestBackupsAreKept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for day := range 7 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("songferry-202605%02d-120000.tar.gz", 7-day)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "mine.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := dropOldBackups(folder, 5); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if want := []string{"mine.db", "songferry-20260503-120000.tar.gz", "songferry-20260504-120000.tar.gz", "songferry-20260505-120000.tar.gz", "songferry-20260506-120000.tar.gz", "songferry-20260507-120000.tar.gz"}; !slices.Equal(left, want) {
		t.Errorf("%v", left)
	}
}
