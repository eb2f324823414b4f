//go:build chromium

package web_test

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web/browsertest"
)

func TestFromSetUpToTheFirstLinkInABrowser(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]browsertest.Options{"phone": {}, "without scripts, in French": {NoScript: true, Language: "fr"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, withoutAddress)
			tab := browsertest.Open(t, h.server.URL, o)
			say := func(english, french string) string {
				if o.Language == "fr" {
					return french
				}
				return english
			}
			tab.Goto("/setup")
			tab.Fill(say("Set-up code", "Code d’installation"), setupCode)
			tab.Fill(say("Address of your music server", "Adresse de votre serveur de musique"), h.musics)
			tab.Fill(say("Your name there", "Votre nom là-bas"), "alice")
			tab.Fill(say("Your password there, or an API key", "Votre mot de passe là-bas, ou une clé d’API"), "wonder")
			tab.Fill(say("Your name as others see it", "Votre nom tel que les autres le voient"), "Alice")
			tab.Click(say("Connect", "Relier"))
			tab.Check("Road trip")
			tab.Click(say("Get a link", "Obtenir un lien"))
			tab.Sees(say("Here is the link.", "Voici le lien."))
			link := ""
			for _, address := range tab.Links() {
				if strings.Contains(address, "/s/") {
					link = address
				}
			}

			friend := browsertest.Open(t, h.server.URL, o)
			friend.Goto(link)
			friend.Sees("Sinnerman")
		})
	}
}

func TestAPlaylistIsEditedAndSharedByKeyboard(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	tab := browsertest.Open(t, h.server.URL, browsertest.Options{Wide: true, Dark: true})
	tab.Goto("/signin")
	tab.Fill("Name on your music server", "alice")
	tab.Fill("Password", "wonder")
	tab.Press("Enter")
	tab.Sees("Tick a playlist to share")
	tab.Goto(h.page(alice.ID) + "/edit")
	tab.TabTo("Note on this track")
	for _, key := range "rain" {
		tab.Press(string(key))
	}
	tab.TabTo("Save")
	tab.Press("Enter")
	tab.Sees("Saved.")
	tab.TabTo("See it as others do")
	tab.Press("Enter")
	tab.Sees("rain")
	tab.Back()
	tab.TabTo("Only you")
	tab.Press("ArrowUp")
	tab.TabTo("Save")
	tab.Press("Enter")
	tab.Sees("Everyone can see the playlist now.")
	if got := h.audience(alice.ID); got != playlists.Public {
		t.Errorf("the playlist is %s", got)
	}
}
