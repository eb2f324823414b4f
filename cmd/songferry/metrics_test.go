package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What Prometheus reads is documented, and what is documented is there.
func TestMetricsAreOnTheirOwnListenerAndDocumented(t *testing.T) {
	t.Parallel()
	i := installed(t)
	address := freeAddress(t)
	i.settings = append(i.settings, "SONGFERRY_METRICS_LISTEN="+address)
	i.serve()
	if code, _, err := get(i.url+"/@alice_road_trip", "text/html"); err != nil || code != 200 {
		t.Fatal(code, err)
	}
	if _, _, err := get(i.url+"/@nobody", "text/html"); err != nil {
		t.Fatal(err)
	}
	code, body, err := get("http://"+address+"/metrics", "")
	if err != nil || code != 200 {
		t.Fatal(code, err)
	}
	for _, want := range []string{
		`songferry_http_requests_total{route="/@{handle}",status="200"} 1`,
		`songferry_http_requests_total{route="none",status="404"} 1`,
		`songferry_job_rounds_total{job="poll",result="failed"} 0`,
		`songferry_queue_length{queue="deliveries"} 0`,
		`songferry_rows{of="accounts"} 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(body, "\n"+want) {
			t.Errorf("there is no %s in\n%s", want, body)
		}
	}
	if code, own, err := get(i.url+"/metrics", ""); err != nil || code != 404 {
		t.Errorf("the public listener answers %d %.40q %v", code, own, err)
	}
	manual, err := os.ReadFile("../../INSTALL.md")
	if err != nil {
		t.Fatal(err)
	}
	told, there := namesIn(string(manual), "`"), namesIn(body, "# TYPE ")
	for name := range there {
		if !told[name] {
			t.Errorf("INSTALL.md does not name %s", name)
		}
	}
	for name := range told {
		if !there[name] {
			t.Errorf("INSTALL.md names %s, which there is not", name)
		}
	}
}

func namesIn(text, before string) map[string]bool {
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(before+`(songferry_[a-z_]+)`).FindAllStringSubmatch(text, -1) {
		names[m[1]] = true
	}
	return names
}

// A job that hangs makes the bridge unwell; one that fails and goes on does not.
func TestAJobThatStandsStillIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPulse([]job{{name: "poll", every: time.Second}, {name: "tidy", every: time.Hour}}, time.Now())
		for range 60 {
			p.begin("poll", time.Now())
			p.end("poll", time.Now(), time.Now(), 0, os.ErrInvalid)
			time.Sleep(time.Minute)
		}
		if still := p.standing(time.Now()); len(still) != 0 {
			t.Errorf("they stand still: %v", still)
		}
		p.begin("poll", time.Now())
		time.Sleep(29 * time.Minute)
		if still := p.standing(time.Now()); len(still) != 0 {
			t.Errorf("they stand still: %v", still)
		}
		time.Sleep(2 * time.Minute)
		if still := p.standing(time.Now()); len(still) != 2 {
			t.Errorf("a job hangs, another should have run: %v", still)
		}
	})
}
