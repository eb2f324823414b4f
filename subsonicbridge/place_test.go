package subsonicbridge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// However a music server cannot be reached, its owner hears where it was sought, and the log does not.
func TestTheLogDoesNotSayWhereAMusicServerIs(t *testing.T) {
	t.Parallel()
	silent := httptest.NewServer(http.NotFoundHandler())
	silent.Close()
	encrypted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(encrypted.Close)
	breaks := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(breaks.Close)
	otherName := encrypted.Client()
	for name, c := range map[string]struct {
		client  *http.Client
		address string
		why     string
	}{
		"nobody listens":  {nil, silent.URL, "refused"},
		"no such name":    {nil, "http://navidrome.invalid", "lookup"},
		"not trusted":     {nil, encrypted.URL, "x509"},
		"of another name": {otherName, strings.Replace(encrypted.URL, "127.0.0.1", "localhost", 1), "x509"},
		"breaks off":      {nil, breaks.URL, "EOF"},
		"a guest's, here": {subsonicbridge.GuestClient(nil), breaks.URL, "prohibited"},
	} {
		host := strings.TrimPrefix(strings.TrimPrefix(c.address, "https://"), "http://")
		_, _, err := subsonicbridge.SignIn(t.Context(), c.client, c.address, "ada", "correct horse")
		logged := playlists.Unnamed(err)
		for _, place := range []string{host, "127.0.0.1", "navidrome.invalid", "localhost", "example.com"} {
			if strings.Contains(logged, place) {
				t.Errorf("%s: %q is logged, which has %s", name, logged, place)
			}
		}
		if !strings.Contains(logged, c.why) || !strings.Contains(playlists.Say(err), host) && c.why != "prohibited" {
			t.Errorf("%s: %q is logged, %q said; want %s and where", name, logged, playlists.Say(err), c.why)
		}
	}
}
