package federation

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestPeopleAreWrittenToInTheirLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE accounts SET language = 'fr-CA'`)
	other, me := w.proven()
	road := w.list(other, "road", "One")
	all := w.direct(other, me)
	if !strings.Contains(plainText(all[0]["content"].(string), 1000), "dit que ce compte est le sien") || !reflect.DeepEqual(all[0]["contentMap"], map[string]any{"fr-CA": all[0]["content"]}) {
		t.Errorf("the code: %v", all[0])
	}
	for n, c := range []struct{ content, says string }{
		{"aide", "Envoyez-moi le lien"}, {"liste", "pas encore de copie"}, {"stop", "Je ne vous écris plus que pour répondre"}, {link3(other.URL + "/nothing"), "Il n’y a pas de liste"},
	} {
		w.writes(other, me, n, c.content)
		if got := w.told(other, me); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q", c.content, got)
		}
	}
	w.writes(other, me, 9, "suivre "+road.id)
	w.copied(1, 2, playlists.Outcome{List: "List"})
	if got := w.told(other, me); !strings.Contains(got, "List par List road : 1 morceau trouvé sur 2. Dans votre bibliothèque : « List ». Elle reste à jour.") {
		t.Errorf("%q", got)
	}
}

// unknown is a catalogue with nothing in it.
func unknown(playlists.Sentence) (string, bool) { return "", false }

func TestWhatIsBrokenIsSaidInFrenchBeforeTheDetails(t *testing.T) {
	t.Parallel()
	down := "The music server at “home” cannot be reached."
	aside := "(En anglais : " + down + ")"
	sentence := playlists.Sentencef("The music server at “%s” cannot be reached.", "home")
	refused, silent := playlists.Notice{Text: sentence, Code: playlists.Forbidden}, playlists.Notice{Text: sentence, Code: playlists.Unavailable}
	failed := playlists.Outcome{At: time.Unix(1, 0), Problem: sentence, Code: playlists.Unavailable}
	known := func(s playlists.Sentence) (string, bool) {
		return s.In(func(_ string, args ...any) string { return fmt.Sprintf("Le serveur <%s> ne répond pas.", args...) }), true
	}
	for _, c := range []struct{ said, want string }{
		{brokenWords("fr", "", refused, known), "Quelque chose demande votre attention : Le serveur &lt;home&gt; ne répond pas."},
		{brokenWords("en", "", refused, known), "Something needs your attention: " + down},
		{copyWords("fr", "Road trip", "here", playlists.Want{}, failed, known)[0], "Road trip : Le serveur &lt;home&gt; ne répond pas. La liste arrivera d’elle-même une fois cela réparé."},
		{brokenWords("fr", "", refused, unknown), "Quelque chose demande votre attention : votre serveur de musique refuse l’accès. " + aside},
		{brokenWords("en", "", refused, unknown), "Something needs your attention: " + down},
		{brokenWords("fr", "Road trip", silent, unknown), "Road trip : son serveur ne répond pas en ce moment. " + aside},
		{copyWords("fr", "Road trip", "here", playlists.Want{}, failed, unknown)[0],
			"Road trip : votre serveur de musique ne marche pas comme il faut, ou ne répond pas. " + aside + " La liste arrivera d’elle-même une fois cela réparé."},
		{copyWords("en", "Road trip", "here", playlists.Want{}, failed, unknown)[0], "Road trip: " + down + " The playlist comes by itself once that is mended."},
	} {
		if said := strings.ReplaceAll(c.said, "\u00a0", " "); said != c.want {
			t.Errorf("%q, want %q", said, c.want)
		}
	}
}

// A line must not break before a colon or inside guillemets.
func TestFrenchKeepsItsPunctuationTogether(t *testing.T) {
	t.Parallel()
	said := slices.Concat(codeWords(playlists.Account{Name: "Alice", Handle: "alice", Language: "fr"}, "b.example", "483291"), welcomeWords("fr"), muteWords("fr", true), muteWords("fr", false), waitingWords("fr", "Road trip"),
		copyWords("fr", "Road trip", "here", playlists.Want{}, playlists.Outcome{}, unknown),
		copyWords("fr", "Road trip", "here", playlists.Want{Found: 1, Total: 2}, playlists.Outcome{At: time.Unix(1, 0), List: "Road trip"}, unknown),
		copyWords("fr", "Road trip", "here", playlists.Want{Found: 5, Total: 24}, playlists.Outcome{At: time.Unix(1, 0)}, unknown),
		linkWords("fr", nil), []string{mendedWords("fr", "Road trip"), "Road trip" + orderWords("fr", "ici")})
	for _, code := range []playlists.Code{playlists.NotFound, playlists.Gone, playlists.Forbidden, playlists.Unavailable, playlists.Invalid, ""} {
		said = append(said, frenchOf("@a@b.example", playlists.Problemf(code, nil, "No.")), brokenWords("fr", "", playlists.Notice{Code: code, Text: playlists.Sentencef("x")}, unknown),
			brokenWords("fr", "Road trip", playlists.Notice{Code: code, Text: playlists.Sentencef("x")}, unknown))
	}
	loose := regexp.MustCompile("« | [:;»?!]")
	for _, s := range said {
		if loose.MatchString(s) {
			t.Errorf("%q", s)
		}
	}
}
