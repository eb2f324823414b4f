package federation

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	maxSignatureHeader = 8 << 10
	maxSignedHeaders   = 32
	maxUnix            = 1 << 40 // seconds; later times overflow a Duration soon
)

// signatureParams is a Signature header of draft-cavage-http-signatures-12, read strictly: each parameter at most once.
type signatureParams struct {
	keyID     string
	algorithm string   // "" when absent
	headers   []string // lower case, in order
	signature string   // standard base64
	created   int64    // unix seconds, 0 when absent
	expires   int64
}

// parseSignature reads the value of a Signature header.
func parseSignature(value string) (p signatureParams, err error) {
	if len(value) > maxSignatureHeader {
		return p, errors.New("the Signature header is too long")
	}
	seen := map[string]bool{}
	for rest := value; rest != ""; {
		var name, v string
		if name, v, rest, err = nextParam(rest); err != nil {
			return p, err
		}
		if seen[name] {
			return p, fmt.Errorf("the Signature header has two parameters %q", name)
		}
		seen[name] = true
		if err := p.set(name, v); err != nil {
			return p, err
		}
	}
	return p, p.complete()
}

// nextParam cuts name=value or name="value" off the front of s, with the comma behind it. Quoted values know no escapes:
// none of the parameters needs one.
func nextParam(s string) (name, value, rest string, err error) {
	name, rest, ok := strings.Cut(s, "=")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.ContainsAny(name, "\", ") {
		return "", "", "", errors.New("the Signature header cannot be read")
	}
	if quoted, isQuoted := strings.CutPrefix(rest, `"`); isQuoted {
		if value, rest, ok = strings.Cut(quoted, `"`); !ok {
			return "", "", "", errors.New("the Signature header has an unclosed quote")
		}
		rest = strings.TrimSpace(rest)
		if rest != "" && rest[0] != ',' {
			return "", "", "", errors.New("the Signature header cannot be read")
		}
		return name, value, strings.TrimPrefix(rest, ","), nil
	}
	value, rest, _ = strings.Cut(rest, ",")
	return name, strings.TrimSpace(value), rest, nil
}

// set keeps one parameter. Unknown ones are ignored, as the draft demands.
func (p *signatureParams) set(name, value string) (err error) {
	switch name {
	case "keyId":
		p.keyID = value
	case "algorithm":
		p.algorithm = value
	case "headers":
		p.headers = strings.Fields(strings.ToLower(value))
	case "signature":
		p.signature = value
	case "created":
		p.created, err = unixSeconds(value)
	case "expires":
		p.expires, err = unixSeconds(value)
	}
	return err
}

func unixSeconds(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > maxUnix {
		return 0, errors.New("the Signature header has a time that cannot be read")
	}
	return n, nil
}

// complete says what is missing, or holds characters that would read differently when put together again.
func (p *signatureParams) complete() error {
	if p.keyID == "" || p.signature == "" {
		return errors.New("the Signature header lacks keyId or signature")
	}
	if _, err := base64.StdEncoding.DecodeString(p.signature); err != nil {
		return errors.New("the signature is not base64")
	}
	if strings.ContainsAny(p.keyID, "\", \t\r\n") {
		return errors.New("the keyId is not a URL")
	}
	if len(p.headers) > maxSignedHeaders {
		return errors.New("the signature covers too many headers")
	}
	if p.covers("(created)") && p.created == 0 || p.covers("(expires)") && p.expires == 0 {
		return errors.New("the Signature header lacks a time that it covers")
	}
	for i, h := range p.headers {
		if strings.ContainsAny(h, `",`) || slices.Contains(p.headers[:i], h) {
			return errors.New("the list of signed headers cannot be read")
		}
	}
	return nil
}

func (p *signatureParams) covers(header string) bool { return slices.Contains(p.headers, header) }

// header writes p as a Signature header, so that the library reads exactly what was checked here.
func (p *signatureParams) header() string {
	s := fmt.Sprintf(`keyId="%s",headers="%s",signature="%s"`, p.keyID, strings.Join(p.headers, " "), p.signature)
	if p.covers("(created)") {
		s += ",created=" + strconv.FormatInt(p.created, 10)
	}
	if p.covers("(expires)") {
		s += ",expires=" + strconv.FormatInt(p.expires, 10)
	}
	return s
}

// signatureOf returns the parameters of the one signature of r.
func signatureOf(r *http.Request) (signatureParams, *SignatureError) {
	switch values := r.Header.Values("Signature"); {
	case len(values) == 0 || len(values) == 1 && strings.TrimSpace(values[0]) == "":
		return signatureParams{}, unsigned("the request is not signed")
	case len(values) > 1:
		return signatureParams{}, &SignatureError{Status: http.StatusBadRequest, Reason: "the request has more than one Signature header"}
	default:
		p, err := parseSignature(values[0])
		if err != nil {
			return p, &SignatureError{Status: http.StatusBadRequest, Reason: err.Error()}
		}
		return p, nil
	}
}
