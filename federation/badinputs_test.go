package federation

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// The project keeps a list of what went wrong in other servers, numbered within its parts A (fetching), B
// (signatures), C (JSON), D (actors), E (activities), F (collections) and G (what we send and show). A test against one of these names its number:
// go test -run 'Test.*A14' ./..., or grep -rn A14.
var badInputs = map[string]string{
	"A01": "addresses of this machine and its networks, in any field", "A02": "private IPv4 ranges", "A03": "private IPv6 ranges, and IPv4 within IPv6",
	"A05": "DNS rebinding", "A06": "a name with a public and a private address", "A07": "redirects to private addresses", "A09": "https that becomes http",
	"A10": "documents that speak for another host", "A11": "schemes other than https", "A13": "many spellings of one host", "A14": "bodies that never end",
	"A15": "headers that never end", "A16": "huge bodies, lengths that lie", "A18": "huge JSON", "A19": "content types", "A21": "certificates that are not valid",
	"A22": "wildcard subdomains", "A23": "WebFinger answers for others", "A25": "pages that lead to documents", "A27": "images",
	"B28": "signatures that cannot be read", "B29": "signatures that cover too little", "B31": "other targets, methods and queries", "B32": "digests", "B34": "replays",
	"B36": "algorithms and weak keys", "B37": "odd key ids", "B38": "keys whose owner does not name them", "B40": "stubs", "B41": "changed and unknown keys",
	"B42": "keys that are gone", "B43": "RFC 9421", "B45": "a signature of somebody else", "B47": "signers who are blocked", "B48": "forwarded activities", "B49": "proofs in documents",
	"C50": "what is not a JSON object", "C52": "keys that differ in case", "C53": "odd ids", "C55": "odd objects", "C56": "contexts and keywords", "C58": "odd times",
	"C59": "control characters and endless texts", "C60": "odd numbers",
	"D62": "an id that is another address", "D63": "inboxes and collections elsewhere", "D65": "keys of others, no key", "D66": "odd and equal user names", "D67": "odd types",
	"D68": "pages elsewhere", "D70": "HTML",
	"E71": "Follows of what is not there or secret", "E73": "Follows of several things", "E74": "a flood of Follows", "E75": "answers nobody asked for", "E77": "Undo before Follow",
	"E78": "news about others", "E79": "lists that change their owner", "E81": "Deletes of others", "E82": "Add and Remove by others", "E83": "activities that we do not know",
	"E85": "moves", "E86": "requests about what is not ours", "E87": "what is addressed to nobody here",
	"F88": "pages on another host", "F89": "pages without end", "F91": "odd and too many items", "F92": "items of a famous host", "F94": "owners elsewhere", "F95": "others' followers",
	"F96": "names that break a file format", "F97": "odd identifiers", "F99": "duplicates, and a source that shrinks to nothing", "F100": "a name that is taken", "F101": "floods of news",
	"F103": "stream addresses", "F104": "cover addresses",
	"G105": "secrets in what we show", "G106": "a playlist made private", "G107": "followers-only documents", "G108": "caches", "G110": "Accept headers", "G111": "WebFinger queries",
	"G113": "ways back to others", "G114": "remote follow", "G115": "hostile names in pages", "G116": "dead inboxes", "G118": "two workers, a crash", "G119": "a wrong clock", "G120": "panics",
}

var (
	inName    = regexp.MustCompile(`func Test((?:[A-G]\d{2,3})+)`)
	inSubtest = regexp.MustCompile(`"([A-G]\d{2,3}) `)
	oneNumber = regexp.MustCompile(`[A-G]\d{2,3}`)
)

func TestEveryBadInputHasATest(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "../*/*_test.go", "../*/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no tests: ", err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range append(inName.FindAllStringSubmatch(string(source), -1), inSubtest.FindAllStringSubmatch(string(source), -1)...) {
				for _, number := range oneNumber.FindAllString(m[1], -1) {
					found[number] = true
				}
			}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(badInputs)) {
		if !found[number] {
			t.Errorf("%s (%s) has no test", number, badInputs[number])
		}
	}
}
