package federation

import (
	"net/http"
	"strings"
	"testing"
)

func TestG111WebFingerQueriesThatNameNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	host := w.addr().Host()
	for query, status := range map[string]int{
		"": 400, "?resource": 404, "?resource=": 404, "?Resource=acct:alice@" + host: 400, "?rel=self": 400,
		"?resource=acct:alice@" + host + "&resource=acct:alice@" + host: 400,
		"?resource=acct:alice@" + host + "&resource=":                   400,
		"?resource=acct:alice@otherhost.example":                        404,
		"?resource=acct:alice@" + host + ".otherhost.example":           404,
		"?resource=acct:../..":                                          404,
		"?resource=acct:../..@" + host:                                  404,
		"?resource=acct:alice/../bob@" + host:                           404,
		"?resource=acct:alice@" + host + ".":                            404,
		"?resource=acct:alice.@" + host:                                 404,
		"?resource=ACCT:alice@" + host:                                  404,
		"?resource=acct:%00alice@" + host:                               404,
		"?resource=acct:alice%ff@" + host:                               404,
		"?resource=acct:alice@" + host + "%0d%0aX-Evil:%201":            404,
		"?resource=file:///etc/passwd":                                  404,
		"?resource=%":                                                   400,
		"?resource=" + strings.Repeat("a", 900<<10):                     400, // net/http refuses a whole megabyte by itself
		"?" + strings.Repeat("resource=a&", 10_000):                     400,
		"?resource=acct:ALICE@" + strings.ToUpper(host):                 200, // people write names as they like
		"?resource=acct:alice@" + host + "&rel=self&rel=x&unknown=1":    200,
	} {
		a := w.get("/.well-known/webfinger" + query)
		if a.status != status || a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" || a.header.Get("X-Evil") != "" {
			t.Errorf("%.60s: %d %v, want %d", query, a.status, a.header, status)
		}
		if status == 200 && !strings.Contains(a.body, `"subject":"acct:alice@`+host+`"`) {
			t.Errorf("%.60s: %s", query, a.body)
		}
	}
	if a := w.get("/.well-known/webfinger?resource=" + strings.Repeat("a", 1<<20+4096)); a.status < 400 || a.status >= 500 {
		t.Errorf("1 MB: %d", a.status)
	}
	credentials := w.get(fingerPath("acct:alice@"+host), func(r *http.Request) {
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Cookie", "session=1")
	})
	if credentials.header.Get("Access-Control-Allow-Origin") != "*" || credentials.header.Get("Access-Control-Allow-Credentials") != "" || credentials.header.Get("Set-Cookie") != "" {
		t.Errorf("with cookies: %v", credentials.header)
	}
}

func TestG110AcceptHeadersOfAnyKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for accept, machine := range map[string]bool{
		strings.Repeat("text/x;q=0.1,", 10_000) + activityJSON: false,
		strings.Repeat(activityJSON+";q=0,", 10_000):           false,
		activityJSON + "," + strings.Repeat("*/*,", 10_000):    true,
		strings.Repeat(",", 10_000):                            false,
		"text/html;" + strings.Repeat("q=1;", 10_000):          false,
		"*/*":                                 false,
		activityJSON + ";q=0":                 false,
		activityJSON + ";q=0, */*":            false,
		"application/ld+json;q=0, text/html":  false,
		activityJSON + ";q=1e400":             false,
		activityJSON + ";q=-0":                false,
		"\t" + activityJSON + " ; Q=0.5 ;q=1": true,
	} {
		for _, path := range []string{"/@alice", "/ns"} {
			a := w.send(http.MethodGet, path, func(r *http.Request) { r.Header.Set("Accept", accept) })
			if a.status != 200 || strings.HasPrefix(a.body, "{") != machine {
				t.Errorf("%s, %.40s: %d %.40s", path, accept, a.status, a.body)
			}
		}
	}
}
