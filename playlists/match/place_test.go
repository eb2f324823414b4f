package match

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

// TestASpoiltRowIsKnownByItsPlace: the library has only the second row of each pair.
func TestASpoiltRowIsKnownByItsPlace(t *testing.T) {
	t.Parallel()
	wilco := func(title string, number, seconds int) playlists.Track {
		return playlists.Track{Title: title, Artist: "Wilco", Album: "A Ghost Is Born", Number: number, Duration: seconds}
	}
	with := func(t playlists.Track, change func(*playlists.Track)) playlists.Track {
		change(&t)
		return t
	}
	whole := wilco("Theologians", 10, 216)
	for what, c := range map[string]struct {
		wanted playlists.Track
		class  Class
	}{
		"no title":                       {wilco("", 10, 216), Likely},
		"a placeholder":                  {wilco("n.a.", 10, 217), Likely},
		"its number":                     {wilco("010", 10, 216), Likely},
		"its length":                     {wilco("3:36", 10, 215), Likely},
		"cut short":                      {wilco("Theo", 10, 216), Likely},
		"another script":                 {wilco("Богословы", 10, 216), Likely},
		"no number":                      {wilco("", 0, 216), Likely},
		"no number, other length":        {wilco("", 0, 219), Missing},
		"other number":                   {wilco("", 9, 216), Review},
		"other disc":                     {with(with(whole, func(t *playlists.Track) { t.Title = "Muzzle of Bees" }), func(t *playlists.Track) { t.Disc = 2 }), Missing},
		"other title":                    {wilco("Muzzle of Bees", 10, 216), Review},
		"other title, other length":      {wilco("Muzzle of Bees", 10, 295), Missing},
		"no title, no artist":            {with(wilco("", 10, 216), func(t *playlists.Track) { t.Artist = "" }), Likely},
		"no title, other artist":         {with(wilco("", 10, 216), func(t *playlists.Track) { t.Artist = "Uncle Tupelo" }), Review},
		"title, no artist":               {with(whole, func(t *playlists.Track) { t.Artist = "" }), Likely},
		"title, no artist, no album":     {playlists.Track{Title: "Theologians", Number: 10, Duration: 216}, Likely},
		"artist in the title's place":    {with(wilco("Wilco - ", 10, 216), func(t *playlists.Track) { t.Artist = "" }), Likely},
		"artist and title in one":        {playlists.Track{Title: "Wilco Theologians", Duration: 216}, Likely},
		"nothing but number and length":  {playlists.Track{Title: "010-", Number: 10, Duration: 216}, Review},
		"nothing but number, other year": {playlists.Track{Title: "010-", Number: 10, Duration: 216, Year: 1999}, Missing},
	} {
		file := whole
		file.Year, file.Disc = 2004, 1
		if r := resolve1(c.wanted, "", file); r.Class != c.class {
			t.Errorf("%s: %s, want %s; %+v", what, r.Class, c.class, r.Candidates)
		}
	}
}

func TestLettersThatAProgramLostAreForgiven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lossy, whole string
		ok           bool
	}{
		{"Acs Ckyor", "Acısı Çıkıyor", true}, {"Wenn ich einst gro bin", "Wenn ich einst groß bin", true},
		{"Acs Ckor", "Acısı Çıkıyor", false}, {"Wenn ich einst go bin", "Wenn ich einst groß bin", false},
	} {
		var a, b row
		newReader().read(&playlists.Track{Title: c.lossy}, &a)
		newReader().read(&playlists.Track{Title: c.whole}, &b)
		if got := lossless(&b.readings[0], &a.readings[0]); got != c.ok {
			t.Errorf("%q for %q: %v", c.lossy, c.whole, got)
		}
	}
}

// TestTwoSlipsAlikeAreAnotherName: nobody mistypes title and artist in the same way.
func TestTwoSlipsAlikeAreAnotherName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wanted, file playlists.Track
		auto         bool
	}{
		{playlists.Track{Title: "Ember", Artist: "The Ember Players", Duration: 200}, playlists.Track{Title: "Amber", Artist: "The Amber Players", Duration: 200}, false},
		{playlists.Track{Title: "Ember", Artist: "The Ember Players", Album: "Ember", Duration: 200}, playlists.Track{Title: "Amber", Artist: "The Amber Players", Album: "Amber", Duration: 200}, false},
		{playlists.Track{Title: "Lighthouse Keeper", Artist: "Marlow"}, playlists.Track{Title: "Lighthouse Keeper", Artist: "Harlow"}, false},
		{playlists.Track{Title: "Lighthouse Kepeer", Artist: "The Ambr Players", Duration: 200}, playlists.Track{Title: "Lighthouse Keeper", Artist: "The Amber Players", Duration: 200}, false},
		{playlists.Track{Title: "Lighthouse Kepeer", Artist: "The Ambr Players", Album: "Coastal", Duration: 200}, playlists.Track{Title: "Lighthouse Keeper", Artist: "The Amber Players", Album: "Coastal", Duration: 200}, true},
		{playlists.Track{Title: "Lighthouse Keeper", Artist: "The Ambr Players", Duration: 200}, playlists.Track{Title: "Lighthouse Keeper", Artist: "The Amber Players", Duration: 201}, true},
	} {
		if r := resolve1(c.wanted, "", c.file); r.Class.Automatic() != c.auto {
			t.Errorf("%q by %q → %q by %q: %s", c.wanted.Title, c.wanted.Artist, c.file.Title, c.file.Artist, r.Class)
		}
	}
}
