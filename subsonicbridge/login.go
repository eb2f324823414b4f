package subsonicbridge

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// Method says how a Login proves to the server who it is.
type Method string

const (
	Token    Method = "token"    // md5 of password and salt; Subsonic API 1.13
	APIKey   Method = "apikey"   // OpenSubsonic extension apiKeyAuthentication; the only one that LMS takes
	Password Method = "password" // the password itself, for servers that know nothing else (supysonic)
)

// Login is where a person's music server is and how to sign in there. It holds secrets: keep it sealed. It encodes to
// JSON for that purpose only; printing and logging it shows none of them.
type Login struct {
	URL      string // as http://host[:port][/path], without /rest
	User     string
	Method   Method
	Token    string // hex md5(password + Salt), for Token
	Salt     string
	APIKey   string
	Password string
}

// String names the account and the server, and shows no secret.
func (l Login) String() string { return fmt.Sprintf("%s at %s (%s)", l.User, l.URL, l.Method) }

// GoString is String, so that %#v shows no secret either.
func (l Login) GoString() string { return l.String() }

// LogValue is how it signs in. Logs do not say who, nor where.
func (l Login) LogValue() slog.Value { return slog.StringValue(string(l.Method)) }

// withToken returns l with a token for password under a fresh salt, and without the password.
func (l Login) withToken(password string) Login {
	l.Method, l.Salt = Token, rand.Text()
	sum := md5.Sum([]byte(password + l.Salt))
	l.Token = hex.EncodeToString(sum[:])
	return l
}

func (l Login) withAPIKey(key string) Login {
	l.Method, l.APIKey = APIKey, key
	return l
}

func (l Login) withPassword(password string) Login {
	l.Method, l.Password = Password, password
	return l
}

// authorize replaces in form what go-subsonic says about the caller by what l says.
func (l Login) authorize(form url.Values) {
	for _, key := range []string{"u", "p", "t", "s", "apiKey"} {
		form.Del(key)
	}
	switch l.Method {
	case APIKey:
		form.Set("apiKey", l.APIKey) // and no u: OpenSubsonic makes that error 43
	case Password:
		form.Set("u", l.User)
		form.Set("p", l.hexPassword())
	default:
		form.Set("u", l.User)
		form.Set("t", l.Token)
		form.Set("s", l.Salt)
	}
}

// hexPassword: hexadecimal hides nothing, but is safe for a password that itself begins with "enc:".
func (l Login) hexPassword() string { return "enc:" + hex.EncodeToString([]byte(l.Password)) }

// redact takes the secrets out of a text that a server or a network library made: servers do echo parameters.
func (l Login) redact(s string) string {
	for _, secret := range []string{l.Password, hex.EncodeToString([]byte(l.Password)), l.APIKey, l.Token, l.Salt} {
		if secret == "" {
			continue
		}
		s = strings.ReplaceAll(s, secret, "…")
		s = strings.ReplaceAll(s, url.QueryEscape(secret), "…")
	}
	return s
}
