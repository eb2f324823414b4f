package web_test

import (
	"net/http"
	"testing"

	"github.com/songferry/songferry/federation"
)

func TestThePageOfWordsExplainsEachUnderItsName(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := w.get("/ns")
	if a.StatusCode != http.StatusOK || a.one("#track dt") != "track of Audio: a Track" || a.one("#track .example") != `"track": {"type": "Track", …}` ||
		a.one("#track dd.quiet") != "Funkwhale, FEP-be68: https://funkwhale.audio/ns#track" || len(a.all(".term")) != len(federation.Vocabulary()) {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
}
