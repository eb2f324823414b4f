package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// worthwhile is from how many bytes on a body is compressed: below, it fits one packet anyway.
const worthwhile = 1400

// compressors are reused: one takes hundreds of kilobytes. A page of text becomes an eighth of itself at the best speed
// already, and whoever waits for the first byte waits for this.
var compressors = sync.Pool{New: func() any { return newCompressor() }}

func newCompressor() *gzip.Writer {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // there is that level
	}
	return z
}

// compressed returns a body as its reader takes it, and sets the headers that say so. A reverse proxy that is set up in one
// line does not compress. Nothing that is compressed holds both a secret and what a stranger wrote (BREACH).
func compressed(w http.ResponseWriter, r *http.Request, mediaType string, body []byte) []byte {
	if len(body) < worthwhile || !isText(mediaType) {
		return body
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if !takesGzip(r) {
		return body
	}
	w.Header().Set("Content-Encoding", "gzip")
	var b bytes.Buffer
	z, ok := compressors.Get().(*gzip.Writer)
	if !ok {
		z = newCompressor()
	}
	defer compressors.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func isText(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "json") || strings.HasSuffix(mediaType, "xml") || strings.HasSuffix(mediaType, "javascript")
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3).
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}
