package match

import (
	"regexp"
	"slices"
	"strings"
)

// album is what an album's name says about it and about the takes on it.
type album struct {
	text  string // folded
	words []string
	key   string
	takes []kind // what every track of it is: live, karaoke …
	rank  int    // of the kind of release, lower is the likelier home of a recording
	clean bool
}

// Ranks of releases, after ListenBrainz's canonical order.
const (
	rankAlbum = iota
	rankSingle
	rankSoundtrack
	rankCompilation
	rankLive
	rankMixed
)

var (
	albumLive     = regexp.MustCompile(`\blive (at|in|from|on|album|recordings?|sessions?|!)|[([-] ?live\b|: live\b|\blive[)\]!]*$|^live\b[^a-z]*$|\blive,? (19|20)\d\d|\bunplugged\b|\bin concert\b|\b(en|ao|dal) vivo\b|\bconcerts?\b.*\b(19|20)\d\d`)
	albumKaraoke  = regexp.MustCompile(`\bkaraoke\b|\btribute to\b|\bmade famous by\b|\bin the style of\b`)
	albumAcoustic = regexp.MustCompile(`[([-] ?acoustic\b|\bacoustic(s| sessions?| versions?)?[)\]]*$`)
	albumInstr    = regexp.MustCompile(`[([-] ?instrumentals?\b|\binstrumentals[)\]]*$`)
	albumDemos    = regexp.MustCompile(`\bdemos?[)\]]*$`)
	albumNoise    = regexp.MustCompile(`^(\d{4}|unknown|disc \d+|cd ?\d+|ep|single|lp)$`)
)

func newAlbum(folded, by string) album {
	if folded == "" {
		return album{}
	}
	a := album{text: folded}
	for i, seg := range segments(folded) {
		a.read(strings.TrimSpace(seg), i > 0)
	}
	if len(a.words) == 0 {
		a.words = titleWords(folded)
	}
	if n := len(a.words); n > 1 && (a.words[n-1] == "ep" || a.words[n-1] == "single") {
		a.words = a.words[:n-1]
	}
	a.key = join(a.words)
	if nobody[a.key] || a.key == "unknownalbum" {
		return album{text: folded}
	}
	a.takes = takesOf(folded)
	a.rank = a.rankOf(folded, by)
	return a
}

// telling reports whether an album's name is its own: not "Greatest Hits", "Live" or nothing.
func (a *album) telling() bool {
	return slices.ContainsFunc(a.words, func(w string) bool { return !commonAlbumWords[w] && !isNumber(w) && runes(w) > 1 })
}

var commonAlbumWords = wordSet(`the a an of and greatest hits best very live collection essential ultimate gold anthology singles volume
	christmas album unplugged ep platinum complete definitive early late years songs love classics favorites favourites now unknown original
	soundtrack motion picture compilation various sampler promo remixes karaoke tribute demo demos`)

// read keeps the words of a segment unless it only names the edition.
func (a *album) read(seg string, aside bool) {
	ws := titleWords(seg)
	if aside && (isNeutral(ws) || albumNoise.MatchString(seg)) {
		a.clean = a.clean || slices.Contains(ws, "clean") || slices.Contains(ws, "edited")
		return
	}
	a.words = append(a.words, ws...)
}

// takePatterns, each with words of which one is in all that it matches: most albums are spared the slower pattern.
var takePatterns = []struct {
	kind    kind
	hints   []string
	pattern *regexp.Regexp
}{
	{acoustic, []string{"acoustic"}, albumAcoustic},
	{demo, []string{"demo"}, albumDemos},
	{instrumental, []string{"instrumental"}, albumInstr},
	{karaoke, []string{"karaoke", "tribute to", "made famous", "style of"}, albumKaraoke},
	{live, []string{"live", "unplugged", "concert", "vivo"}, albumLive},
}

func takesOf(folded string) []kind {
	var takes []kind
	for _, t := range takePatterns {
		if containsAny(folded, t.hints...) && t.pattern.MatchString(folded) {
			takes = append(takes, t.kind)
		}
	}
	return takes
}

func containsAny(s string, subs ...string) bool {
	return slices.ContainsFunc(subs, func(sub string) bool { return strings.Contains(s, sub) })
}

func (a *album) rankOf(folded, by string) int {
	says := -1
	for _, w := range a.words {
		if rank, ok := rankWords[w]; ok && (rank != rankMixed || strings.Contains(folded, "mix")) {
			says = max(says, rank)
		}
	}
	switch {
	case says == rankMixed:
		return rankMixed
	case slices.Contains(a.takes, live):
		return rankLive
	case by != "" && nobody[join(words(by))], says == rankCompilation, strings.Contains(folded, "best of"):
		return rankCompilation
	case says == rankSoundtrack, strings.Contains(folded, "motion picture"):
		return rankSoundtrack
	case strings.HasSuffix(folded, " ep"), strings.HasSuffix(folded, "single"):
		return rankSingle
	}
	return rankAlbum
}

// rankWords are words in an album's name that tell what kind of release it is.
var rankWords = map[string]int{
	"dj": rankMixed, "djmix": rankMixed, "mixed": rankMixed, "continuous": rankMixed,
	"greatest": rankCompilation, "hits": rankCompilation, "anthology": rankCompilation, "collection": rankCompilation, "essential": rankCompilation,
	"ultimate": rankCompilation, "compilation": rankCompilation, "gold": rankCompilation, "singles": rankCompilation, "definitive": rankCompilation,
	"platinum": rankCompilation, "soundtrack": rankSoundtrack, "ost": rankSoundtrack, "score": rankSoundtrack,
}
