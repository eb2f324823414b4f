package federation

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// example is a JSON block of FEDERATION.md and the golden document, in the comment before it, that it shows.
var example = regexp.MustCompile("(?s)<!-- ([a-z_]+) -->\n```json\n(.*?)```\n")

// TestFEDERATIONShowsWhatIsSent compares the examples of FEDERATION.md with the golden documents, which are compared with
// what the program writes. UPDATE_GOLDEN=1 copies them in.
func TestFEDERATIONShowsWhatIsSent(t *testing.T) {
	t.Parallel()
	const file = "../FEDERATION.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	fresh := example.ReplaceAllFunc(text, func(block []byte) []byte {
		m := example.FindSubmatch(block)
		want, err := os.ReadFile(filepath.Join("testdata", "documents", string(m[1])+".json"))
		if err != nil {
			t.Fatal(err)
		}
		shown++
		if !bytes.Equal(m[2], want) {
			if os.Getenv("UPDATE_GOLDEN") == "" {
				t.Errorf("the example %s is not what is sent (UPDATE_GOLDEN=1 go test ./federation copies it in)", m[1])
			}
			return bytes.Join([][]byte{[]byte("<!-- "), m[1], []byte(" -->\n```json\n"), want, []byte("```\n")}, nil)
		}
		return block
	})
	if all := bytes.Count(text, []byte("```json")); shown == 0 || all != shown {
		t.Errorf("%d of %d examples name their document", shown, all)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" && !bytes.Equal(fresh, text) {
		if err := os.WriteFile(file, fresh, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
