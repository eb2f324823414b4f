package subsonicbridge

import (
	"fmt"
	"log/slog"
)

// Method says how a Login proves who it is to the server.
type Method string

const (
	Token    Method = "token"    // md5 of password and salt; since Subsonic API 1.13
	APIKey   Method = "apikey"   // OpenSubsonic extension apiKeyAuthentication
	Password Method = "password" // the password itself, for servers that know nothing else
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

// LogValue shows no secret.
func (l Login) LogValue() slog.Value {
	return slog.GroupValue(slog.String("url", l.URL), slog.String("user", l.User), slog.String("method", string(l.Method)))
}
