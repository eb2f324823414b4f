package federationtest

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestInstancesTalkToEachOther(t *testing.T) {
	t.Parallel()
	a, b := New(t), NewTLS(t)
	alice := a.AddActor("alice", map[string]any{"type": "Service", "outbox": nil})
	note := map[string]any{"type": "Note", "actor": alice.ID}
	if status := a.Send(alice, b.URL+"/users/bob/inbox", note); status != http.StatusAccepted {
		t.Errorf("status %d", status)
	}
	a.MoveKey(alice, "second-key")
	a.Send(alice, b.URL+"/inbox", note)
	got := b.Received()
	if len(got) != 2 || got[0].Err != nil || got[1].Err != nil || got[0].Signer != alice.ID || got[0].Activity["type"] != "Note" {
		t.Fatalf("received %+v", got)
	}
	if got[0].KeyID == got[1].KeyID || got[0].Path != "/users/bob/inbox" {
		t.Errorf("received %+v", got)
	}
	if alice.Document["type"] != "Service" || alice.Document["outbox"] != nil {
		t.Errorf("document: %v", alice.Document)
	}
}

func TestBadDeliveriesAreRecordedAndRefused(t *testing.T) {
	t.Parallel()
	a, b := New(t), New(t)
	alice := a.AddActor("alice", nil)
	body := []byte(`{"actor":"` + alice.ID + `"}`)
	for name, tamper := range map[string]func(r *http.Request){
		"unsigned":   func(r *http.Request) { r.Header.Del("Signature") },
		"other body": func(r *http.Request) { r.Header.Set("Digest", Digest([]byte("x"))) },
		"other path": func(r *http.Request) { r.URL.Path = "/users/x/inbox" },
		"other date": func(r *http.Request) { r.Header.Set("Date", time.Now().Add(time.Second).UTC().Format(http.TimeFormat)) },
		"stale":      func(r *http.Request) { r.Header.Set("Date", "Sat, 01 Aug 2020 12:00:00 GMT") },
		"unknown key": func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), "#main", "#x", 1))
		},
	} {
		r, err := http.NewRequest(http.MethodPost, b.URL+"/inbox", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		Prepare(r, body, time.Now())
		alice.Signature().Sign(t, r)
		tamper(r)
		resp, err := peer.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		all := b.Received()
		if last := all[len(all)-1]; resp.StatusCode != http.StatusUnauthorized || last.Err == nil || last.Signer != "" {
			t.Errorf("%s: status %d, %+v", name, resp.StatusCode, last)
		}
	}
	alice.ID = b.URL + "/users/other"
	if status := a.Send(alice, b.URL+"/inbox", map[string]any{"actor": alice.ID}); status != http.StatusUnauthorized {
		t.Errorf("another actor: status %d", status)
	}
}

func TestAnInstanceCanDemandSignatures(t *testing.T) {
	t.Parallel()
	i := New(t)
	doc := i.Put("/doc", map[string]any{"id": i.URL + "/doc"})
	if _, err := fetch(doc); err != nil {
		t.Error(err)
	}
	i.RequireSignatures()
	if _, err := fetch(doc); err == nil {
		t.Error("an unsigned read was answered")
	}
}
