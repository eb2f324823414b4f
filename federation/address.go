package federation

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL bounds addresses from outside. Mastodon keeps 2,048 bytes.
const maxURL = 2048

// parseAddress reads an absolute http or https address from outside and brings it into the form in which two addresses
// can be compared: host in lower-case ASCII without trailing dot or default port, a path, no fragment.
func parseAddress(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, errors.New("address is too long")
	}
	if !utf8.ValidString(raw) { // one in a header; PostgreSQL would refuse to look for it
		return nil, errors.New("address is not UTF-8")
	}
	if strings.ContainsFunc(raw, unicode.IsControl) { // in a fragment net/url lets them pass, PostgreSQL refuses NUL
		return nil, errors.New("address holds control characters")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("address cannot be read") // url.Error would quote it
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("address is neither https nor http")
	}
	if u.User != nil {
		return nil, errors.New("address holds a user name")
	}
	host, err := normalHost(u.Scheme, u.Host)
	if err != nil {
		return nil, err
	}
	u.Host, u.Fragment, u.RawFragment = host, "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// normalHost brings host[:port] into the form in which two can be compared. scheme says which port is the default.
func normalHost(scheme, hostport string) (string, error) {
	// As what follows would say, much faster.
	if name, port, found := strings.Cut(hostport, ":"); isUsualName(name) && isPlainName(name) {
		switch {
		case !found, isNumber(port) && !isDefaultPort(scheme, port):
			return hostport, nil
		case isDefaultPort(scheme, port):
			return name, nil
		}
	}
	u, err := url.Parse(scheme + "://" + hostport)
	if err != nil || u.Host != hostport {
		return "", errBadHost
	}
	host, err := normalName(u.Hostname())
	if port := u.Port(); err == nil && port != "" && !isDefaultPort(scheme, port) {
		host += ":" + port
	}
	return host, err
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

var errBadHost = errors.New("address has no usable host name")

func normalName(name string) (string, error) {
	if strings.Contains(name, ":") {
		ip, err := netip.ParseAddr(name)
		if err != nil || ip.Zone() != "" {
			return "", errBadHost
		}
		return "[" + ip.String() + "]", nil
	}
	name = strings.TrimSuffix(name, ".")
	if isUsualName(name) && isPlainName(name) {
		return name, nil // IDNA has nothing to say on it
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || !isPlainName(ascii) {
		return "", errBadHost
	}
	return ascii, nil
}

// isPlainName reports whether a name in ASCII has no empty label, and is no IPv4 address in another spelling than the
// usual one (0xc0.0.2.7, 192.0.519, 3221225991): some resolvers take those for addresses, and no rule would know them.
func isPlainName(name string) bool {
	if name == "" || name[0] == '.' || name[len(name)-1] == '.' || strings.Contains(name, "..") {
		return false
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x") {
		return true
	}
	_, err := netip.ParseAddr(name)
	return err == nil
}

func isDefaultPort(scheme, port string) bool {
	return scheme == "https" && port == "443" || scheme == "http" && port == "80"
}

// sameHost reports whether two host[:port]s of https addresses are the same.
func sameHost(a, b string) bool {
	x, err := normalHost("https", a)
	if err != nil {
		return false
	}
	y, err := normalHost("https", b)
	return err == nil && x == y
}

// sameAddress reports whether two addresses are the same, fragments apart.
func sameAddress(a, b string) bool {
	x, err := parseAddress(a)
	if err != nil {
		return false
	}
	y, err := parseAddress(b)
	return err == nil && x.String() == y.String()
}

// sameOrigin reports whether two addresses have the same scheme, host and port.
func sameOrigin(a, b string) bool {
	x, err := parseAddress(a)
	if err != nil {
		return false
	}
	y, err := parseAddress(b)
	return err == nil && x.Scheme == y.Scheme && x.Host == y.Host
}
