//go:build fedify

package fedifytest

import (
	"net/http"
	"strings"
	"testing"
)

func TestThePeerFollowsItself(t *testing.T) {
	t.Parallel()
	p := Start(t, Options{FirstKnock: Cavage, AuthorizedFetch: true, Tracks: []string{"One", "Two"}})
	fay := p.Lookup(Fay, "@fay@"+strings.TrimPrefix(p.URL, "https://"))
	if fay.Text("id") != p.ID("fay") || fay.Text("type") != "Person" || p.Status(Nobody, p.ID("fay")) != http.StatusUnauthorized {
		t.Errorf("fay: %v", fay)
	}
	items := p.Items(Fay, p.URL+"/lists/mix")
	if len(items) != 2 || items[1].Text("name") != "Two" || items[0].Text("type") != "Audio" {
		t.Errorf("mix: %v", items)
	}

	follow := p.Send("Follow", p.ID("mix"), p.ID("mix"))
	if got := p.Received("Follow"); len(got) != 1 || got[0].Activity.Text("id") != follow || len(got[0].Lost) > 0 {
		t.Errorf("the Follow: %v", got)
	}
	if got := p.Received("Accept"); len(got) != 1 || got[0].Activity.Text("actor") != p.ID("mix") {
		t.Errorf("the Accept: %v", got)
	}
	for _, e := range append(p.Posts("Follow"), p.Posts("Accept")...) {
		if e.Scheme != Cavage || e.Status != http.StatusAccepted {
			t.Errorf("passed: %+v", e)
		}
	}
}

// What a Peer says it has received proves something only if it refuses the rest.
func TestThePeerReceivesNothingUnsigned(t *testing.T) {
	t.Parallel()
	p := Start(t, Options{})
	follow := `{"@context":"https://www.w3.org/ns/activitystreams","id":"` + p.URL + `/1","type":"Follow","actor":"` + p.ID("fay") + `","object":"` + p.ID("mix") + `"}`
	post(t, p.Front, follow, nil, http.StatusUnauthorized)
	post(t, p.Front, follow, http.Header{"Signature": {`keyId="` + p.ID("fay") + `#main-key",headers="date",signature="AAAA"`}}, http.StatusUnauthorized)
	if got := p.Received("Follow"); len(got) > 0 {
		t.Errorf("received %v", got)
	}
}
