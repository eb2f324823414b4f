package federation

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func (w *world) reports() []Report {
	w.t.Helper()
	r, err := w.Reports(w.t.Context())
	w.ok(err)
	return r
}

// 83
func TestAReportIsKeptForTheAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	road, linked := w.publish("Road trip", playlists.Public), w.publish("For Bob", playlists.Link)
	other := w.instance()
	server, bob := other.AddActor("server", map[string]any{"type": "Application"}), other.AddActor("bob", nil)
	account, list := w.addr().Actor(w.alice.PublicID), w.addr().Collection(road.PublicID)

	flag := activity(server, "Flag", 1, []any{account, list, other.URL + "/users/bob", w.addr().Share(linked.Token), w.addr().Actor("aaaaaaaaaaaaaaaaaaaaaaaaaa"), 7})
	flag["content"] = "Spam\x1b[31m!\u202e\n" + strings.Repeat("x", 2*maxReportText)
	for range 2 {
		if status := other.Send(server, w.addr().SharedInbox(), flag); status != 202 {
			t.Fatal(status)
		}
		w.step(w.InboxOnce)
	}
	got := w.reports()
	if len(got) != 1 || got[0].Actor != "" || got[0].Host != "127.0.0.1" || !reflect.DeepEqual(got[0].Objects, []string{account, list}) {
		t.Fatalf("kept %+v", got)
	}
	if text := got[0].Text; !strings.HasPrefix(text, "Spam[31m!\nxxx") || len(text) != maxReportText {
		t.Errorf("its text is %.40q, %d long", text, len(text))
	}

	for address, want := range map[string]string{account: "@alice@" + w.addr().Host(), list: "@" + road.Handle + "@" + w.addr().Host(),
		w.addr().Note("aaaaaaaaaaaaaaaaaaaaaaaaaa"): "", w.addr().Share(linked.Token): "", other.URL + "/users/bob": ""} {
		if called, err := w.CalledHere(t.Context(), address); err != nil || called != want {
			t.Errorf("%s is called %q, %v; want %q", address, called, err, want)
		}
	}

	// A person who reports by name is named; a single object may stand alone.
	w.clock.forward(1e9)
	other.Send(bob, w.addr().Inbox(w.alice.PublicID), activity(bob, "Flag", 2, w.addr().Profile("alice")))
	w.step(w.InboxOnce)
	got = w.reports()
	if len(got) != 2 || got[0].Actor != bob.ID || got[0].Text != "" {
		t.Fatalf("kept %+v", got)
	}
	w.ok(w.ResolveReport(t.Context(), got[0].ID))
	w.ok(w.ResolveReport(t.Context(), got[0].ID))
	if now := w.reports(); !now[0].Resolved.IsZero() || now[1].ID != got[0].ID || now[1].Resolved.IsZero() {
		t.Errorf("after one is resolved: %+v", now)
	}
	problem(t, "no such report", w.ResolveReport(t.Context(), "x"), playlists.NotFound)
	w.clock.forward(KeepReports + time.Hour)
	w.ok(w.Tidy(t.Context()))
	if now := w.reports(); len(now) != len(got)-1 || !now[0].Resolved.IsZero() {
		t.Errorf("long after it was resolved: %+v", now)
	}
}

func TestReportsAboutNothingOfOursAreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	linked, gone := w.publish("For Bob", playlists.Link), w.publish("Old", playlists.Public)
	w.republish(gone.Playlist, playlists.Private)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	many := []any{}
	for range 10_000 {
		many = append(many, bob.ID)
	}
	for n, objects := range []any{nil, "", 7, bob.ID, many, []any{}, map[string]any{"id": bob.ID}, w.addr().Share(linked.Token), w.addr().Actor(linked.PublicID),
		w.addr().Actor(gone.PublicID), w.addr().Profile("nobody"), w.addr().Home(), w.addr().SharedInbox()} {
		if status := other.Send(bob, w.addr().SharedInbox(), activity(bob, "Flag", n, objects)); status != 202 {
			t.Errorf("%.40v: %d", objects, status)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Errorf("%d are kept", n)
	}
	// The reports of a domain can be refused alone.
	_, err := w.SetDomain(t.Context(), DomainRule{Domain: "127.0.0.1", Severity: Silence, RejectReports: true})
	w.ok(err)
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Flag", 100, w.addr().Actor(w.alice.PublicID)))
	w.steps()
	if got := w.reports(); len(got) != 0 {
		t.Errorf("kept %+v", got)
	}
}

func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	keep := func(n int, host string, resolved int) {
		w.exec(`INSERT INTO reports (id, actor, host, objects, text, received, resolved) VALUES ($1, '', $2, '[]', '', $3, $4)`, fmt.Sprint(host, n), host, n+1, resolved)
	}
	report := func(n int) int {
		other.Send(bob, w.addr().SharedInbox(), activity(bob, "Flag", n, w.addr().Actor(w.alice.PublicID)))
		w.step(w.InboxOnce)
		return w.count(`SELECT COUNT(*) FROM reports WHERE host = '127.0.0.1' AND resolved = 0`)
	}
	for n := range maxReports {
		keep(n, "a.example", n%2)
	}
	if report(1) != 1 || w.count(`SELECT COUNT(*) FROM reports`) != maxReports || w.count(`SELECT COUNT(*) FROM reports WHERE resolved = 0`) != maxReports/2+1 {
		t.Error("the oldest resolved one did not go first")
	}
	for n := range maxReportsOfDomain {
		keep(n, "127.0.0.1", 0)
	}
	if n := report(2); n != maxReportsOfDomain+1 {
		t.Errorf("one domain has %d open reports", n)
	}
}
