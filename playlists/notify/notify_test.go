package notify_test

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
)

func TestAWebhookIsSignedAndTellsEveryNoticeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.news("before anybody asked")
	w.pass(time.Second)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.news("one")
	w.news("two")
	w.news("passed")
	if w.step() != 1 || w.step() != 0 {
		t.Error("one message was to be sent, once")
	}
	got := w.hooks.all()
	if len(got) != 1 || got[0].path != "/hook" {
		t.Fatalf("%d requests: %+v", len(got), got)
	}
	signed, err := standardwebhooks.NewWebhook(w.way(playlists.Webhook).Secret)
	w.ok(err)
	if err := signed.VerifyIgnoringTimestamp(got[0].body, got[0].header); err != nil {
		t.Error(err)
	}
	if err := signed.VerifyIgnoringTimestamp(append(got[0].body, ' '), got[0].header); err == nil {
		t.Error("what was changed on its way passes")
	}
	var body struct {
		Type, ID, Account, Text string
		Urgent                  bool
		Notices                 []struct{ Kind, Text string }
	}
	w.ok(json.Unmarshal(got[0].body, &body))
	if body.Type != "notices" || body.ID != got[0].header.Get("webhook-id") || body.Account != "alice" || body.Text != "one\ntwo" || body.Urgent ||
		len(body.Notices) != 2 || body.Notices[0].Kind != "copy-arrived" || body.Notices[1].Text != "two" {
		t.Errorf("%s", got[0].body)
	}
}

func TestAPushMessageSaysHowUrgentItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetNtfy(t.Context(), w.alice.ID, w.hooks.URL+"/songs-8f3k2", "tk_secret"))
	w.news("Ünï")
	w.step()
	w.ok(w.store.Notify(t.Context(), playlists.Notice{Account: w.alice.ID, Kind: playlists.Broken, About: "server"}))
	w.pass(2 * time.Hour)
	w.step()
	got := w.hooks.all()
	if len(got) != 2 || got[0].path != "/songs-8f3k2" || string(got[0].body) != "Ünï" || got[0].header.Get("Authorization") != "Bearer tk_secret" {
		t.Fatalf("%+v", got)
	}
	for i, want := range []string{"default", "high"} {
		title, err := new(mime.WordDecoder).DecodeHeader(got[i].header.Get("Title"))
		if got[i].header.Get("Priority") != want || title == "" || err != nil || got[i].header.Get("Click") != "https://music.example/" {
			t.Errorf("%v, %v", got[i].header, err)
		}
	}
	w.news(strings.Repeat("é", 5000))
	w.step()
	if got := w.hooks.all(); len(got) != 1 || len(got[0].body) > 4000 || !strings.HasSuffix(string(got[0].body), "é…") {
		t.Errorf("a long one: %d requests", len(got))
	}
}

func TestEachWayTellsEverythingWhateverTheOthersDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.email("alice@mail.example")
	w.hooks.answers(http.StatusInternalServerError)
	w.news("one")
	w.step()
	mails := w.post.all()
	if len(mails) != 1 || len(w.hooks.all()) != 1 {
		t.Fatalf("%d e-mails", len(mails))
	}
	text, err := io.ReadAll(mails[0].Body)
	if err != nil || !strings.Contains(string(text), "one") || !strings.Contains(string(text), "https://music.example/settings") || mails[0].Header.Get("Auto-Submitted") == "" {
		t.Errorf("%v\n%s\n%v", mails[0].Header, text, err)
	}
	if p := w.way(playlists.Webhook); !strings.Contains(p.Problem.String(), "500") || !p.Failing.Equal(w.at) {
		t.Errorf("%+v", p)
	}
	w.hooks.answers(http.StatusOK)
	if w.step() != 0 {
		t.Error("tried again at once")
	}
	w.pass(2 * time.Minute)
	w.news("two")
	w.step()
	w.pass(2 * time.Minute)
	w.step()
	var told []string
	for _, g := range w.hooks.all() {
		var body struct{ Text string }
		w.ok(json.Unmarshal(g.body, &body))
		told = append(told, body.Text)
	}
	if !slices.Equal(told, []string{"one", "two"}) || w.way(playlists.Webhook).Problem.String() != "" {
		t.Errorf("the webhook was told %q", told)
	}
	if mails := w.post.all(); len(mails) != 1 {
		t.Errorf("%d more e-mails", len(mails))
	}
}

func TestARepetitionHasTheSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.hooks.answers(http.StatusBadGateway) // it may have taken the message before
	w.news("one")
	w.step()
	w.news("two")
	w.hooks.answers(http.StatusOK)
	w.pass(2 * time.Minute)
	w.step()
	got := w.hooks.all()
	if len(got) != 3 {
		t.Fatalf("%d requests", len(got))
	}
	ids := []string{got[0].header.Get("webhook-id"), got[1].header.Get("webhook-id"), got[2].header.Get("webhook-id")}
	if ids[0] != ids[1] || ids[1] == ids[2] || strings.Contains(string(got[1].body), "two") {
		t.Errorf("ids %q", ids)
	}
}

func TestAnotherReceiverIsNotToldWhatWasForTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.hooks.answers(http.StatusBadGateway)
	w.news("one")
	w.step()
	w.hooks.all()
	w.hooks.answers(http.StatusOK)
	w.ok(w.Remove(t.Context(), w.alice.ID, playlists.Webhook))
	w.pass(time.Minute)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/another"))
	w.news("two")
	w.step()
	if got := w.hooks.all(); len(got) != 1 || strings.Contains(string(got[0].body), "one") {
		t.Errorf("%d requests: %+v", len(got), got)
	}
}

func TestAMessageThatNeverArrivesIsDroppedAndTheNextHasItsOwnTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.hooks.answers(http.StatusNotFound)
	w.news("one")
	start := w.at
	for range 20 {
		w.step()
		w.pass(8 * time.Hour)
	}
	tries := w.hooks.all()
	if len(tries) < 10 || len(tries) > 15 {
		t.Errorf("%d tries", len(tries))
	}
	if p := w.way(playlists.Webhook); !p.Failing.Equal(start) || !strings.Contains(p.Problem.String(), "404") {
		t.Errorf("%+v", p)
	}
	w.hooks.answers(http.StatusOK)
	w.news("two")
	w.step()
	if got := w.hooks.all(); len(got) != 1 || strings.Contains(string(got[0].body), "one") {
		t.Errorf("%d requests", len(got))
	}
}

// A clock that was a year ahead, and is right now, holds nothing up.
func TestNothingWaitsForAYear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at = w.at.AddDate(1, 0, 0)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.ok(w.Test(t.Context(), w.alice.ID, playlists.Webhook))
	_, err := w.BeginEmail(t.Context(), w.alice.ID, "alice@mail.example")
	w.ok(err)
	code := w.code()
	for n := range 20 {
		w.news(fmt.Sprint("early ", n))
		w.step()
	}
	w.hooks.answers(http.StatusBadGateway)
	w.news("failed")
	w.pass(24 * time.Hour)
	w.step()
	w.hooks.answers(http.StatusOK)
	w.hooks.all()
	w.at = w.at.AddDate(-1, 0, 0)
	w.ok(w.store.Tidy(t.Context()))
	w.ok(w.Tidy(t.Context()))
	if _, err := w.FinishEmail(t.Context(), w.alice.ID, code); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("the code is good for a year: %v", err)
	}
	w.ok(w.Test(t.Context(), w.alice.ID, playlists.Webhook))
	w.pass(25 * time.Hour) // of the right clock: early messages count for today
	w.ok(w.store.Notify(t.Context(), playlists.Notice{Account: w.alice.ID, Kind: playlists.CopyArrived, About: "now"}))
	w.step()
	var said strings.Builder
	for _, g := range w.hooks.all() {
		said.Write(g.body)
	}
	if !strings.Contains(said.String(), "now") {
		t.Errorf("told %s", &said)
	}
}

func TestManyNewsAreFewMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	for n := range 40 {
		w.news(fmt.Sprint("news ", n))
		w.step()
		w.pass(time.Second)
	}
	if got := len(w.hooks.all()); got != 20 {
		t.Errorf("%d messages in a day", got)
	}
	w.pass(24 * time.Hour)
	w.step()
	got := w.hooks.all()
	var body struct {
		Notices []any
		More    int
	}
	if len(got) != 1 || json.Unmarshal(got[0].body, &body) != nil || len(body.Notices) != 10 || body.More != 10 {
		t.Errorf("%d messages, %+v", len(got), body)
	}
}

func TestATestSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Test(t.Context(), w.alice.ID, playlists.Webhook); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("of nothing: %v", err)
	}
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	for status, says := range map[int]string{401: "does not let this bridge in", 404: "nothing at that address", 302: "sends to another address", 500: "did not take"} {
		w.pass(2 * time.Minute)
		w.hooks.answers(status)
		if err := w.Test(t.Context(), w.alice.ID, playlists.Webhook); !strings.Contains(playlists.Say(err), says) {
			t.Errorf("%d: %v", status, err)
		}
	}
	w.pass(2 * time.Minute)
	w.hooks.answers(200)
	w.hooks.all()
	w.ok(w.Test(t.Context(), w.alice.ID, playlists.Webhook))
	if got := w.hooks.all(); len(got) != 1 || !strings.Contains(string(got[0].body), `"type":"test"`) {
		t.Errorf("%d requests", len(got))
	}
	if err := w.Test(t.Context(), w.alice.ID, playlists.Webhook); playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("another at once: %v", err)
	}
	if !w.way(playlists.Webhook).Worked.Equal(w.at) {
		t.Errorf("%+v", w.way(playlists.Webhook))
	}
}

func TestOnlyAdministratorsReachTheHomeNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *notify.Config) { c.AllowPrivate = nil })
	for who, account := range map[string]playlists.Account{"alice": w.alice, "bob": w.bob} {
		w.ok(w.SetNtfy(t.Context(), account.ID, w.hooks.URL+"/topic", ""))
		err := w.Test(t.Context(), account.ID, playlists.Ntfy)
		if (err == nil) != account.Admin {
			t.Errorf("%s: %v", who, err)
		}
	}
	if got := w.hooks.all(); len(got) != 1 {
		t.Errorf("%d requests", len(got))
	}
	w.ok(w.SetNtfy(t.Context(), w.bob.ID, "https://"+strings.TrimPrefix(w.hooks.URL, "http://")+"/topic", ""))
	w.pass(2 * time.Minute)
	if err := w.Test(t.Context(), w.bob.ID, playlists.Ntfy); playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("by https: %v", err)
	}
}

func TestAddressesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, address := range []string{"", "ftp://a.example/", "https://", "https://user:password@a.example/", "javascript:alert(1)", "https://a.example/" + strings.Repeat("x", 2000)} {
		if err := w.SetWebhook(t.Context(), w.alice.ID, address); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, address := range []string{"https://ntfy.sh", "https://ntfy.sh/", "https://ntfy.sh/a b", "ntfy.sh/" + strings.Repeat("x", 65)} {
		if err := w.SetNtfy(t.Context(), w.alice.ID, address, ""); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := w.SetNtfy(t.Context(), w.alice.ID, "ntfy.sh/topic", "tk_a\r\nX-Evil: 1"); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("a token of two lines: %v", err)
	}
	w.ok(w.SetNtfy(t.Context(), w.alice.ID, " ntfy.sh/topic ", ""))
	if got := w.way(playlists.Ntfy).Address; got != "https://ntfy.sh/topic" {
		t.Errorf("%q", got)
	}
}

func TestAWayThatIsRemovedOrWhosePersonIsGoneTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/hook"))
	w.news("one")
	w.ok(w.Remove(t.Context(), w.alice.ID, playlists.Webhook))
	if err := w.Remove(t.Context(), w.alice.ID, playlists.Webhook); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("removed twice: %v", err)
	}
	w.ok(w.SetNtfy(t.Context(), w.bob.ID, w.hooks.URL+"/topic", ""))
	w.ok(w.store.DeleteAccount(t.Context(), w.bob.ID))
	w.ok(w.Tidy(t.Context()))
	if all, err := w.Ways(t.Context(), w.bob.ID); len(all) != 0 || err != nil {
		t.Errorf("%+v, %v", all, err)
	}
	if w.step() != 0 || len(w.hooks.all()) != 0 {
		t.Error("something was sent")
	}
}

func TestAddressesAndKeysAreSealedAndNotLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ok(w.SetWebhook(t.Context(), w.alice.ID, w.hooks.URL+"/secret-hook"))
	w.ok(w.SetNtfy(t.Context(), w.alice.ID, "http://nobody.invalid/secret-topic", "tk_secret"))
	w.email("secret@mail.example")
	w.hooks.answers(500)
	w.post.refuses = "secret@mail.example"
	w.news("one")
	w.step()
	if !strings.Contains(w.log.String(), "notices not told") {
		t.Fatal("nothing failed")
	}
	var kept strings.Builder
	for _, table := range []string{"ways", "email_codes"} {
		rows, err := w.DB.QueryContext(t.Context(), `SELECT * FROM `+table)
		w.ok(err)
		columns, err := rows.Columns()
		w.ok(err)
		for rows.Next() {
			cells := make([]any, len(columns))
			for i := range cells {
				cells[i] = new([]byte)
			}
			w.ok(rows.Scan(cells...))
			for _, c := range cells {
				kept.Write(*c.(*[]byte))
			}
		}
		w.ok(rows.Err())
		w.ok(rows.Close())
	}
	for _, secret := range []string{"secret", "127.0.0.1", "nobody.invalid", "hunter2"} {
		if strings.Contains(w.log.String(), secret) || strings.Contains(kept.String(), secret) {
			t.Errorf("%q can be read:\n%s\n%q", secret, &w.log, kept.String())
		}
	}
	if p := w.way(playlists.Email).Problem.String(); !strings.Contains(p, "550") {
		t.Errorf("the e-mail's problem is %q", p)
	}
}
