package web

import (
	"fmt"
	"hash/fnv"
	"html/template"
	"strings"
	"time"
	"unicode"

	"github.com/songferry/songferry/playlists"
)

// functions are the words of the templates.
var functions = template.FuncMap{
	"clock":      clock,
	"duration":   isoDuration,
	"summary":    summary,
	"paragraphs": paragraphs,
	"day":        func(t time.Time) string { return t.Format("2 January 2006") },
	"rfc3339":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"breaks":     breaks,
	"tile":       tile,
	"coverOf":    coverOf,
	"source":     func() string { return sourceCode },
}

// clock writes seconds as players do: 3:20, 1:02:03.
func clock(seconds int) string {
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// isoDuration writes seconds as HTML's time element wants them: PT3M20S (ISO 8601).
func isoDuration(seconds int) string {
	out := "PT"
	if h := seconds / 3600; h > 0 {
		out += fmt.Sprintf("%dH", h)
	}
	if m := seconds / 60 % 60; m > 0 {
		out += fmt.Sprintf("%dM", m)
	}
	if s := seconds % 60; s > 0 || out == "PT" {
		out += fmt.Sprintf("%dS", s)
	}
	return out
}

// summary says how long a playlist is: "24 tracks · 1 h 32 min". The time is left out when no track tells its own.
func summary(tracks, seconds int) string {
	count := fmt.Sprintf("%d tracks", tracks)
	if tracks == 1 {
		count = "1 track"
	}
	minutes := (seconds + 30) / 60
	switch {
	case seconds <= 0:
		return count
	case minutes < 60:
		return fmt.Sprintf("%s · %d min", count, max(minutes, 1))
	}
	return fmt.Sprintf("%s · %d h %d min", count, minutes/60, minutes%60)
}

func totalSeconds(tracks []playlists.Track) int {
	sum := 0
	for _, t := range tracks {
		sum += t.Duration
	}
	return sum
}

// paragraphs splits plain text at its empty lines.
func paragraphs(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// excerpt is the beginning of a text in one line, for previews.
func excerpt(text string, max int) string {
	line := strings.Join(strings.Fields(text), " ")
	if short := playlists.CleanText(line, max); short != line {
		return short + "…"
	}
	return line
}

// breaks splits a handle or an address where a line may end: before its host, after its slashes.
func breaks(s string) []string {
	if host := strings.LastIndex(s, "@"); host > 0 {
		return []string{s[:host], s[host:]}
	}
	return strings.SplitAfter(s, "/")
}

// hue gives a name one of the style sheet's twelve colours, always the same.
func hue(name string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash takes everything
	return int(h.Sum32() % 12)
}

// fileName makes a playlist's name safe as the name of a file on every system: letters, digits and single spaces.
func fileName(name, extension string) string {
	const longest = 60 // runes
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return ' '
	}, name)
	name = playlists.CleanText(strings.Join(strings.Fields(name), " "), longest)
	if name == "" {
		name = "playlist"
	}
	return name + "." + extension
}

// shellQuote writes s as one word of a POSIX shell, whatever it holds.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
