package browsertest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// EachState shows every state of a gallery in each look. The page at its / links to them all, and they answer with 200,
// whatever status the page has elsewhere.
func EachState(t testing.TB, gallery http.Handler) {
	t.Helper()
	server := httptest.NewServer(gallery)
	t.Cleanup(server.Close)
	tab := Open(t, server.URL, Options{})
	tab.Goto("/")
	shown := 0
	for _, address := range tab.Links() {
		path, here := strings.CutPrefix(address, server.URL+"/")
		if !here {
			continue
		}
		shown++
		tab.ExpectStatus(http.StatusOK)
		tab.Goto(address)
		tab.EachLook(path)
	}
	if shown == 0 {
		t.Errorf("%s/ links to no state", server.URL)
	}
}
