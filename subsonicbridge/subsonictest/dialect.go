package subsonictest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"regexp"
)

// Dialect is the real server whose behaviour a Server imitates.
type Dialect string

const (
	Navidrome Dialect = "navidrome" // 0.63.2
	Gonic     Dialect = "gonic"     // 0.22.0
	Supysonic Dialect = "supysonic" // 0.7.2
	LMS       Dialect = "lms"       // 3.70, Lightweight Music Server, with passwords switched off
)

// Dialects are all that a Server can imitate.
var Dialects = []Dialect{Navidrome, Gonic, Supysonic, LMS}

// traits are the differences that are data. Differences of behaviour stand where the behaviour is.
type traits struct {
	envelope  object // of every answer, after status
	ids       ids
	timestamp string // layout
	xmlType   string // content type of XML

	tokens, passwords, apiKeys bool

	missing   func(parameter string) string // message of error 10
	forbidden string                        // message of error 50
	gone      string                        // message of error 70 for a playlist
}

var dialects = map[Dialect]traits{
	Navidrome: {
		envelope:  object{{"version", "1.16.1"}, {"type", "navidrome"}, {"serverVersion", "0.63.2 (be10f89c1)"}, {"openSubsonic", true}},
		ids:       ids{song: base62, playlist: base62, form: regexp.MustCompile(`^`)},
		timestamp: "2006-01-02T15:04:05.000000000Z",
		xmlType:   "application/xml",
		tokens:    true, passwords: true,
		missing:   func(p string) string { return fmt.Sprintf("missing parameter: '%s'", p) },
		forbidden: "User is not authorized for the given operation",
		gone:      "playlist not found",
	},
	Gonic: {
		envelope:  object{{"version", "1.15.0"}, {"type", "gonic"}, {"serverVersion", "0.22.0"}, {"openSubsonic", true}},
		ids:       ids{song: numbered("tr"), playlist: gonicPath, form: regexp.MustCompile(`^(tr|al|ar)-[0-9]+$|^pl-[-_=A-Za-z0-9]+$`)},
		timestamp: "2006-01-02T15:04:05.000000000Z",
		xmlType:   "application/xml",
		tokens:    true, passwords: true,
		missing:   func(p string) string { return fmt.Sprintf("please provide an `%s` parameter", p) },
		forbidden: "you aren't allowed to read that user's playlist",
	},
	Supysonic: {
		envelope:  object{{"version", "1.10.2"}},
		ids:       ids{song: uuid, playlist: uuid, form: regexp.MustCompile(`^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)},
		timestamp: "2006-01-02T15:04:05",
		xmlType:   "text/xml; charset=utf-8",
		passwords: true,
		missing:   func(string) string { return "A required parameter is missing." },
		forbidden: "User is not authorized for the given operation.",
		gone:      "Playlist not found",
	},
	LMS: {
		envelope:  object{{"version", "1.16.0"}, {"type", "lms"}, {"serverVersion", "v3.70.0"}, {"openSubsonic", true}},
		ids:       ids{song: numbered("tr"), playlist: numbered("pl"), form: regexp.MustCompile(`^[a-z]{2}-[0-9]+$`)},
		timestamp: "2006-01-02T15:04:05.000Z",
		xmlType:   "text/xml",
		apiKeys:   true,
		missing:   func(p string) string { return fmt.Sprintf("Required parameter '%s' is missing.", p) },
		forbidden: "User is not authorized for the given operation.",
		gone:      "The requested data was not found.",
	},
}

// ids is how a server names things. n is unique among everything that the server ever named.
type ids struct {
	song, playlist func(n, epoch int) string
	form           *regexp.Regexp // of an id that the server can read
}

func base62(n, epoch int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	x, rest := new(big.Int).SetBytes(digest(n, epoch)), new(big.Int)
	id := make([]byte, 22)
	for i := range id {
		x.DivMod(x, big.NewInt(62), rest)
		id[i] = digits[rest.Int64()]
	}
	return string(id)
}

func uuid(n, epoch int) string {
	d := digest(n, epoch)
	return fmt.Sprintf("%x-%x-%x-%x-%x", d[0:4], d[4:6], d[6:8], d[8:10], d[10:16])
}

func digest(n, epoch int) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d", n, epoch))
	return sum[:]
}

func numbered(prefix string) func(n, epoch int) string {
	return func(n, _ int) string { return fmt.Sprintf("%s-%d", prefix, n) }
}

// gonicPath: the id of a playlist is where its file is.
func gonicPath(n, _ int) string {
	path := fmt.Sprintf("1/%d.m3u", 1795408085000+int64(n))
	return "pl-" + base64.URLEncoding.EncodeToString([]byte(path))
}
