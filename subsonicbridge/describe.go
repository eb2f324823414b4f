package subsonicbridge

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
)

const (
	// maxComment is in runes; supysonic's column holds 255.
	maxComment = 250
	// maxCurator is how many runes of the owner's name a list's name and comment show.
	maxCurator = 60
	tempPrefix = "Songferry is writing "
)

// markPattern finds the mark in the comment of a list that a Songferry keeps. Its first words are a person's to read.
var markPattern = regexp.MustCompile(`Songferry copy ([a-z0-9]{10})\b`)

// newMark returns what a list is known by when the server gave it a new id.
func newMark() string { return string(playlists.NewID()[:10]) }

// markIn returns the mark in a comment, "" when there is none.
func markIn(comment string) string {
	if m := markPattern.FindStringSubmatch(comment); m != nil {
		return m[1]
	}
	return ""
}

var tempPattern = regexp.MustCompile(`^` + tempPrefix + `[a-z0-9]{26}$`)

func newTempName() string { return tempPrefix + string(playlists.NewID()) }

func isTempName(name string) bool { return tempPattern.MatchString(name) }

// describe brings name and comment up to date, each only as long as the person has not written their own.
func (w *writer) describe(ctx context.Context, list ServerPlaylist) error {
	name, comment := w.listName(), w.listComment()
	renamed := w.m.Name != "" && list.Name != w.m.Name && list.Name != name && !isTempName(list.Name)
	if renamed {
		name = list.Name
	}
	rewritten := list.Comment != "" && list.Comment != comment && list.Comment != w.m.Comment && markIn(list.Comment) != w.m.Mark
	if rewritten {
		comment = list.Comment
	}
	// Not every server shows comments (LMS): one that it was told already counts as there.
	if name != list.Name || comment != list.Comment && comment != w.m.Comment {
		if list.ReadOnly {
			return nil
		}
		if err := w.conn.client.Describe(ctx, list.ID, name, comment); err != nil {
			return fmt.Errorf("name the list: %w", err)
		}
	}
	if !renamed {
		w.m.Name = name
	}
	if !rewritten {
		w.m.Comment = comment
	}
	return w.save(ctx)
}

// listName is the source's name and whose it is.
func (w *writer) listName() string {
	by := curator(w.source)
	if by == "" {
		return w.source.Name
	}
	return w.source.Name + " · " + by
}

func curator(p playlists.Playlist) string {
	by := p.Curator.Name
	if by == "" {
		by = p.Curator.Handle
	}
	return playlists.CleanText(by, maxCurator)
}

// listComment says whose the list is, how much of it was found, and where the rest is. The mark stands near the
// beginning, where a server that cuts comments leaves it.
func (w *writer) listComment() string {
	first := "Songferry copy " + w.m.Mark
	if by := curator(w.source); by != "" {
		first += " of a playlist by " + by
	}
	sentences := []string{first + ".", fmt.Sprintf("%d of %d tracks found in your library.", w.found, len(w.source.Tracks))}
	if w.source.Page != "" {
		sentences = append(sentences, "See all of it: "+w.source.Page)
	}
	return fitting(sentences)
}

// farewell is the comment of a list that stays after its want is over. It has no mark: the list is the person's now.
func farewell(src source) string {
	by := curator(src.Playlist)
	if by == "" {
		by = "somebody else"
	}
	why := "You no longer keep it in step with its source."
	if src.gone {
		why = "Its owner no longer shares it."
	}
	return fitting([]string{"Was a copy of a playlist by " + by + ".", why, "It is an ordinary playlist of yours now."})
}

// fitting joins as many sentences as fit into a comment. One line: gonic keeps comments in a line of a file.
func fitting(sentences []string) string {
	out := sentences[0]
	for _, s := range sentences[1:] {
		if longer := out + " " + s; utf8.RuneCountInString(longer) <= maxComment {
			out = longer
		}
	}
	return strings.TrimSpace(out)
}
