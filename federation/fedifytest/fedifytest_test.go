//go:build fedify

package fedifytest

import "testing"

func TestThePeerFindsItself(t *testing.T) {
	t.Parallel()
	p := Start(t, Options{Tracks: []string{"One", "Two"}})
	fay := p.Lookup(Nobody, "@fay@"+p.URL[len("https://"):])
	if fay.Text("id") != p.ID("fay") || fay.Text("type") != "Person" {
		t.Fatalf("%v", fay)
	}
	items := p.Items(Nobody, p.URL+"/lists/mix")
	if len(items) != 2 || items[1].Text("name") != "Two" || items[0].Text("type") != "Audio" {
		t.Errorf("%v", items)
	}
}
