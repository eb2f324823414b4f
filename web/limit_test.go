package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// forget lets so much time pass that nobody has asked too often.
func (w *world) forget() { w.clock.forward(time.Hour) }

func TestVisitorsMayNotAskWithoutEnd(t *testing.T) {
	t.Parallel()
	w := setup(t, trustLoopback)
	their := newTheirs(t)
	from := func(client string) answer {
		return w.send(http.MethodPost, "/remote", strings.NewReader("playlist=/%40alice_road_trip&address="+their.bob),
			"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", client)
	}
	for n := range 10 {
		if a := from("192.0.2.1"); a.StatusCode != 200 {
			t.Fatalf("request %d: %d", n, a.StatusCode)
		}
	}
	a := from("192.0.2.1")
	if a.StatusCode != http.StatusTooManyRequests || a.one("h1") != "Too many tries in a short time" || a.Header.Get("Retry-After") != "6" {
		t.Errorf("%d %v\n%s", a.StatusCode, a.Header, a.text)
	}
	if from("203.0.113.9, 192.0.2.1").StatusCode != 429 {
		t.Error("a client gets more by writing addresses into the header")
	}
	if from("192.0.2.2").StatusCode != 200 || w.get("/@alice_road_trip").StatusCode != 200 {
		t.Error("others suffer, or pages")
	}
	w.clock.forward(6 * time.Second)
	if from("192.0.2.1").StatusCode != 200 || from("192.0.2.1").StatusCode != 429 {
		t.Error("after six seconds there is one more")
	}
	// All together.
	served := 0
	for n := range 200 {
		if from("2001:db8:"+string(rune('a'+n%6))+":"+string(rune('0'+n/6%10))+"::1").StatusCode == 200 {
			served++
		}
	}
	if served < 40 || served > 60 {
		t.Errorf("%d of 200 clients were served at once", served)
	}
}

func TestAProxyThatIsNotTrustedIsNamedInTheLogOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range 3 {
		w.do(http.MethodPost, "/remote", "X-Forwarded-For", "192.0.2.1")
	}
	if n := strings.Count(w.log.String(), "SONGFERRY_TRUSTED_PROXIES"); n != 1 {
		t.Errorf("%d times:\n%s", n, w.log)
	}
}
