package federation

// PolicyMode says who is talked to by default.
type PolicyMode string

const (
	OpenPolicy      PolicyMode = "open"
	AllowlistPolicy PolicyMode = "allowlist"
)

// Policy is the administrator's choice of servers and actors to talk to. The zero value allows everybody.
type Policy struct {
	Mode           PolicyMode
	AllowedDomains []string
	BlockedDomains []string
	BlockedActors  []string
}

// AllowsHost …
func (p Policy) AllowsHost(host string) error { panic("todo") }

// AllowsActor …
func (p Policy) AllowsActor(id string) error { panic("todo") }
