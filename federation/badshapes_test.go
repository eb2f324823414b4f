package federation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// TestBadShapesInTheInbox sends signed activities of every odd shape to the real handler. 202 stands for "dropped or kept,
// and nobody is harmed": the world is the same afterwards unless a case says otherwise.
func TestBadShapesInTheInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, contexts := w.instance(), w.instance()
	bob := other.AddActor("bob", nil)
	road := w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)
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
