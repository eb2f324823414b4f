package web_test

import (
	"net/http"
	"testing"
)

func TestThePageOfWordsExplainsEachUnderItsName(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := w.get("/ns")
	if a.StatusCode != http.StatusOK || a.one("#track dt") != "track of Audio: a Track" || a.one("#track .example") != `"track": {}` || a.one("#track dd.quiet") != "Funkwhale: https://funkwhale.audio/ns#track" {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
}
