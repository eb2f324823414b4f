package federation

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// pageWith is a page whose head holds links.
func pageWith(links ...string) string {
	return "<!doctype html><html><head><title>List</title><link rel=stylesheet href=/x.css>" + strings.Join(links, "") + "</head><body><h1>List</h1></body></html>"
}

func alternateTo(href string) string {
	return `<LINK REL="alternate" TYPE="application/activity+json" HREF="` + href + `">`
}

func TestAPageThatDoesNotNegotiateLeadsToItsDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	for name, links := range map[string][]string{
		"the actor":      {alternateTo(mix.actor.ID)},
		"the collection": {alternateTo(mix.id)},
		"relative":       {alternateTo(" " + mix.path() + " ")},
		"ld+json":        {`<link type='application/ld+json; profile="https://www.w3.org/ns/activitystreams"' rel="nofollow Alternate" href="` + mix.id + `"/>`},
		"after others":   {`<link rel=alternate type=application/rss+xml href=/feed><link rel=me type=application/activity+json href=/me>`, alternateTo(mix.id)},
		"escaped":        {alternateTo(strings.ReplaceAll(mix.id, "/", "&#47;"))},
	} {
		other.Fail("/page", federationtest.Answer("text/html; charset=utf-8", pageWith(links...)))
		if got := w.finds(other.URL+"/page", "List", true); got.Playlist.Source != mix.id {
			t.Errorf("%s: %+v", name, got)
		}
	}
	other.Fail("/old-page", federationtest.Redirect(other.URL+"/page", 301))
	w.finds(other.URL+"/old-page", "List", true)

	// Also where an account is meant.
	other.Fail("/page", federationtest.Answer("text/html", pageWith(alternateTo(mix.actor.ID))))
	if got, err := w.Alias(t.Context(), w.alice.ID, other.URL+"/page"); err != nil || got.Handle != "@mix@"+other.Host() {
		t.Errorf("alias: %+v, %v", got, err)
	}
	if got, _, err := w.BlockActor(t.Context(), other.URL+"/page", ""); err != nil || got.ID != mix.actor.ID {
		t.Errorf("block: %+v, %v", got, err)
	}
}

func TestA25PagesThatLeadElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, victim := w.instance(), w.instance()
	mix, theirs := w.list(other, "mix", "One"), w.list(victim, "theirs", "Two")
	other.Fail("/second", federationtest.Answer("text/html", pageWith(alternateTo(mix.id))))
	for name, page := range map[string]string{
		"another host":      pageWith(alternateTo(theirs.id)),
		"another port":      pageWith(alternateTo("http://127.0.0.1:1/x")),
		"another page":      pageWith(alternateTo("/second")),
		"itself":            pageWith(alternateTo("/page")),
		"a thousand others": pageWith(strings.Repeat(alternateTo("https://elsewhere.example/x"), 1000), alternateTo(mix.id)),
		"a thousand pages":  pageWith(strings.Repeat(alternateTo("/second"), 1000), alternateTo(mix.id)),
		"no address":        pageWith(alternateTo("javascript:alert(1)")),
		"a private address": pageWith(alternateTo("https://10.0.0.1/x")),
		"plain JSON":        pageWith(`<link rel=alternate type=application/json href="` + mix.id + `">`),
		"ld+json of others": pageWith(`<link rel=alternate type=application/ld+json href="` + mix.id + `">`),
		"in the body":       "<html><body>" + alternateTo(mix.id),
		"in a comment":      "<html><head><!-- " + alternateTo(mix.id) + " -->",
		"in a script":       "<html><head><script>'" + alternateTo(mix.id) + "'</script>",
		"far down":          "<html><head>" + strings.Repeat("<meta name=x>", maxPageRead/13) + alternateTo(mix.id),
		"an endless tag":    "<html><head><link " + strings.Repeat("a=b ", maxPageRead/4) + ">" + alternateTo(mix.id),
		"nothing":           "",
		"binary":            "\x00\xff<link",
	} {
		other.Fail("/page", federationtest.Answer("text/html", page))
		before := len(other.Requests(""))
		w.says(other.URL+"/page", playlists.Invalid, "There is a page at this address, but nothing that can be followed or imported.")
		if n := len(other.Requests("")) - before; n > 3 {
			t.Errorf("%s: %d requests", name, n)
		}
	}
	if len(victim.Requests("")) != 0 {
		t.Error("a page made this bridge read from another host")
	}

	// The document must stand at its own address, as always.
	other.Put("/forged", map[string]any{"id": victim.URL + "/nothing", "type": "OrderedCollection"})
	other.Fail("/page", federationtest.Answer("text/html", pageWith(alternateTo("/forged"))))
	w.says(other.URL+"/page", playlists.NotFound, "")
	other.Fail("/page", federationtest.Answer("image/svg+xml", pageWith(alternateTo(mix.id))))
	w.says(other.URL+"/page", playlists.Invalid, "There is a page at this address")
	other.Fail("/page", federationtest.Endless())
	w.says(other.URL+"/page", playlists.Invalid, "")
}
