package fedifytest

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

// post POSTs to the inbox behind a Front, and wants a status.
func post(t *testing.T, f *Front, body string, header http.Header, want int) {
	t.Helper()
	ca, err := os.ReadFile(f.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+"/inbox", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("Content-Type", "application/activity+json")
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != want {
		t.Errorf("POST with %v: %d, want %d", header, res.StatusCode, want)
	}
}

func TestAFrontKeepsWhatPassesAndRefuses(t *testing.T) {
	t.Parallel()
	f := NewFront(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "https://"+r.Host != f.URL {
			t.Errorf("the server sees the host %s", r.Host)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(server.Close)
	cavage, message := http.Header{"Signature": {"x"}}, http.Header{"Signature": {"x"}, "Signature-Input": {"y"}}

	post(t, f, `{"type":"Like"}`, cavage, http.StatusBadGateway)
	f.Forward(server.URL)
	post(t, f, `{"type":"Follow"}`, nil, http.StatusAccepted)
	post(t, f, `{"type":"Follow"}`, cavage, http.StatusAccepted)
	f.Refuse(Cavage)
	post(t, f, `{"type":"Follow"}`, cavage, http.StatusUnauthorized)
	post(t, f, `{"type":"Follow"}`, message, http.StatusAccepted)

	var want []Exchange
	for _, e := range []Exchange{{Scheme: Unsigned, Status: 202}, {Scheme: Cavage, Status: 202}, {Scheme: Cavage, Status: 401}, {Scheme: RFC9421, Status: 202}} {
		e.Method, e.Path, e.Activity = http.MethodPost, "/inbox", "Follow"
		want = append(want, e)
	}
	if got := f.Posts("Follow"); !slices.Equal(got, want) {
		t.Errorf("passed %+v", got)
	}
	if got := f.Passed(); len(got) != 5 || got[0].Status != http.StatusBadGateway {
		t.Errorf("passed %+v", got)
	}
}
