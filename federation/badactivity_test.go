package federation

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// TestBadShapesInTheInbox sends signed activities of every odd shape to the real handler. 202 stands for "dropped or kept,
// and nobody is harmed": the world is the same afterwards unless a case says otherwise.
func TestBadShapesInTheInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, contexts := w.instance(), w.instance()
	bob := other.AddActor("bob", nil)
	road := w.addr.Actor(w.publish("Road trip", playlists.Public).PublicID)
	w.post(bob, text(t, activity(bob, "Like", 1, road))) // so that his key is known
	// follow is bob's Follow with members of its own, which are raw JSON.
	follow := func(members map[string]string) []byte {
		all := map[string]string{"@context": `"` + activityStreams + `"`, "id": fmt.Sprintf("%q", bob.ID+"#f"), "type": `"Follow"`, "actor": fmt.Sprintf("%q", bob.ID), "object": fmt.Sprintf("%q", road)}
		for k, v := range members {
			all[k] = v
		}
		var b strings.Builder
		for k, v := range all {
			if v != "" {
				fmt.Fprintf(&b, ",%q:%s", k, v)
			}
		}
		return []byte("{" + b.String()[1:] + "}")
	}
	with := func(key, value string) []byte { return follow(map[string]string{key: value}) }
	plain := follow(nil)
	deep := func(n int) string {
		return strings.Repeat(`{"id":"`+bob.ID+`#u","type":"Undo","actor":"`+bob.ID+`","object":`, n) + `"` + road + `"` + strings.Repeat("}", n)
	}
	utf16 := func(s []byte) (out []byte) {
		for _, c := range s {
			out = append(out, c, 0)
		}
		return append([]byte{0xff, 0xfe}, out...)
	}
	hostile := fmt.Sprintf(`[%q,"http://127.0.0.1:1/x","file:///etc/passwd"]`, contexts.URL+"/context")
	for name, c := range map[string]struct {
		body    []byte
		status  int
		follows bool // is it a Follow of bob's all the same?
	}{
		"C50 nothing":            {nil, 400, false},
		"C50 not JSON":           {[]byte("hello"), 400, false},
		"C50 a list":             {append(append([]byte("["), plain...), ']'), 400, false},
		"C50 a text":             {[]byte(`"hello"`), 400, false},
		"C50 a number":           {[]byte(`7`), 400, false},
		"C50 null":               {[]byte("null"), 400, false},
		"C50 byte order mark":    {append([]byte("\ufeff"), plain...), 400, false},
		"C50 UTF-16":             {utf16(plain), 400, false},
		"C50 invalid UTF-8":      {with("summary", "\"\xff\xfe\""), 400, false},
		"C50 overlong UTF-8":     {with("summary", "\"\xc0\xaf\""), 400, false},
		"C50 trailing garbage":   {append(plain, " x"...), 400, false},
		"C50 two documents":      {append(plain, plain...), 400, false},
		"C50 a comment":          {append([]byte("/* x */"), plain...), 400, false},
		"C50 form feed":          {append([]byte("\f"), plain...), 400, false},
		"C52 Actor beside actor": {with("Actor", `"https://victim.example/u"`), 400, false},
		"C52 ID beside id":       {with("ID", `"https://victim.example/1"`), 400, false},
		"C52 typE beside type":   {with("typE", `"Delete"`), 400, false},
		"C52 OBJECT beside":      {with("OBJECT", `"`+bob.ID+`"`), 400, false},
		"C52 the same twice":     {[]byte(strings.Replace(string(plain), "{", `{"actor":"https://victim.example/u",`, 1)), 400, false},
		"C52 only Actor":         {follow(map[string]string{"actor": "", "Actor": fmt.Sprintf("%q", bob.ID)}), 400, false},
		"C52 only Type":          {follow(map[string]string{"type": "", "Type": `"Follow"`}), 400, false},
		"C52 only Object":        {follow(map[string]string{"object": "", "Object": fmt.Sprintf("%q", road)}), 202, false},
		"C52 Kelvin sign":        {follow(map[string]string{"key": "1", "\u212aey": "2"}), 400, false},
		"C53 no id":              {with("id", ""), 400, false},
		"C53 null":               {with("id", `null`), 400, false},
		"C53 a number":           {with("id", `7`), 400, false},
		"C53 an object":          {with("id", `{"id":"`+bob.ID+`#f"}`), 400, false},
		"C53 a list":             {with("id", `["`+bob.ID+`#f"]`), 400, false},
		"C53 relative":           {with("id", `"/follows/1"`), 400, false},
		"C53 empty":              {with("id", `""`), 400, false},
		"C53 only a fragment":    {with("id", `"#f"`), 400, false},
		"C53 on another host":    {with("id", `"https://victim.example/1"`), 400, false},
		"C53 on another port":    {with("id", `"http://127.0.0.1:1/1"`), 400, false},
		"C53 user info":          {with("id", `"http://x@`+other.Host()+`/1"`), 400, false},
		"C53 a URN":              {with("id", `"urn:uuid:1"`), 400, false},
		"C55 no object":          {with("object", ""), 202, false},
		"C55 null":               {with("object", `null`), 202, false},
		"C55 an object":          {with("object", `{"id":"`+road+`","type":"Service"}`), 202, true},
		"C55 a list of one":      {with("object", `["`+road+`"]`), 202, true},
		"C55 10,000":             {with("object", `["`+bob.ID+`"`+strings.Repeat(`,"`+road+`"`, 10_000)+`]`), 202, false},
		"C55 30,000":             {with("object", `["`+bob.ID+`"`+strings.Repeat(`,{}`, 30_000)+`]`), 400, false},
		"C55 Undo ten deep":      {follow(map[string]string{"type": `"Undo"`, "object": deep(10)}), 202, false},
		"C55 Undo fifty deep":    {follow(map[string]string{"type": `"Undo"`, "object": deep(50)}), 400, false},
		"C55 id in an id":        {with("object", `{"id":{"id":"`+road+`"}}`), 202, false},
		"C56 no context":         {with("@context", ""), 202, true},
		"C56 hostile contexts":   {with("@context", hostile), 202, true},
		"C56 words redefined": {with("@context", `{"id":"@type","type":"https://x.example/t","actor":"as:object","object":"as:actor","@base":"https://victim.example/","@vocab":"https://x.example/#",
			"Follow":"as:Delete","x":{"@reverse":"as:actor"}}`), 202, true},
		"C56 @graph":               {with("@graph", `[]`), 400, false},
		"C56 @reverse":             {with("@reverse", `{}`), 400, false},
		"C56 @included":            {with("@included", `[]`), 400, false},
		"C56 @graph deep inside":   {with("object", `{"id":"`+road+`","x":{"@graph":[]}}`), 400, false},
		"C56 @id and @type":        {follow(map[string]string{"id": "", "type": "", "@id": `"` + bob.ID + `#f"`, "@type": `"Follow"`}), 400, false},
		"C56 long names":           {follow(map[string]string{"type": `"` + activityStreams + `#Follow"`}), 202, false},
		"C58 times out of reach":   {follow(map[string]string{"published": `"0000-00-00T99:99:99Z"`, "updated": `-1e308`}), 202, true},
		"C59 control characters":   {with("summary", `"\u0000\u001b[31m\u202e\ud800 x\u0007"`), 202, true},
		"C59 in the id":            {with("id", `"`+bob.ID+`#\u0000\u001b[2J"`), 400, false},
		"C59 a type without end":   {with("type", `"`+strings.Repeat("Follow", 20)+`"`), 400, false},
		"C59 a type of a list":     {with("type", `["Follow","Delete"]`), 202, true},
		"C59 a type of an object":  {with("type", `{"Follow":1}`), 400, false},
		"C59 many zalgo":           {with("summary", `"`+strings.Repeat("Z\u0351\u0352\u0353", 10_000)+`"`), 202, true},
		"C60 odd numbers":          {with("totalItems", `-9223372036854775809`), 202, true},
		"C60 a number of 100 bits": {with("x", strings.Repeat("9", 100)), 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			w.exec(`DELETE FROM inbox`)
			w.exec(`DELETE FROM followers`)
			a := w.post(bob, c.body)
			if a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
			w.step(w.InboxOnce)
			if n := w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, bob.ID); (n == 1) != c.follows || w.count(`SELECT COUNT(*) FROM followers`) != n {
				t.Errorf("%d followers", n)
			}
		})
	}
	if n := len(contexts.Requests("")); n != 0 {
		t.Errorf("%d contexts were fetched", n)
	}
}

