package subsonictest

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is one call that the Server received, whatever became of it.
type Request struct {
	Method string     // of the API: "getPlaylists"
	HTTP   string     // "GET" or "POST"
	Query  string     // what stood in the address, where it gets into logs
	Params url.Values // from address and body together, without those of authentication
}

// maxRequests bounds the log: `songferry demo` runs for long and never reads it.
const maxRequests = 10_000

// Requests returns what was received since the last call.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.requests
	s.requests = nil
	return out
}

// Limits of a request.
const (
	maxBody          = 32 << 20
	maxRequestLine   = 4094   // supysonic under gunicorn, in bytes
	maxGoParameters  = 10_000 // Navidrome and gonic: Go's net/url
	authenticationBy = "u p t s apiKey f v c"
)

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimSuffix(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], ".view")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "Request Entity Too Large", http.StatusRequestEntityTooLarge)
		return
	}
	params := parse(r.URL.RawQuery + "&" + string(body))
	mode := s.log(method, r, params)
	switch {
	case misbehave(mode, w, r):
	case !strings.Contains(r.URL.Path, "/rest/"):
		writePage(w, http.StatusOK, "The pages of "+string(s.dialect))
	case s.dialect == Supysonic && len(r.Method+" "+r.RequestURI+" HTTP/1.1") > maxRequestLine:
		writePage(w, http.StatusBadRequest, "<h1><p>Bad Request</p></h1>Request Line is too large")
	default:
		s.answer(w, method, params)
	}
}

func (s *Server) answer(w http.ResponseWriter, method string, params url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	format := params.Get("f")
	if err := s.countParameters(params); err != nil {
		s.writeError(w, format, err)
		return
	}
	u, refusal := s.authenticate(params)
	if refusal != nil && !(method == "getOpenSubsonicExtensions" && (s.dialect == Navidrome || s.dialect == LMS)) {
		s.writeError(w, format, refusal)
		return
	}
	if method == "getCoverArt" {
		s.getCoverArt(w, request{user: u, Values: params})
		return
	}
	if s.dialect == Navidrome && s.shares == nil && isShare(method) {
		writePage(w, http.StatusNotImplemented, "This endpoint is not implemented, but may be in future releases") // Navidrome's h501
		return
	}
	call, known := methods[method]
	if !known || s.dialect == Supysonic && method == "getOpenSubsonicExtensions" || s.dialect != Navidrome && isShare(method) {
		s.unknownMethod(w, format)
		return
	}
	body, failure := call(s, request{user: u, Values: params})
	if failure != nil {
		s.writeError(w, format, failure)
		return
	}
	s.writeOK(w, format, body)
}

// parse reads parameters without the limit of net/url, which is not every server's.
func parse(encoded string) url.Values {
	params := url.Values{}
	for pair := range strings.SplitSeq(encoded, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if name != "" && err1 == nil && err2 == nil {
			params[name] = append(params[name], value)
		}
	}
	return params
}

func (s *Server) log(method string, r *http.Request, params url.Values) Mode {
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := url.Values{}
	for name, values := range params {
		if !slices.Contains(strings.Fields(authenticationBy), name) {
			shown[name] = values
		}
	}
	if len(s.requests) < maxRequests {
		s.requests = append(s.requests, Request{Method: method, HTTP: r.Method, Query: r.URL.RawQuery, Params: shown})
	}
	return s.mode
}

// countParameters: servers in Go then read no parameter at all, so they neither know the format nor the user.
func (s *Server) countParameters(params url.Values) *apiError {
	n := 0
	for _, values := range params {
		n += len(values)
	}
	switch {
	case n <= maxGoParameters || s.dialect == Supysonic || s.dialect == LMS:
		return nil
	case s.dialect == Gonic:
		return &apiError{code: 10, message: `please provide a "u" parameter`, xml: true}
	}
	return &apiError{code: 0, message: "number of URL query parameters exceeded limit", xml: true}
}

func (s *Server) unknownMethod(w http.ResponseWriter, format string) {
	switch s.dialect {
	case Navidrome:
		http.Error(w, "404 page not found", http.StatusNotFound)
	case Gonic:
		s.writeError(w, format, fail(70, "view not found"))
	case Supysonic:
		s.writeError(w, format, &apiError{code: 0, message: "Unknown method", status: http.StatusNotFound})
	default:
		s.writeError(w, format, fail(0, "Unknown API method"))
	}
}
