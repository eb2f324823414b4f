package federation

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

func TestActivitiesThatArriveTogetherAreKeptTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const waiting, together = maxWaitingOfDomain - 10, 3 * maxTogether
	w.exec(`INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT 'old' || i, 'x', 'full.example', 'Like', '', '', 1, 1, 0, '' FROM n`, waiting)
	var full, kept, refused atomic.Int32
	var requests sync.WaitGroup
	for n := range together {
		requests.Go(func() {
			host := "a.example"
			if n%3 == 0 {
				host = "full.example"
			}
			actor := "https://" + host + "/users/bob"
			status, err := w.keepActivity(t.Context(), envelope{ID: fmt.Sprint(actor, "#", n), Type: "Follow", Actor: actor, Raw: []byte("{}")})
			switch {
			case status == http.StatusTooManyRequests && err != nil && host == "full.example":
				refused.Add(1)
			case status != http.StatusAccepted || err != nil:
				t.Errorf("%d %v", status, err)
			case host == "full.example":
				full.Add(1)
			default:
				kept.Add(1)
			}
		})
	}
	requests.Wait()
	if full.Load() != 10 || refused.Load() != together/3-10 || kept.Load() != 2*together/3 {
		t.Errorf("%d and %d kept, %d refused", full.Load(), kept.Load(), refused.Load())
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE domain = 'a.example'`); n != 2*together/3 {
		t.Errorf("%d rows", n)
	}
}
