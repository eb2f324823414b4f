package web

import (
	"fmt"
	"hash/fnv"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/liner"
)

// functions are what the templates of one language can say.
func (w words) functions() template.FuncMap {
	return template.FuncMap{
		"say":      w.say,
		"rich":     w.rich,
		"count":    w.count,
		"clock":    clock,
		"duration": isoDuration,
		"summary":  w.summary,
		"locale":   w.locale,
		"liner":    linerNotes,
		"plain":    plainText,
		"day":      w.day,
		"who":      w.who,
		"upTo":     w.upTo,
		"tells":    func(s playlists.Sentence) string { return s.In(w.say) },
		"size":     w.size,
		"holds":    w.holds,
		"widest":   w.widest,
		"rfc3339":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"breaks":   breaks,
		"tile":     tile,
		"coverOf":  coverOf,
		"source":   func() string { return sourceCode },
		"args":     args,
		"next":     func(i int) int { return i + 1 },
		"bdi":      bdi,
		"changed":  w.changed,
	}
}

// args makes the argument of a template that takes several, from names and values in turn.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("args: a name without a value")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: %v is no name", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

// bdi is a stranger's text as part of a sentence of ours: whichever way it is read, the sentence stays in order.
func bdi(text string) template.HTML {
	return template.HTML("<bdi>" + template.HTMLEscapeString(text) + "</bdi>")
}

// linerNotes shows Markdown. Package liner lets nothing through that could be more than text and links.
func linerNotes(markdown string) template.HTML { return template.HTML(liner.HTML(markdown)) }

// plainText shows text of several paragraphs.
func plainText(text string) template.HTML { return template.HTML(liner.Plain(text)) }

// locale is the language as OpenGraph wants it, which asks for a country too.
func (w words) locale() string {
	if w.language == "fr" {
		return "fr_FR"
	}
	return "en_US"
}

// day writes a date.
func (w words) day(t time.Time) string {
	months := []string{w.say("January"), w.say("February"), w.say("March"), w.say("April"), w.say("May"), w.say("June"), w.say("July"),
		w.say("August"), w.say("September"), w.say("October"), w.say("November"), w.say("December")}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// span writes a length of time as people say it, rounded up.
func (w words) span(d time.Duration) string {
	minutes := max(int((d+time.Minute-1)/time.Minute), 1)
	switch {
	case minutes < 60:
		return w.count(minutes, "%d minute", "%d minutes")
	case minutes < 24*60:
		return w.count((minutes+59)/60, "%d hour", "%d hours")
	}
	return w.count((minutes+24*60-1)/(24*60), "%d day", "%d days")
}

// ago writes how long something is past.
func (w words) ago(d time.Duration) string {
	if d < time.Minute {
		return w.say("just now")
	}
	return w.say("%s ago", w.span(d))
}

// size writes a number of bytes.
func (w words) size(bytes int64) string {
	const unit = 1000
	switch {
	case bytes >= unit*unit*unit:
		return w.say("%.1f GB", float64(bytes)/unit/unit/unit)
	case bytes >= unit*unit:
		return w.say("%.1f MB", float64(bytes)/unit/unit)
	}
	return w.say("%d kB", (bytes+unit-1)/unit)
}

// clock writes seconds as players do: 3:20, 1:02:03.
func clock(seconds int) string {
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return strconv.Itoa(seconds/60) + ":" + strconv.Itoa(seconds%60 + 100)[1:]
}

// isoDuration writes seconds as HTML's time element wants them: PT3M20S (ISO 8601).
func isoDuration(seconds int) string {
	out := "PT"
	if h := seconds / 3600; h > 0 {
		out += strconv.Itoa(h) + "H"
	}
	if m := seconds / 60 % 60; m > 0 {
		out += strconv.Itoa(m) + "M"
	}
	if s := seconds % 60; s > 0 || out == "PT" {
		out += strconv.Itoa(s) + "S"
	}
	return out
}

// summary says how long a playlist is: "24 tracks · 1 h 32 min". The time is left out when no track tells its own.
func (w words) summary(tracks, seconds int) string {
	count := w.count(tracks, "%d track", "%d tracks")
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
