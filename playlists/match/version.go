package match

import (
	"slices"
	"strings"
)

// kind is a way in which a recording differs from the plain studio take of the same song.
type kind string

const (
	live         kind = "live"
	remix        kind = "remix"
	edit         kind = "edit"
	extended     kind = "extended"
	acoustic     kind = "acoustic"
	demo         kind = "demo"
	instrumental kind = "instrumental"
	karaoke      kind = "karaoke or cover"
	acappella    kind = "a cappella"
	speed        kind = "other speed"
	rerecorded   kind = "re-recorded"
	interlude    kind = "interlude"
	alternate    kind = "alternate take"
	variant      kind = "other version" // named by a word only: "French version"
)

// version is one kind with the words that say which (the remixer, the venue), in order.
type version struct {
	kind kind
	who  []string
}

// place says where in a bracket a word must stand to name a version; "Live and Let Die" is no live take.
type place uint8

const (
	anywhere place = iota
	atEnd          // last, or before a year, "version", "edit" …
	atEdge         // first or last, or before "at", "in", "from" …
	whole          // nothing else in the bracket
)

type versionWord struct {
	kind  kind
	place place
}

var versionWords = map[string]versionWord{
	"live": {live, atEdge}, "unplugged": {live, anywhere}, "concert": {live, atEnd},
	"ライブ": {live, anywhere}, "vivo": {live, atEnd},
	"remix": {remix, anywhere}, "rmx": {remix, anywhere}, "remixed": {remix, anywhere}, "remixes": {remix, anywhere}, "mix": {remix, atEnd}, "dub": {remix, atEnd},
	"rework": {remix, atEnd}, "reworked": {remix, anywhere}, "bootleg": {remix, atEnd}, "vip": {remix, atEnd}, "refix": {remix, atEnd},
	"mashup": {remix, anywhere}, "flip": {remix, atEnd}, "remode": {remix, atEnd}, "ремикс": {remix, anywhere},
	"edit": {edit, atEnd}, "radio": {edit, atEdge}, "cut": {edit, atEnd}, "shortened": {edit, anywhere},
	"extended": {extended, anywhere}, "12inch": {extended, anywhere}, "maxi": {extended, anywhere},
	"acoustic": {acoustic, anywhere}, "akustik": {acoustic, anywhere}, "acustico": {acoustic, anywhere}, "acustica": {acoustic, anywhere},
	"demo": {demo, anywhere}, "demos": {demo, anywhere},
	"instrumental": {instrumental, anywhere}, "instrumentals": {instrumental, anywhere}, "inst": {instrumental, whole},
	"karaoke": {karaoke, anywhere}, "tribute": {karaoke, anywhere}, "cover": {karaoke, atEdge}, "playback": {karaoke, whole},
	"parody": {karaoke, atEdge}, "カラオケ": {karaoke, anywhere}, "караоке": {karaoke, anywhere},
	"acappella": {acappella, anywhere}, "acapella": {acappella, anywhere}, "cappella": {acappella, anywhere}, "capella": {acappella, anywhere},
	"slowed": {speed, anywhere}, "sped": {speed, anywhere}, "nightcore": {speed, anywhere}, "speed": {speed, atEdge},
	"rerecorded": {rerecorded, anywhere}, "rerecording": {rerecorded, anywhere}, "taylors": {rerecorded, anywhere},
	"interlude": {interlude, atEnd}, "intro": {interlude, atEnd}, "outro": {interlude, atEnd}, "skit": {interlude, atEnd}, "reprise": {interlude, atEnd},
	"alternate": {alternate, anywhere}, "alternative": {alternate, anywhere}, "outtake": {alternate, anywhere}, "rehearsal": {alternate, anywhere},
	"take": {alternate, atEdge}, "rough": {alternate, anywhere}, "early": {alternate, atEdge}, "commentary": {alternate, anywhere},
	"version": {variant, atEnd}, "versione": {variant, atEdge}, "arrangement": {variant, atEnd},
}

// phrases that name a version only together, or carry their words split.
var phrases = strings.NewReplacer(
	"re-record", "rerecord", "re record", "rerecord", "a cappella", "acappella", "a capella", "acappella",
	" @ ", " at ", "12\"", "12inch", "12 inch", "12inch", "12-inch", "12inch", "in the style of", "karaoke", "made famous by", "karaoke",
	"originally performed by", "karaoke", "オリジナル・カラオケ", "karaoke", "カラオケ", "karaoke", "ライブ", "live", "ライヴ", "live",
	"オリジナル カラオケ", "karaoke", "mash-up", "mashup", "ver.", "version", "en vivo", "live", "en directo", "live", "ao vivo", "live", "dal vivo", "live", "en public", "live",
)

