package match

import (
	"slices"
)

// compareVersions compares what makes another recording of the same song: live, remix by whom, and so on. Titles and,
// for rows from different albums, the albums' names say so.
func (e *evidence) compareVersions(w, f *reading) {
	a, b := w.kinds(), f.kinds()
	if e.albumSame() || !e.albumKnown && (w.album.key == f.album.key) {
		a, b = w.title.kinds(), f.title.kinds()
	}
	for _, k := range a {
		if !slices.Contains(b, k) {
			e.versionDiffers(k, true, len(b) > 0)
			return
		}
	}
	for _, k := range b {
		if !slices.Contains(a, k) {
			e.versionDiffers(k, false, len(a) > 0)
			return
		}
	}
	e.compareWho(&w.title, &f.title)
}

func (e *evidence) versionDiffers(k kind, wanted, both bool) {
	e.versionKind, e.versionWanted, e.version = k, wanted, oneSided
	if both {
		e.version = differs
	}
}

// compareWho compares the words that say which remix, which concert.
func (e *evidence) compareWho(w, f *title) {
	a, b := who(w), who(f)
	if len(w.versions) == 0 || len(f.versions) == 0 || sameWords(a, b) {
		return
	}
	k := w.versions[0].kind
	switch {
	case len(a) > 0 && len(b) > 0:
		e.versionDiffers(k, true, true)
	case k == remix || k == variant:
		e.versionDiffers(k, len(a) > 0, false)
	default:
		e.vague = true
	}
}

func who(t *title) (ws []string) {
	for _, v := range t.versions {
		ws = append(ws, v.who...)
	}
	return ws
}

// sameWords reports whether three quarters of the words agree, slips allowed.
func sameWords(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	if numbersDiffer(a, b) { // Wembley 1985 and 1986
		return false
	}
	if spelling(join(a), join(b)) > 0.85 {
		return true
	}
	common := 0
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool { return likeness(x, y) > 0 }) {
			common++
		}
	}
	return 4*2*common >= 3*(len(a)+len(b))
}

func numbersDiffer(a, b []string) bool {
	lone := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(w string) bool { return isNumber(w) && !slices.Contains(y, w) })
	}
	return lone(a, b) && lone(b, a)
}

func (t *title) kinds() (ks []kind) {
	for _, v := range t.versions {
		ks = append(ks, v.kind)
	}
	return ks
}

func (r *reading) kinds() []kind { return append(r.title.kinds(), r.album.takes...) }
