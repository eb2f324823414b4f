package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/songferry/songferry/playlists/missing"
	"github.com/songferry/songferry/subsonicbridge"
)

// Of a list of what is missing that is read at a terminal, this much is printed.
const (
	maxAlbumsShown = 50
	maxWanting     = 3 // playlists behind a track
)

func printMissing(w io.Writer, l missing.List, g subsonicbridge.Gaps) {
	fmt.Fprintln(w, missingHead(l, g))
	printAlbums(w, l.Get)
	if n, _ := missing.Count(l.Check); n > 0 {
		fmt.Fprintf(w, "\nTo check first, since a song of yours comes near (songferry review list): %s.\n", count(n, "track"))
		printAlbums(w, l.Check)
	}
	if g.Unread > 0 {
		fmt.Fprintf(w, "\nNot looked at yet: %s.\n", count(g.Unread, "playlist"))
	}
	if g.Cut {
		fmt.Fprintln(w, "\nThere is more: only the playlists that were asked for last are in this list.")
	}
}

func missingHead(l missing.List, g subsonicbridge.Gaps) string {
	switch n, wanting := missing.Count(l.Get); {
	case g.Copies == 0:
		return "There is no copy of a playlist whose tracks could be missing."
	case n > 0:
		return fmt.Sprintf("Missing from your library: %s, wanted by %s.", count(n, "track"), count(wanting, "playlist"))
	case len(l.Check) == 0:
		return fmt.Sprintf("Nothing is missing: your library has all tracks of %s.", count(g.Copies, "playlist"))
	}
	return "Nothing is missing for certain."
}

func printAlbums(w io.Writer, albums []missing.Album) {
	for _, a := range albums[:min(len(albums), maxAlbumsShown)] {
		printAlbum(w, a)
	}
	if rest := albums[min(len(albums), maxAlbumsShown):]; len(rest) > 0 {
		n, _ := missing.Count(rest)
		fmt.Fprintf(w, "\n… and %d more, with %s. With --out missing.csv you get all.\n", len(rest), count(n, "track"))
	}
}

// printAlbum prints an album, each of its tracks with why and for whom it is missing, and where to look for it.
func printAlbum(w io.Writer, a missing.Album) {
	fmt.Fprintln(w)
	indent := ""
	if a.Name != "" {
		fmt.Fprintf(w, "%s – %s: %s, for %s\n", orUnknown(a.Artist), a.Name, count(len(a.Tracks), "track"), count(len(a.Playlists), "playlist"))
		indent = "  "
	}
	for _, t := range a.Tracks {
		fmt.Fprintf(w, "%s%s  (%s; for %s)\n", indent, trackName(t, a), t.Why, shortened(t.Wanted()))
	}
	l := a.Links()
	for _, link := range []string{l.MusicBrainz, l.At("Bandcamp"), l.At("Qobuz")} {
		if link != "" {
			fmt.Fprintln(w, "  "+link)
		}
	}
}

func orUnknown(artist string) string {
	if artist == "" {
		return "Unknown artist"
	}
	return artist
}

// trackName is a track's title, with its artist unless the album's heading names that.
func trackName(t missing.Track, a missing.Album) string {
	if a.Name != "" && t.Artist == a.Artist {
		return t.Title
	}
	return orUnknown(t.Artist) + " – " + t.Title
}

func shortened(names []string) string {
	if more := len(names) - maxWanting; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxWanting], ", "), more)
	}
	return strings.Join(names, ", ")
}
