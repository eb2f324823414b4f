//go:build load

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// TestLoadOfMemory: what a bridge takes that holds many playlists of a hundred tracks, ten of each person, and how long it takes to
// start.
func TestLoadOfMemory(t *testing.T) {
	const each = 10
	for _, lists := range loadSizes(t, 10_000) {
		t.Run(fmt.Sprint(lists), func(t *testing.T) {
			p := newPeople(t, max(lists/each, 1), each, 100)
			i := install(t, "SONGFERRY_POLL_INTERVAL=1m", "SONGFERRY_LOG_LEVEL=error", "SONGFERRY_METRICS_LISTEN="+freeAddress(t))
			p.join(i)
			d, begun := i.serve(), time.Now()
			seen := i.watch()
			p.read(i, each)
			t.Logf("%6d playlists: read in %v, CPU %.1f ms each; at most %.0f MB meanwhile; %s", lists, time.Since(begun).Round(time.Second/10),
				micros(d.usage().cpu, lists)/1000, mega(d.usage().peak), seen())
			d.stop()
			publishEverything(i)
			begun = time.Now()
			d = i.serve()
			started := time.Since(begun)
			time.Sleep(70 * time.Second) // each account is polled in it
			u := d.usage()
			t.Logf("%6d playlists: ready after %v; a minute later %.0f MB resident, at most %.0f", lists, started.Round(time.Millisecond), mega(u.resident), mega(u.peak))
		})
	}
}

// TestLoadOfNothing: what the bridge of one person takes while nothing happens, beside a program that has its libraries and does nothing.
func TestLoadOfNothing(t *testing.T) {
	p := newPeople(t, 1, 3, 50)
	i := install(t, "SONGFERRY_POLL_INTERVAL=1m", "SONGFERRY_LOG_LEVEL=error", "SONGFERRY_METRICS_LISTEN="+freeAddress(t))
	p.join(i)
	d := i.serve()
	p.read(i, 3)
	d.stop()
	publishEverything(i)
	d = i.serve()
	time.Sleep(10 * time.Second)
	before, at := d.usage(), time.Now()
	time.Sleep(time.Minute)
	t.Logf("the bridge of one person: %.1f MB resident, %.2f %% of a core", mega(d.usage().resident), 100*d.usage().since(before).Seconds()/time.Since(at).Seconds())
	all, file := bareMemory(t)
	t.Logf("a program with its libraries that does nothing: %.1f MB resident, %.1f of them its own file", mega(all), mega(file))
}

// bareMemory returns the bytes that testdata/bare takes, and how many of them are pages of its file.
func bareMemory(t *testing.T) (all, file int64) {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "bare")
	build := exec.Command("go", "build", "-o", program, "./testdata/bare")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(program, filepath.Join(folder, "bare.db")).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var kB int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d", &kB); err == nil {
			all = kB << 10
		}
		if _, err := fmt.Sscanf(line, "RssFile: %d", &kB); err == nil {
			file = kB << 10
		}
	}
	return all, file
}

func publishEverything(i *installation) {
	i.t.Helper()
	i.inside(func(ctx context.Context, b *bridge) error {
		accounts, err := b.store.Accounts(ctx)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			lists, err := b.store.List(ctx, a.ID)
			if err != nil {
				return err
			}
			for _, l := range lists {
				if _, err := b.store.Publish(ctx, l.ID, playlists.Public); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
