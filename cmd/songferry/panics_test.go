package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

// A mistake in the program is logged with its place, and without what it was about, wherever it happens.
func TestACrashTellsWhereAndNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "5ec2e7-token"
	crash := func() { panic("no room for " + secret) }
	var log safeBuffer
	b := &bridge{log: Settings{LogLevel: "debug"}.logger(&log)}
	r := chi.NewRouter()
	r.Use(b.survive)
	r.Get("/s/{token}", func(http.ResponseWriter, *http.Request) { crash() })
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/s/"+secret, nil))
	if answer.Code != http.StatusInternalServerError || strings.Contains(answer.Body.String(), secret) {
		t.Errorf("a request that crashes: %d %s", answer.Code, answer.Body)
	}
	j := job{name: "test", loops: 1, every: time.Hour, once: func(context.Context) (int, error) { crash(); return 0, nil }}
	c := newCrew(j, newBell())
	c.log = b.log
	if _, err := c.work(t.Context()); err == nil {
		t.Error("a job that crashes has no error")
	}
	if got := log.String(); strings.Count(got, "TestACrashTellsWhere") < 2 || !strings.Contains(got, "route=/s/{token}") {
		t.Errorf("the log does not say where: %s", got)
	}
	checkLog(t, log.String(), forbidden{secrets: []string{secret}})
}

// A handler that breaks an answer off means that.
func TestAnAnswerThatIsBrokenOffIsNoCrash(t *testing.T) {
	t.Parallel()
	var log safeBuffer
	b := &bridge{log: Settings{}.logger(&log)}
	server := httptest.NewServer(b.survive(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })))
	t.Cleanup(server.Close)
	if res, err := http.Get(server.URL); err == nil {
		res.Body.Close()
		t.Errorf("it was answered: %s", res.Status)
	}
	if log.String() != "" {
		t.Errorf("logged: %s", log.String())
	}
}

// What net/http complains of is at level debug, without the visitor's address.
func TestComplaintsNameNoVisitor(t *testing.T) {
	t.Parallel()
	var log safeBuffer
	b := &bridge{log: Settings{LogLevel: "debug"}.logger(&log)}
	complaints := b.complaints()
	complaints.Print("http: TLS handshake error from 203.0.113.7:41234: EOF")
	complaints.Print("http: TLS handshake error from [2001:db8::7]:41234: EOF")
	if got := log.String(); strings.Count(got, "handshake error from …: EOF") != 2 {
		t.Errorf("logged: %s", got)
	}
	checkLog(t, log.String(), forbidden{secrets: []string{"203.0.113", "2001:db8"}})
}