// plainWords follow or surround the word that names a version without saying which.
var plainWords = wordSet(`version mix the a an of at in from on by and for with recorded performance take original radio edit single album
	remaster remastered mono stereo full length up up extended 12inch inch acoustic live session sessions down off`)

// afterVersion may follow a version word that stands atEnd.
var afterVersion = wordSet(`version edit mix remix cut radio only bonus track remastered remaster mono stereo single master`)

// afterLive follow "live" where it means the take and not the verb.
var afterLive = wordSet(`at in from on version session sessions recording take acoustic bonus track performance studio radio bbc remastered remaster take`)

// neutralWords alone, or together, do not make another recording.
var neutralWords = wordSet(`remaster remastered remasterizado remasterizada remasterd remasterise digital digitally version album single lp ep original
	mono stereo explicit clean censored uncensored dirty edited bonus track deluxe edition anniversary expanded reissue official video
	audio lyric lyrics music hd hq main mix the re mastered full length mastering cd from and with new special itunes amazon
	exclusive only hidden master super legacy hi res standard ost soundtrack motion picture`)

// neutralCores are those of neutralWords that must be there; "the" or "new" alone is a subtitle.
var neutralCores = wordSet(`remaster remastered remasterizado remasterizada remasterd remasterise remastering album single lp original mono stereo explicit clean censored
	uncensored dirty edited bonus deluxe expanded reissue official video audio lyric lyrics hd hq main hidden mastered mastering ost soundtrack anniversary`)

func wordSet(s string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// isNeutral: a bracket such as "2011 Remaster", "Explicit", "Bonus Track", "Original Mix".
func isNeutral(ws []string) bool {
	core := false
	for _, w := range ws {
		if !neutralWords[w] && !isNumber(w) {
			return false
		}
		core = core || neutralCores[w]
	}
	return core
}

// versionsOf reads the versions that a bracket or a part after a dash names; nil when it names none.
func versionsOf(ws []string) []version {
	var kinds []kind
	for i, w := range ws {
		v, ok := versionWordOf(w)
		if ok && v.standsAt(ws, i) && !slices.Contains(kinds, v.kind) {
			kinds = append(kinds, v.kind)
		}
	}
	if len(kinds) > 1 { // "version" adds nothing to a word that says more
		kinds = slices.DeleteFunc(kinds, func(k kind) bool { return k == variant })
	}
	if len(kinds) == 0 {
		return nil
	}
	slices.Sort(kinds)
	out := make([]version, len(kinds))
	for i, k := range kinds {
		out[i] = version{kind: k}
	}
	out[len(out)-1].who = whoOf(ws)
	return out
}

// versionWordOf also knows the longer words with a slip.
func versionWordOf(w string) (versionWord, bool) {
	if v, ok := versionWords[w]; ok || len(w) < minSlipVersion {
		return v, ok
	}
	for _, long := range longVersionWords {
		if likeness(w, long) > 0 {
			return versionWords[long], true
		}
	}
	return versionWord{}, false
}

// minSlipVersion is the least bytes of a version word that is known with a slip; shorter ones are near to other words.
const minSlipVersion = 7

var longVersionWords = []string{"acoustic", "alternate", "acappella", "extended", "instrumental", "karaoke", "unplugged", "rehearsal", "arrangement", "version"}

func (v versionWord) standsAt(ws []string, i int) bool {
	last := i == len(ws)-1
	switch v.place {
	case whole:
		return len(ws) == 1
	case atEnd:
		return last || afterVersion[ws[i+1]] || isNumber(ws[i+1])
	case atEdge:
		return last || i == 0 && (afterLive[ws[1]] || isNumber(ws[1]) || afterVersion[ws[1]] || ws[1] == "of" || ws[1] == "up") ||
			afterLive[ws[i+1]] || isNumber(ws[i+1])
	}
	return true
}

// whoOf returns the words that say which remix, which concert.
func whoOf(ws []string) []string {
	var who []string
	for _, w := range ws {
		if _, names := versionWordOf(w); !names && !plainWords[w] && !slices.Contains(who, w) {
			who = append(who, w)
		}
	}
	return who
}