func TestC58ATimeNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	for members, want := range map[string][2]string{
		`"published":"2026-01-02T03:04:05Z","updated":"2025-01-02T03:04:05Z"`:      {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"},
		`"published":"2036-01-02T03:04:05Z","updated":"2036-01-02T03:04:06+02:00"`: {"2036-01-02T03:04:05Z", "2036-01-02T03:04:05Z"},
		`"published":"-0001-01-02T03:04:05Z","updated":"2026-13-45T03:04:05Z"`:     {"", ""},
		`"published":"2026-01-02"`: {"", ""},
	} {
		c, err := decodeCollection(collectionWith(`"attributedTo":"https://m.example/u",` + members))
		if err != nil || dateTime(c.Published) != want[0] || dateTime(c.Updated) != want[1] {
			t.Errorf("%s: %v, %s to %s", members, err, dateTime(c.Published), dateTime(c.Updated))
		}
	}
}

// syncBuffer is a log that a test reads while others write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestC59NothingFromOutsideMovesTheCursorOfWhoReadsTheLog(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	w := newWorld(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	other := w.instance()
	const odd = "\x1b[31mred\x1b]0;title\x07\r\nlevel=ERROR msg=forged \u202e"
	bob := other.AddActor("bob", map[string]any{"name": odd, "preferredUsername": odd})
	mix := w.list(other, "mix", "One")
	other.Change(mix.actor, map[string]any{"name": odd})
	want := w.wants(w.alice, mix.actor.ID)
	for _, body := range [][]byte{
		text(t, activity(bob, odd, 1, odd)), []byte(odd), text(t, map[string]any{"id": bob.ID + "#" + odd, "type": "Follow", "actor": bob.ID}),
		text(t, map[string]any{"id": bob.ID, "type": "Follow", "actor": bob.ID + odd}),
	} {
		w.post(bob, body)
		w.post(bob, body, func(r *http.Request) { r.Header.Set("Content-Type", "x/\u202e") })
	}
	forged := *bob
	forged.KeyID += "\u202e%1b"
	w.post(&forged, text(t, activity(bob, "Follow", 1, bob.ID)))
	other.Fail(mix.path(), func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", activityJSON)
		send(rw, []byte(`{"id":"`+mix.id+`","type":"\u001b[31m"}`))
	})
	w.reads(want.Playlist)
	w.steps()
	if got := log.String(); got == "" || strings.ContainsAny(got, "\x1b\x07\r\u202e") || strings.Contains(got, "\nlevel=") {
		t.Errorf("logged %q", got)
	}
}

