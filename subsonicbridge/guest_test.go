package subsonicbridge_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// withGuests is another process on w's database, for which the networks in public are the internet.
func (w *home) withGuests(public ...netip.Prefix) *subsonicbridge.Bridge {
	w.Helper()
	key, err := seal.NewKey(make([]byte, 32))
	w.must(err)
	return subsonicbridge.New(subsonicbridge.Config{DB: w.db, Store: w.store, Key: key, Now: w.clock.Now, Guests: subsonicbridge.GuestClient(public)})
}

func TestAGuestsServerIsOnlyReachedInPublic(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddUser("carol", "carol's password")
	port := w.url[strings.LastIndex(w.url, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "10.0.0.1", "192.168.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		_, err := w.withGuests().Ask(t.Context(), subsonicbridge.PublicOnly, "http://"+host+port, "carol", "carol's password")
		if playlists.CodeOf(err) != playlists.Unavailable || !strings.Contains(playlists.Say(err), "within a home network") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := w.withGuests().Ask(t.Context(), subsonicbridge.Anywhere, w.url, "carol", "carol's password"); err != nil {
		t.Errorf("one of the family: %v", err)
	}
}

func TestAGuestStaysAGuestInEveryCall(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddUser("carol", "carol's password")
	carol, err := w.store.AddAccount(t.Context(), playlists.Account{Handle: "carol"})
	w.must(err)
	today, later := w.withGuests(netip.MustParsePrefix("127.0.0.1/32")), w.withGuests() // when the name leads into the home network
	admission, err := today.Ask(t.Context(), subsonicbridge.PublicOnly, w.url, "carol", "carol's password")
	w.must(err)
	w.must(today.Keep(t.Context(), carol.ID, admission))
	w.must(today.PollAccount(t.Context(), carol.ID))

	_, connectErr := later.Connect(t.Context(), carol.ID, w.url, "carol", "carol's password")
	_, rereadErr := later.Reread(t.Context(), carol.ID, nil)
	_, signInErr := later.Recognise(t.Context(), admission.SignInName(), "carol's password", "")
	for call, err := range map[string]error{"poll": later.PollAccount(t.Context(), carol.ID), "connect": connectErr, "reread": rereadErr, "sign in": signInErr} {
		if !strings.Contains(playlists.Say(err), "within a home network") {
			t.Errorf("%s: %v", call, err)
		}
	}
	_, err = today.Connect(t.Context(), carol.ID, w.url, "carol", "carol's password")
	w.must(err)
	if s, err := today.Status(t.Context(), carol.ID); err != nil || s.Reach != subsonicbridge.PublicOnly {
		t.Errorf("connected anew she is no guest any more: %+v %v", s, err)
	}
	w.must(later.PollAccount(t.Context(), w.bob.ID))
}

func TestNoRedirectLeadsAGuestIntoTheHomeNetwork(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	asked := false
	within := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer within.Close()
	outside := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, within.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	defer outside.Close()
	b := w.withGuests(netip.MustParsePrefix("127.0.0.1/32"))
	if _, err := b.Ask(t.Context(), subsonicbridge.PublicOnly, outside.URL, "carol", "secret"); err == nil || asked {
		t.Errorf("asked within: %v, error %v", asked, err)
	}
}

func TestWhatOthersTypeIsNotSentToAGuestsServer(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	var heard []string
	guests := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		heard = append(heard, r.FormValue("u"))
		fmt.Fprint(rw, `{"subsonic-response":{"status":"ok","version":"1.16.1"}}`)
	}))
	defer guests.Close()
	mallory, err := w.store.AddAccount(t.Context(), playlists.Account{Handle: "mallory"})
	w.must(err)
	b := w.withGuests(netip.MustParsePrefix("127.0.0.1/32"))
	admission, err := b.Ask(t.Context(), subsonicbridge.PublicOnly, guests.URL, "bob", "anything")
	w.must(err)
	w.must(b.Keep(t.Context(), mallory.ID, admission))
	heard = nil

	if _, err := b.Recognise(t.Context(), "bob", "bob's passwort", ""); playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("bob, mistyped: %v", err)
	}
	if _, err := b.Recognise(t.Context(), "mallory", "guess", mallory.ID); playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("by the public name alone: %v", err)
	}
	if len(heard) != 0 {
		t.Errorf("the guest's server heard of %v", heard)
	}
	if id, err := b.Recognise(t.Context(), admission.SignInName(), "anything", ""); id != mallory.ID {
		t.Errorf("the guest: %v", err)
	}
	if id, err := b.Recognise(t.Context(), "bob", "bob's password", ""); id != w.bob.ID {
		t.Errorf("bob: %v", err)
	}
}

func TestAnAdmissionShowsNoSecret(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	a, err := w.bridge.Ask(t.Context(), subsonicbridge.Anywhere, w.url, "bob", "bob's password")
	w.must(err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got, want := fmt.Sprintf(format, a), "bob at "+w.url+" (token)"; got != want {
			t.Errorf("%s: %s", format, got)
		}
	}
}
