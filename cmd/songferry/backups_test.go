package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
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

// TestACopyThatNobodyFinishedIsRemoved: what a process left that died over a backup is not encrypted. One that is being made stays.
func TestACopyThatNobodyFinishedIsRemoved(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, old := range map[string]bool{".songferry-x.db": true, ".songferry-x.db-wal": true, "songferry-20260502-120000.tar.gz.y.part": true,
		".songferry-z.db": false, "songferry-20260501-120000.tar.gz": true, "mine.part": true} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if at := time.Now().Add(-24 * time.Hour); old {
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := dropUnfinished(folder); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if want := []string{".songferry-z.db", "mine.part", "songferry-20260501-120000.tar.gz"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
}
