package federation

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// attempts returns how the requests for a path were signed, in order.
func attempts(i *federationtest.Instance, path string) (out []string) {
	for _, r := range i.Requests(path) {
		switch {
		case r.Header.Get("Signature-Input") != "":
			out = append(out, "9421")
		case r.Header.Get("Signature") != "":
			out = append(out, "cavage")
		default:
			out = append(out, "none")
		}
	}
	return out
}

func TestADeliveryThatIsRefusedIsSignedInTheOtherWayAndThatIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	before := len(other.Requests("/users/fan/inbox"))
	expect := func(why string, want ...string) {
		t.Helper()
		w.edit(pub, fmt.Sprint("Song ", w.clock.now().UnixNano()))
		w.step(w.DeliverOnce)
		all := attempts(other, "/users/fan/inbox")
		if got := all[before:]; !slices.Equal(got, want) {
			t.Errorf("%s: signed by %v, want %v", why, got, want)
		}
		before = len(all)
	}
	expect("both are read", "cavage")
	other.Demand(federationtest.RFC9421)
	expect("only RFC 9421 is read", "cavage", "9421")
	expect("that is known", "9421")
	other.Demand(federationtest.Cavage)
	expect("it changes its mind at once", "9421", "cavage")
	expect("too soon to be believed", "9421", "cavage")
	w.clock.forward(learnSpace)
	w.clock.forward(time.Minute)
	expect("it changed its mind for good", "9421", "cavage")
	expect("that is known", "cavage")
	other.Demand(federationtest.RFC9421)
	w.clock.forward(keepScheme)
	expect("what is a week old is forgotten", "cavage", "9421")

	other.Demand("nothing")
	w.edit(pub, "Last")
	w.step(w.DeliverOnce)
	if got := attempts(other, "/users/fan/inbox")[before:]; len(got) != 2 || w.count(`SELECT attempts FROM deliveries`) != 1 {
		t.Errorf("nothing is read: %v; %d deliveries", got, w.count(`SELECT COUNT(*) FROM deliveries`))
	}
	for _, status := range []int{403, 404, 500} {
		before = len(other.Requests("/users/fan/inbox"))
		other.Fail("/users/fan/inbox", federationtest.Status(status))
		w.clock.forward(48 * time.Hour)
		w.step(w.DeliverOnce)
		if got := attempts(other, "/users/fan/inbox")[before:]; len(got) != 1 {
			t.Errorf("%d: %v", status, got)
		}
	}
}

func TestASignedReadKnocksInEveryWayAndNoMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		demand, path string
		want, again  []string
	}{
		{federationtest.Cavage, "/doc?page=1", []string{"cavage"}, []string{"cavage"}},
		{federationtest.CavagePath, "/doc?page=1", []string{"cavage", "cavage"}, []string{"cavage"}},
		{federationtest.RFC9421, "/doc?page=1", []string{"cavage", "cavage", "9421"}, []string{"9421"}},
		{federationtest.RFC9421, "/doc", []string{"cavage", "9421"}, []string{"9421"}},
		{"nothing", "/doc?page=1", []string{"cavage", "cavage", "9421"}, []string{"cavage", "cavage", "9421"}},
		{"nothing", "/doc", []string{"cavage", "9421"}, []string{"cavage", "9421"}},
	} {
		w := newWorld(t)
		other := w.instance()
		id := other.Put(c.path, map[string]any{"id": other.URL + c.path, "type": "Note"})
		other.RequireSignatures()
		other.Demand(c.demand)
		for _, want := range [][]string{c.want, c.again} {
			before := len(other.Requests(c.path))
			_, err := w.client.GetActivity(t.Context(), id, w.signAs(t.Context(), instanceID), Conditional{})
			if (err == nil) != (c.demand != "nothing") {
				t.Errorf("%s of %s: %v", c.path, c.demand, err)
			}
			if got := attempts(other, c.path)[before:]; !slices.Equal(got, want) {
				t.Errorf("%s of %s: signed by %v, want %v", c.path, c.demand, got, want)
			}
		}
	}
}

func TestKnocksAreCountedOverAllRedirects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, last := w.instance(), w.instance()
	last.Put("/doc?x=1", map[string]any{"id": last.URL + "/doc?x=1", "type": "Note"})
	last.RequireSignatures()
	last.Demand(federationtest.RFC9421)
	refusals := 0
	first.Fail("/doc?x=1", func(rw http.ResponseWriter, r *http.Request) {
		if refusals++; refusals == 1 {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		federationtest.Redirect(last.URL+"/doc?x=1", http.StatusFound)(rw, r)
	})
	sign := w.signAs(t.Context(), instanceID)
	_, err := w.client.GetActivity(t.Context(), first.URL+"/doc?x=1", sign, Conditional{})
	if playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("got %v", err)
	}
	if a, b := attempts(first, "/doc?x=1"), attempts(last, "/doc?x=1"); len(a)+len(b) != 2+maxKnocks {
		t.Errorf("signed by %v, then %v", a, b)
	}
	// Each hop is signed for itself.
	last.Demand("")
	if _, err := w.client.GetActivity(t.Context(), first.URL+"/doc?x=1", sign, Conditional{}); err != nil {
		t.Error(err)
	}
}

func TestSchemesOfOnlySoManyOriginsAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO signature_schemes (origin, scheme, learned)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT 'https://' || i || '.evil.example', 'rfc9421', i FROM n`, maxSchemes+5)
	w.learnScheme(t.Context(), "https://good.example", RFC9421)
	if n := w.count(`SELECT COUNT(*) FROM signature_schemes`); n != maxSchemes {
		t.Errorf("%d origins", n)
	}
	if s := w.schemeOf(t.Context(), "https://good.example"); s != RFC9421 {
		t.Errorf("the newest is forgotten: %s", s)
	}
	w.clock.forward(keepScheme)
	w.ok(w.Tidy(t.Context()))
	if n := w.count(`SELECT COUNT(*) FROM signature_schemes`); n != 0 {
		t.Errorf("%d origins after a week", n)
	}
}
