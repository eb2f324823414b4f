package match

import (
	"fmt"
	"slices"
	"strings"
)

// What is a finding about a field.
type What string

const (
	Same      What = "same"
	Similar   What = "similar" // library: it has the artist, not the song
	Part      What = "part"    // artists: some in common; title: on one side only; library: only another version of the song
	Differs   What = "differs" // and that is a reason against
	Unknown   What = "unknown" // one row does not say
	Absent    What = "absent"  // the library has nothing of the kind
	Ambiguous What = "ambiguous"
)

// Reason is one finding about a pair of rows, or about a row and the whole library. It is kept as data, so that pages
// can show it in their own way.
type Reason struct {
	Field  string `json:"field"` // id, isrc, title, artist, album, duration, version, number, choice, order, library
	What   What   `json:"what"`
	Remote string `json:"remote,omitempty"` // of the wanted row
	Local  string `json:"local,omitempty"`  // of the file
	Note   string `json:"note,omitempty"`   // title: what was left out; version, library: which version; choice: see preference
	Delta  int    `json:"delta,omitempty"`  // duration: seconds the file is longer
}

// String says it in a few plain words.
func (r Reason) String() string {
	switch r.Field {
	case "id":
		return choice(r.What == Same, "same recording id", "other recording id")
	case "isrc":
		return choice(r.What == Same, "same ISRC", "other ISRC")
	case "title":
		return r.titleString()
	case "artist":
		return r.artistString()
	case "album":
		return map[What]string{Same: "same album", Similar: "similar album", Differs: "other album"}[r.What]
	case "duration":
		return r.durationString()
	case "version":
		return r.versionString()
	case "order":
		return "title and artist exchanged"
	case "number":
		return "not chosen: other number in the title"
	case "choice":
		return r.choiceString()
	}
	return r.libraryString()
}

