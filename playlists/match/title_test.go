package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestFoldKeepsEveryScriptAndUnifiesNotation(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Jóga":                   "joga",
		"Sigur Rós – Ágætis":     "sigur ros - agaetis",
		"Sweet Child o’ Mine":    "sweet child o mine",
		"Motörhead":              "motorhead",
		"Ёлка й":                 "елка и",
		"ΑΓΆΠΗΣ":                 "αγαπησ",
		"ＡＢＣ　１２３":                "abc 123",
		"【東方】がくせい":               "[東方]がくせい",
		"ｶﾞﾝﾀﾞﾑ":                 "ガンダム",
		"방탄소년단":                  "방탄소년단",
		"हिन्दी":                 "हिन्दी",
		"ภาษาไทย":                "ภาษาไทย",
		"שָׁלוֹם":                "שלום",
		"Str\u200ding\u200b":     "string",
		"Carol_Noonan":           "carol noonan",
		"No\u00a0break \ufffd x": "no break  x",
		"Ørsted Łódź Straße":     "orsted lodz strasse",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"İstanbul", "ﬁne ﬀ", "Ǆ", "ẞ", "㌔", "¼ cup", "ſtar", "가나다", "ゔ", "Ω"} {
		if once := fold(s); fold(once) != once {
			t.Errorf("fold(%q) = %q, again %q", s, once, fold(once))
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"guns n roses":    "guns n roses",
		"simon & garf":    "simon and garf",
		"party in u.s.a.": "party in usa",
		"r.e.m.":          "rem",
		"a$ap p!nk yes!":  "a$ap p!nk yes",
		"!!!":             "!!!",
		"007":             "7",
		"崎元仁":             "崎元 元仁",
		"ac/dc":           "ac dc",
	} {
		if got := strings.Join(words(in), " "); got != want {
			t.Errorf("words(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTitlesWriteNumbersInOneWay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"another brick, pt. ii": "another brick part 2",
		"part two":              "part 2",
		"i. allegro":            "1 allegro",
		"symphony: iv. presto":  "symphony 4 presto",
		"fragment an sich i":    "fragment an sich 1",
		"i want you":            "i want you",
		"me and i, and you":     "me and i and you",
		"vol. 01":               "volume 1",
	} {
		if got := strings.Join(titleWords(in), " "); got != want {
			t.Errorf("titleWords(%q) = %q, want %q", in, got, want)
		}
	}
}

// describe writes a parsed title as "name | version(who) … | feat guests | dropped".
func describe(t title) string {
	var b strings.Builder
	b.WriteString(strings.Join(t.words, " "))
	for _, v := range t.versions {
		fmt.Fprintf(&b, " | %s(%s)", v.kind, strings.Join(v.who, " "))
	}
	for _, g := range t.feats {
		b.WriteString(" | feat " + g)
	}
	for _, d := range t.dropped {
		b.WriteString(" | -" + d)
	}
	return b.String()
}

func TestTitlesAreParsedNotCut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Track Title":                                 "track title",
		"Track Title - Remastered 2015":               "track title | -remastered 2015",
		"Track Title [2011 - Remaster]":               "track title | -2011 - remaster",
		"Track Title (Album Version)":                 "track title | -album version",
		"Track Title - Mono Version":                  "track title | -mono version",
		"Track Title (Original Mix)":                  "track title | -original mix",
		"Track Title [Explicit]":                      "track title | -explicit",
		"Track Title (From \"Frozen\")":               "track title | -from \"frozen\"",
		"Track Title - Live":                          "track title | live()",
		"Track Title (Live at Wembley, 1986)":         "track title | live(wembley 1986)",
		"Track Title - Live @ Moon":                   "track title | live(moon)",
		"Track Title (MTV Unplugged)":                 "track title | live(mtv)",
		"Track Title (Live Acoustic Version)":         "track title | acoustic() | live()",
		"Live and Let Die":                            "live and let die",
		"Song (Live and Let Die)":                     "song live and let die",
		"Live":                                        "live",
		"(Remix)":                                     "remix",
		"Paradise (Tiësto Remix)":                     "paradise | remix(tiesto)",
		"Dangerous [Robin Schulz Remix] [Radio Edit]": "dangerous | edit() | remix(robin schulz)",
		"Potions - Acoustic":                          "potions | acoustic()",
		"Song (Demo)":                                 "song | demo()",
		"Song (Instrumental)":                         "song | instrumental()",
		"Song (Karaoke Version)":                      "song | karaoke or cover()",
		"Song (In the Style of Abba)":                 "song | karaoke or cover(abba)",
		"Song (A Cappella)":                           "song | a cappella()",
		"Song (Extended Mix)":                         "song | extended() | remix()",
		"Song (slowed + reverb)":                      "song | other speed(reverb)",
		"Песня (Speed Up)":                            "песня | other speed()",
		"Love Story (Taylor's Version)":               "love story | re-recorded()",
		"Song (Re-Recorded)":                          "song | re-recorded()",
		"Action (interlude)":                          "action | interlude()",
		"ホームワーク (オリジナル・カラオケ)":                         "ホー ーム ムワ ワー ーク | karaoke or cover()",
		"Song (French Version)":                       "song | other version(french)",
		"Song (feat. Echosmith)":                      "song | feat echosmith",
		"Song ft. A & B (C Remix)":                    "song | remix(c) | feat a & b",
		"Drift Away":                                  "drift away",
		"Old Weakness (Coming on Strong)":             "old weakness coming on strong",
		"(I Can't Get No) Satisfaction":               "satisfaction i cant get no",
		"[untitled]":                                  "untitled",
		"Unbalanced (bracket":                         "unbalanced bracket",
		"Stray) bracket":                              "stray bracket",
		"":                                            "",
	} {
		if got := describe(parseTitle(fold(in), "", nil)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestABracketThatRestatesTheAlbumIsNoVersion(t *testing.T) {
	t.Parallel()
	got := describe(parseTitle(fold("Born Again (Live at Sqeueze)"), fold("Live at Squeeze"), nil))
	if want := "born again | -live at sqeueze"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCreditsNameTheSameArtists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Zedd feat. Echosmith", "Zedd", true},
		{"Skrillex & Diplo", "Skrillex , Diplo", true},
		{"Diplo; Skrillex", "Skrillex & Diplo", true},
		{"Simon & Garfunkel", "Simon and Garfunkel", true},
		{"The Beatles", "Beatles, The", true},
		{"AC/DC", "AC/DC", true},
		{"Ja Rule ft. Ashanti", "Ja Rule (featuring Ashanti)", true},
		{"Queen", "Queen & David Bowie", false},
		{"The Amazing Bongo Hop", "The Bongo Hop", false},
		{"Various Artists", "V.A.", true}, // neither names anybody
	} {
		a, b := newCredit(fold(c.a), nil), newCredit(fold(c.b), nil)
		if got := sameArtists(&a, &b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
	if va := newCredit("various artists", nil); va.known() {
		t.Error("Various Artists is taken for an artist")
	}
}

func TestAlbumsTellWhatTheirTracksAre(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]kind{
		"Live at Vallhall": {live}, "MTV Unplugged in New York": {live}, "Alive (Live)": {live}, "Potions (Acoustic)": {acoustic},
		"Karaoke Hits": {karaoke}, "Live Through This": nil, "Hunting High and Low": nil, "Long Live the King": nil,
	} {
		if got := newAlbum(fold(in), "").takes; !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func TestAMissingArtistOrAlbumIsReadOutOfTheTitle(t *testing.T) {
	t.Parallel()
	var r row
	newReader().read(&playlists.Track{Title: "Pink Floyd - Astronomy Domine - The Piper"}, &r)
	var got []string
	for _, d := range r.readings {
		got = append(got, d.by.main.key+"/"+d.title.key+"/"+d.album.key)
	}
	if !slices.Contains(got, "pinkfloyd/astronomydominethepiper/") || !slices.Contains(got, "/pinkfloydastronomydomine/thepiper") {
		t.Errorf("readings %v", got)
	}
}

func TestTheTrackNumberLeavesTheTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		title  string
		number int
		want   string
	}{
		{"012-deja vu", 12, "deja vu"}, {"12. deja vu", 12, "deja vu"}, {"01 - deja vu", 0, "deja vu"}, {"a1 - deja vu", 0, "deja vu"}, {"007deja vu", 7, "deja vu"},
		{"99 problems", 3, "99 problems"}, {"7 - seven", 3, "7 - seven"}, {"b2b", 2, "b2b"}, {"50ft queenie", 50, "50ft queenie"}, {"007", 7, "007"}, {"1-800-273-8255", 3, "1-800-273-8255"},
	} {
		if got := cutNumber(c.title, c.number); got != c.want {
			t.Errorf("cutNumber(%q, %d) = %q, want %q", c.title, c.number, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"hurt", "hurt", 0}, {"hurt", "hrut", 1}, {"hurt", "hut", 1}, {"hurt", "help", 3}, {"", "abc", 3}, {"ночь", "ноч", 1},
		{strings.Repeat("a", 200), strings.Repeat("a", 199), 4},
	} {
		if got := distance(c.a, c.b, 3); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestKeyForgetsEditionsAndKeepsVersions(t *testing.T) {
	t.Parallel()
	same := []playlists.Track{
		{Title: "Jóga", Artist: "Björk"}, {Title: "Joga - 2011 Remaster", Artist: "Bjork", Album: "Homogenic", MBID: "x", Duration: 305},
	}
	if a, b := Key(same[0]), Key(same[1]); a != b || a != "bjork|joga" {
		t.Errorf("keys %q and %q", a, b)
	}
	if got := Key(playlists.Track{Title: "Jóga (Alec Empire mix)", Artist: "Björk"}); got != "bjork|joga|remix alec empire" {
		t.Errorf("key %q", got)
	}
}

func FuzzReadingARow(f *testing.F) {
	f.Add("012-Deja Vu (feat. X) [Live] - 2011 Remaster", "A & B ft. C", "Album (Deluxe)", 12)
	f.Add("(((((", " - ", "【", 0)
	f.Add("WhereTheWildThingsAre", "\xff\xfe", "ｶﾞ", -1)
	f.Fuzz(func(t *testing.T, title, artist, album string, number int) {
		track := playlists.Track{Title: title, Artist: artist, Album: album, Number: number}
		if a, b := Key(track), Key(track); a != b {
			t.Errorf("two keys: %q, %q", a, b)
		}
		var w row
		newReader().read(&track, &w)
		for _, r := range w.readings {
			if len(r.title.words) > maxWords || len(r.by.names) > maxNames {
				t.Errorf("%d words, %d artists", len(r.title.words), len(r.by.names))
			}
		}
	})
}
