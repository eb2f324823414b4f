package web_test

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

// What the daemon found is kept for the pages, which say it in the language of whoever looks.

func TestWhatFailedIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.music.SetPassword("alice", "another")
	h.exec(`UPDATE subsonic_connections SET due = 1`)
	h.step(h.bridge.PollOnce)
	if said := h.get("/playlists").one("[role=alert] p:nth-of-type(2)"); !strings.HasSuffix(said, "does not accept this user name and password. Sign in again.") {
		t.Errorf("in English: %q", said)
	}
	h.speaks(alice, "fr")
	if said := h.get("/playlists").one("[role=alert] p:nth-of-type(2)"); !strings.HasSuffix(said, "n’accepte pas ce nom et ce mot de passe. Connectez-vous à nouveau.") {
		t.Errorf("in French: %q", said)
	}
}

func TestHowACopyStandsIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, bob := friend(t)
	copied := h.copies(alice, joga, unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown)
	h.speaks(bob, "fr")
	if said := h.get(copied).one("#question ~ p"); !strings.HasPrefix(said, "Votre bibliothèque n’a que 1 de ses 9 morceaux") {
		t.Errorf("bob reads %q", said)
	}
}

func TestWhyALookFailedIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h, bob := friend(t)
	path, page := h.looksAt("@nobody@" + strings.TrimPrefix(h.server.URL, "http://"))
	english := page.one("[role=alert]")
	h.speaks(bob, "fr") // after it was looked at
	if said := h.get(path).one("[role=alert]"); english != "There is no such playlist here." || said != "Cette liste n’est pas ici." {
		t.Errorf("in English %q, in French %q", english, said)
	}
}

func TestWhatIsKeptIsSaidInTheLanguageOfALetter(t *testing.T) {
	t.Parallel()
	known := playlists.Sentencef("The music server at %s does not answer in time. It may be busy, or switched off.", "home.example")
	for _, c := range []struct {
		tag      string
		sentence playlists.Sentence
		begins   string
		ok       bool
	}{
		{"fr-CA", known, "Le serveur de musique", true},
		{"en", known, "The music server at home.example", true},
		{"de", known, "The music server at home.example", false},
		{"fr", playlists.Sentencef("Nobody has translated this."), "Nobody has", false},
		{"fr", playlists.Sentence{}, "", false},
	} {
		if said, ok := web.SaidIn(c.tag, c.sentence); ok != c.ok || !strings.HasPrefix(said, c.begins) {
			t.Errorf("%s: %q, %v", c.tag, said, ok)
		}
	}
}

// speaks sets the language of an account.
func (h *home) speaks(a playlists.Account, language string) {
	h.t.Helper()
	a.Language = language
	_, err := h.store.ChangeAccount(h.t.Context(), a)
	h.ok(err)
}