func TestC59NamesOfOthersAreCleanedOnArrival(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		`a\u0000b`: "ab", `a\u202eb\u2066c`: "abc", `\ud800x`: "x", `a\u001b[31mb`: "a[31mb", `  a\nb  `: "a b", strings.Repeat("x", 1<<19): strings.Repeat("x", playlists.MaxText),
	} {
		a, err := decodeActor(actorWith(`"name":"` + given + `"`))
		if err != nil || a.Name != want {
			t.Errorf("%.40s becomes %.40q (%v), want %.40q", given, a.Name, err, want)
		}
	}
}

func TestD65WhoHasNoKeyFollowsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	road := w.addr.Actor(w.publish("Road trip", playlists.Public).PublicID)
	eve := other.AddActor("eve", nil)
	for name, change := range map[string]map[string]any{
		"no key":            {"publicKey": nil},
		"another's key":     {"publicKey": map[string]any{"id": eve.KeyID, "owner": other.URL + "/users/bob", "publicKeyPem": "x"}},
		"no key in the key": {"publicKey": map[string]any{"id": eve.KeyID, "owner": eve.ID, "publicKeyPem": "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"}},
		"text for a key":    {"publicKey": eve.KeyID},
	} {
		w.clock.forward(time.Hour)
		other.Change(eve, change)
		if a := w.post(eve, text(t, activity(eve, "Follow", 1, road))); a.status != 401 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Errorf("%d followers", n)
	}
}

func TestD66TwoActorsOfOneNameAreTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.publish("Friends", playlists.Followers)
	one, two := other.AddActor("one", map[string]any{"preferredUsername": "bob"}), other.AddActor("two", map[string]any{"preferredUsername": "bob"})
	w.follow(other, one, 1, w.addr.Actor(pub.PublicID))
	w.follow(other, two, 2, w.addr.Actor(pub.PublicID))
	w.ok(w.Decide(t.Context(), pub.PublicID, one.ID, true))
	got, err := w.Followers(t.Context(), pub.PublicID)
	if err != nil || len(got) != 2 || got[0].ID != two.ID || got[0].Approved || !got[1].Approved {
		t.Errorf("%+v, %v", got, err)
	}
	// Another name does not change who it is.
	other.Change(two, map[string]any{"preferredUsername": "../../one"})
	w.clock.forward(2 * actorFresh)
	w.follow(other, two, 3, w.addr.Actor(pub.PublicID))
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE state = 'accepted'`); n != 1 {
		t.Errorf("%d are approved", n)
	}
}

func TestE74TooManyFollowsOfADomainComeBackLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	road := w.addr.Actor(w.publish("Road trip", playlists.Public).PublicID)
	bob := other.AddActor("bob", nil)
	// As if nobody acted on them: the queue is full.
	statuses := map[int]int{}
	for n := range maxWaitingOfDomain - 5 {
		w.exec(`INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error) VALUES ($1, $1, '127.0.0.1', 'Like', '', '', 1, 1, 0, '')`, fmt.Sprint(n))
	}
	for n := range 10 {
		statuses[w.post(bob, text(t, activity(bob, "Follow", n, road))).status]++
	}
	if statuses[202] != 5 || statuses[429] != 5 {
		t.Errorf("answered %v", statuses)
	}
	// As if they were acted on at once, all within the hour.
	w.exec(`UPDATE inbox SET due = 0`)
	w.quotas.domains["127.0.0.1"].kept = maxKept - 1
	follow := text(t, activity(bob, "Follow", 10_000, road))
	if a := w.post(bob, follow); a.status != 202 {
		t.Errorf("the last of the hour: %+v", a)
	}
	if a := w.post(bob, text(t, activity(bob, "Follow", 10_001, road))); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("beyond: %+v", a)
	}
	w.clock.forward(quotaTime)
	if a := w.post(bob, text(t, activity(bob, "Follow", 10_001, road))); a.status != 202 {
		t.Errorf("an hour later: %+v", a)
	}
}

func TestE81OnlyAnActorItselfIsDeletedByIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, elsewhere := w.instance(), w.instance()
	pub := w.publish("Road trip", playlists.Public)
	bob, carol := other.AddActor("bob", nil), other.AddActor("carol", nil)
	w.follow(other, bob, 1, w.addr.Actor(pub.PublicID))
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	still := func(name string) {
		t.Helper()
		w.steps()
		if n := w.count(`SELECT COUNT(*) FROM followers`); n != 1 {
			t.Errorf("%s: %d followers", name, n)
		}
		if p, err := w.store.Get(t.Context(), want.Playlist); err != nil || !p.Withdrawn.IsZero() || len(p.Tracks) != 1 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	stranger := elsewhere.AddActor("stranger", nil)
	tombstone := func(id string) map[string]any { return map[string]any{"id": id, "type": "Tombstone"} }
	for n, by := range []*federationtest.Actor{carol, mix.actor, stranger} {
		for m, object := range []any{bob.ID, tombstone(bob.ID), mix.id, tombstone(mix.id), mix.actor.ID + "x", w.addr.Actor(pub.PublicID), tombstone(w.addr.Collection(pub.PublicID)),
			w.addr.Actor(w.alice.PublicID), []any{bob.ID, mix.id}, nil, map[string]any{"id": []any{bob.ID}}} {
			if status := w.post(by, text(t, activity(by, "Delete", 100*n+m, object))).status; status != 202 {
				t.Errorf("Delete of %v by %s: %d", object, by.Name, status)
			}
		}
		still("Deletes by " + by.Name)
	}

	// A playlist that says it is gone is looked at: it is still there.
	w.post(mix.actor, text(t, activity(mix.actor, "Delete", 1000, mix.actor.ID)))
	still("a Delete that is not true")

	// One that is gone is withdrawn here, with the tracks that were known; what alice has of her own is hers.
	other.Fail(mix.path(), federationtest.Status(http.StatusGone))
	other.Fail("/users/mix", federationtest.Status(http.StatusGone))
	w.exec(`UPDATE remote_actors SET fetched = $1`, w.clock.now().UnixMilli())
	w.clock.forward(time.Minute)
	w.reads(want.Playlist)
	if p, err := w.store.Get(t.Context(), want.Playlist); err != nil || p.Withdrawn.IsZero() || len(p.Tracks) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := w.store.Get(t.Context(), pub.Playlist); err != nil || len(p.Tracks) != 2 {
		t.Errorf("alice's own: %+v, %v", p, err)
	}

	// Bob leaves.
	w.post(bob, text(t, activity(bob, "Delete", 1, bob.ID)))
	w.steps()
	if n := w.count(`SELECT (SELECT COUNT(*) FROM followers) + (SELECT COUNT(*) FROM remote_actors WHERE id = $1)`, bob.ID); n != 0 {
		t.Errorf("%d rows of bob are left", n)
	}
}

func TestF95SomebodyElsesFollowersAreNotTheWorld(t *testing.T) {
	t.Parallel()
	for addressees, want := range map[string]playlists.Audience{
		`"to":["https://victim.example/users/v/followers"]`: playlists.Followers, `"to":["` + publicCollection + `"]`: playlists.Public,
		`"to":[],"cc":["as:Public"]`: playlists.Unlisted, `"bto":["` + publicCollection + `"]`: "", `"to":["Public"]`: "",
		`"to":[{"id":"` + publicCollection + `"}]`: playlists.Public, `"audience":["` + publicCollection + `"]`: "",
	} {
		c, err := decodeCollection(collectionWith(`"attributedTo":"https://m.example/u",` + addressees))
		if err != nil || c.Audience != want {
			t.Errorf("%s: %q, %v, want %q", addressees, c.Audience, err, want)
		}
	}
}

func TestF101AFloodOfNewsIsOneReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	w.wants(w.alice, mix.actor.ID)
	w.steps()
	before := len(other.Requests(mix.path()))
	for n := range 100 {
		w.post(mix.actor, text(t, activity(mix.actor, "Update", n, mix.document("One"))))
		w.step(w.InboxOnce)
		w.step(w.RefreshOnce)
		w.clock.forward(refreshSpace / 10)
	}
	w.clock.forward(2 * refreshSpace)
	w.step(w.RefreshOnce)
	if n := len(other.Requests(mix.path())) - before; n < 1 || n > 12 {
		t.Errorf("read %d times in ten seconds", n)
	}
}

func TestG120APanicOverOneActivityHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	var armed sync.Map // to how many calls of the clock are left
	w := newWorld(t, func(c *Config) {
		now := c.Now
		c.Now = func() time.Time {
			if left, ok := armed.LoadAndDelete("calls"); ok {
				if left == 0 {
					panic("a document that nobody thought of")
				}
				armed.Store("calls", left.(int)-1)
			}
			return now()
		}
	})
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	w.step(w.InboxOnce)
	w.post(mix.actor, text(t, activity(mix.actor, "Update", 1, mix.id)))
	w.post(mix.actor, text(t, activity(mix.actor, "Update", 2, mix.id)))
	armed.Store("calls", 2) // the first two find what is due and begin, the third is in the middle of the first Update
	if n, err := w.InboxOnce(t.Context()); n != 2 || err != nil {
		t.Errorf("acted on %d, %v", n, err)
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`); n != 1 || !w.due(want.Playlist) {
		t.Errorf("%d are to be tried again", n)
	}
	w.clock.forward(time.Hour)
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`); n != 0 {
		t.Errorf("%d wait", n)
	}
}
