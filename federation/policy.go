package federation

import (
	"github.com/songferry/songferry/playlists"
)

// PolicyMode says whether servers that the administrator never named are talked to.
type PolicyMode string

const (
	OpenMode      PolicyMode = "open"      // yes, unless blocked
	AllowlistMode PolicyMode = "allowlist" // no
)

// Policy is what the settings say of whom to talk to; the rules in the database add to it, and cannot take back what it
// blocks. The zero value is open and blocks nobody; a Mode that is not known counts as allowlist. A domain stands for its
// subdomains too, a block wins over an allowance.
type Policy struct {
	Mode    PolicyMode
	Allowed []string // domains, for allowlist
	Blocked []string // domains
}

// Check returns a Problem that names the first domain that is none: a misspelt block would block nobody.
func (p Policy) Check() error {
	for _, domain := range append(append([]string{}, p.Blocked...), p.Allowed...) {
		if _, err := RuleDomain(domain); err != nil {
			return err
		}
	}
	return nil
}

// isForbidden reports whether err is the answer of a rule. Others are faults: the address is unusable, or the rules
// could not be read.
func isForbidden(err error) bool { return playlists.CodeOf(err) == playlists.Forbidden }