func choice(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func (r Reason) titleString() string {
	switch {
	case r.What == Same && r.Note != "":
		return "title same after dropping “" + r.Note + "”"
	case r.What == Same:
		return "title same"
	case r.What == Similar:
		return "title similar: “" + r.Local + "”"
	case r.What == Ambiguous:
		return "title says too little"
	}
	return "other title: “" + r.Local + "”"
}

func (r Reason) artistString() string {
	switch r.What {
	case Same:
		return "artist same"
	case Part:
		return "an artist in common"
	case Similar:
		return "artist similar: “" + r.Local + "”"
	case Unknown:
		return "artist cannot be compared"
	}
	return "other artist: “" + r.Local + "”"
}

func (r Reason) durationString() string {
	switch {
	case abs(r.Delta) <= 1:
		return "same length"
	case r.Delta > 0:
		return fmt.Sprintf("%d s longer", r.Delta)
	}
	return fmt.Sprintf("%d s shorter", -r.Delta)
}

func (r Reason) versionString() string {
	if r.What == Part {
		return r.Note + ", which was not asked for"
	}
	return "not chosen: " + r.whichVersion()
}

// whichVersion names the version that a file is, or is not.
func (r Reason) whichVersion() string {
	return choice(r.Local != "", r.Note, "not the "+r.Note+" asked for")
}

// choiceString says why another file of the recording was chosen, or this one.
func (r Reason) choiceString() string {
	if r.What == Same {
		return "on the release that other tracks of its album were found on"
	}
	switch r.Note {
	case "recording":
		return "not chosen: less alike"
	case "album":
		return "not chosen: on another album than the one chosen"
	case "marking":
		return "not chosen: the one chosen is censored, or not, as asked for"
	case "length":
		return "not chosen: the one chosen is nearer in length"
	case "release":
		return "not chosen: albums come before singles, compilations and concerts"
	case "score":
		return "not chosen: less alike"
	}
	return "not chosen: as good as the one chosen"
}

func (r Reason) libraryString() string {
	switch r.What {
	case Ambiguous:
		return "another file fits as well"
	case Part:
		return "only another version is here" + choice(r.Note != "", ": "+r.whichVersion(), "")
	case Similar:
		return "the artist is here, not this song"
	}
	return "nothing like it is here"
}

// reasons explains a pair, strongest evidence first.
func (p *pair) reasons(w *row) []Reason {
	out := make([]Reason, 0, 6)
	if p.sameID || p.otherID {
		out = append(out, Reason{Field: "id", What: sameOr(p.sameID, Differs)})
	}
	if p.sameISRC || p.otherISRC {
		out = append(out, Reason{Field: "isrc", What: sameOr(p.sameISRC, Differs)})
	}
	out = append(out, p.titleReason(w), p.artistReason(w))
	if v := p.versionReason(); v.What != "" {
		out = append(out, v)
	}
	if p.gates&(otherNumber|loneNumber) != 0 {
		out = append(out, Reason{Field: "number", What: Differs, Remote: w.track.Title, Local: p.s.Title})
	}
	if p.durationKnown {
		out = append(out, Reason{Field: "duration", What: sameOr(p.within(1), Similar), Delta: p.delta})
	}
	if p.albumKnown {
		out = append(out, Reason{Field: "album", What: p.albumFinding(), Remote: w.track.Album, Local: p.s.Album})
	}
	if p.gates&twoFit != 0 {
		out = append(out, Reason{Field: "library", What: Ambiguous})
	}
	return out
}

func sameOr(same bool, other What) What {
	if same {
		return Same
	}
	return other
}

func (p *pair) albumFinding() What {
	switch {
	case p.album == 1:
		return Same
	case p.albumSame():
		return Similar
	}
	return Differs
}

func (p *pair) titleReason(w *row) Reason {
	r := Reason{Field: "title", Remote: w.track.Title, Local: p.s.Title}
	switch {
	case p.gates&genericTitle != 0:
		r.What = Ambiguous
	case p.titleSame:
		r.What, r.Note = Same, p.dropped(w)
	case p.title >= reviewTitle:
		r.What = Similar
	default:
		r.What = Differs
	}
	return r
}

// dropped returns what one of the titles has beyond the other, as it is written there.
func (p *pair) dropped(w *row) string {
	for _, d := range p.w.title.dropped {
		if !slices.Contains(p.f.title.dropped, d) {
			return asWritten(w.track.Title, d)
		}
	}
	for _, d := range p.f.title.dropped {
		if !slices.Contains(p.w.title.dropped, d) {
			return asWritten(p.s.Title, d)
		}
	}
	return ""
}

// asWritten finds folded text in the title that it came from.
func asWritten(title, folded string) string {
	lower := strings.ToLower(title)
	if i := strings.Index(lower, folded); i >= 0 && len(lower) == len(title) {
		return title[i : i+len(folded)]
	}
	return folded
}

func (p *pair) artistReason(w *row) Reason {
	r := Reason{Field: "artist", Remote: w.track.Artist, Local: p.s.Artist}
	switch {
	case !p.artistKnown:
		r.What = Unknown
	case p.artistSame:
		r.What = Same
	case p.artist >= 0.95:
		r.What = Part
	case p.gates&otherArtist == 0:
		r.What = Similar
	default:
		r.What = Differs
	}
	return r
}

// versionReason is about another version; the zero Reason where it is the one asked for, or nothing tells which it is.
func (p *pair) versionReason() Reason {
	if p.version == agrees && p.gates&otherVersion != 0 && p.words.version != "" {
		return Reason{Field: "version", What: Differs, Note: string(p.words.version), Local: p.s.Title}
	}
	if p.version == agrees {
		return Reason{}
	}
	r := Reason{Field: "version", What: Differs, Note: string(p.versionKind)}
	if p.class.Automatic() {
		r.What = Part
	}
	switch {
	case !p.versionWanted:
		r.Local = string(p.versionKind)
	case p.version == differs:
		r.Remote, r.Local, r.Note = string(p.versionKind), string(p.versionKind), p.versionInstead()
	default:
		r.Remote = string(p.versionKind)
	}
	return r
}

// versionInstead names the version that the file is where another one was asked for.
func (p *pair) versionInstead() string {
	asked := p.w.kinds()
	for _, k := range p.f.kinds() {
		if !slices.Contains(asked, k) {
			return string(k)
		}
	}
	return "another " + string(p.versionKind)
}

// missingWhy explains why nothing was chosen, from the candidates that came nearest. artistHere: the library has something by
// the wanted artist.
func missingWhy(ps pairs, artistHere bool) []Reason {
	for i := range ps {
		if ps[i].titleSame && ps[i].artist >= 0.8 && ps[i].gates&(clashVersion|otherVersion) != 0 {
			v := ps[i].versionReason()
			return []Reason{{Field: "library", What: Part, Local: v.Local, Note: v.Note}}
		}
		artistHere = artistHere || ps[i].artist >= 0.8
	}
	return []Reason{{Field: "library", What: whatOf(artistHere)}}
}

func whatOf(artistHere bool) What {
	if artistHere {
		return Similar
	}
	return Absent
}
