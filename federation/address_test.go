package federation

import "testing"

func TestA13AddressesAreComparedInOneForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"https://B.Example/Users/a", "https://b.example/Users/a"},
		{"https://b.example.:443/a#main-key", "https://b.example/a"},
		{"https://bücher.example/a", "https://xn--bcher-kva.example/a"},
		{"https://b.example", "https://b.example/"},
		{"https://b.example:8443/a?page=1", "https://b.example:8443/a?page=1"},
		{"https://b.example:80/", "https://b.example:80/"},
		{"http://127.0.0.1:80/", "http://127.0.0.1/"},
		{"https://[2001:DB8:0::1]:443/", "https://[2001:db8::1]/"},
		{"https://b.example/a%2Fb", "https://b.example/a%2Fb"},
	} {
		u, err := parseAddress(c.in)
		if err != nil || u.String() != c.want {
			t.Errorf("%s: got %v, %v; want %s", c.in, u, err, c.want)
		}
	}
}

func TestA11OtherThanWebAddressesAreRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", "/relative", "//b.example/a", "b.example", "https://", "https:///a", "https://./a", "https://../a", "https://a..b/", "https://.a/", "file:///etc/passwd",
		"ftp://b.example/a", "gopher://b.example/", "data:text/plain,x", "javascript:alert(1)", "unix:/run/sock",
		"acct:a@b.example", "https://user:secret@b.example/", "https://b.example:port/", "https://a b.example/",
		"https://b.example/\x00", "https:b.example", "https://[::1", "https://[fe80::1%25eth0]/",
	} {
		if u, err := parseAddress(in); err == nil {
			t.Errorf("%q was read as %v", in, u)
		}
	}
}

func TestHostsAreComparedWithTheirPorts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"b.example", "B.EXAMPLE", true},
		{"b.example", "b.example:443", true},
		{"b.example", "b.example:8443", false},
		{"b.example", "c.example", false},
		{"", "", false},
		{"b.example/x", "b.example/x", false},
		{"a@b.example", "a@b.example", false},
	} {
		if got := sameHost(c.a, c.b); got != c.want {
			t.Errorf("sameHost(%q, %q) = %v", c.a, c.b, got)
		}
	}
}
