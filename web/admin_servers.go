package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// maxRulesShown is how many rules stand on one page; there can be 200,000.
const maxRulesShown = 100

// serversView is what admin_servers.html shows: with whom this bridge has to do.
type serversView struct {
	ChosenOnly bool // only servers that are allowed by name
	Search     string
	Rules      []federation.DomainRule
	Found      int // rules, of which only some are shown
	Persons    []federation.BlockedActor
	Domain     string // as typed in the form that is shown again
	Person     string
	Problem    string
}

// serverRoutes are what administrators decide about other servers.
func (s *site) serverRoutes(r chi.Router) {
	r.Get("/admin/servers", s.admins(s.serversPage))
	r.Post("/admin/servers", s.admins(s.setServer))
	r.Post("/admin/servers/remove", s.admins(s.removeServer))
	r.Post("/admin/servers/import", s.admins(s.importServers))
	r.Get("/admin/servers/{list}.csv", s.admins(s.serversFile))
	r.Post("/admin/persons", s.admins(s.blockPerson))
	r.Post("/admin/persons/remove", s.admins(s.unblockPerson))
}

func (s *site) serversPage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	view, err := s.serversView(r)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "admin_servers", page{Title: s.words(r).say("Other servers"), Content: view})
}

func (s *site) serversView(r *http.Request) (serversView, error) {
	view := serversView{ChosenOnly: s.Fed.ChosenOnly(), Search: playlists.CleanText(r.URL.Query().Get("search"), playlists.MaxText)}
	rules, err := s.Fed.DomainRules(r.Context())
	if err != nil {
		return view, err
	}
	rules = slices.DeleteFunc(rules, func(d federation.DomainRule) bool { return !strings.Contains(d.Domain, strings.ToLower(view.Search)) })
	view.Found = len(rules)
	view.Rules = rules[:min(len(rules), maxRulesShown)]
	view.Persons, err = s.Fed.BlockedActors(r.Context())
	return view, err
}

// showServers shows the page again with what is wrong with a form of it.
func (s *site) showServers(w http.ResponseWriter, r *http.Request, problem error, fill func(*serversView)) error {
	say := s.words(r).problem(problem)
	if say == "" {
		return problem
	}
	view, err := s.serversView(r)
	if err != nil {
		return err
	}
	view.Problem = say
	fill(&view)
	return s.write(w, r, statusOfForm(problem), "admin_servers", page{Title: s.words(r).say("Other servers"), Content: view})
}

// setServer keeps a rule about a server.
func (s *site) setServer(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	rule := federation.DomainRule{Domain: cleanLine(form, "domain"), Severity: federation.Severity(form.Get("what")), PrivateComment: form.Get("comment")}
	swept, err := s.setRule(r, rule)
	if err != nil {
		return s.showServers(w, r, err, func(v *serversView) { v.Domain = rule.Domain })
	}
	s.tell(r, told(s.words(r).say("The rule about %s holds from now on.", rule.Domain), s.words(r).swept(swept)...))
	return goTo(w, r, "/admin/servers")
}

func (s *site) setRule(r *http.Request, rule federation.DomainRule) (federation.Swept, error) {
	switch rule.Severity {
	case federation.Suspend, federation.Silence, federation.Allow:
		return s.Fed.SetDomain(r.Context(), rule)
	}
	return federation.Swept{}, playlists.Problemf(playlists.Invalid, nil, "Say what shall hold for that server.")
}

// removeServer takes back the rules about a server.
func (s *site) removeServer(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	swept, err := s.Fed.RemoveDomain(r.Context(), form.Get("domain"))
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	s.tell(r, told(s.words(r).say("The rule about %s is taken back.", form.Get("domain")), s.words(r).swept(swept)...))
	return goTo(w, r, "/admin/servers")
}

// serversFile sends the list of blocked and limited servers, or of those allowed, as Mastodon reads and writes it.
func (s *site) serversFile(w http.ResponseWriter, r *http.Request, _ visitor) error {
	write := federation.WriteBlocklist
	switch chi.URLParam(r, "list") {
	case "blocked":
	case "allowed":
		write = federation.WriteAllowlist
	default:
		return nothingHere(w, r)
	}
	rules, err := s.Fed.DomainRules(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	attachment(w, chi.URLParam(r, "list")+".csv")
	_ = write(w, rules) // fails only for a reader who left
	return nil
}

// told joins sentences to one text.
func told(first string, more ...string) string {
	return strings.Join(append([]string{first}, more...), " ")
}

// swept says what a change of the rules did.
func (w words) swept(s federation.Swept) (said []string) {
	for _, part := range []struct {
		n    int
		text string
	}{
		{s.Followers, w.count(s.Followers, "%d follower was removed.", "%d followers were removed.")},
		{s.Copies, w.count(s.Copies, "%d copy of a playlist is no longer kept in step.", "%d copies of playlists are no longer kept in step.")},
		{s.Deliveries, w.count(s.Deliveries, "%d outgoing message was dropped.", "%d outgoing messages were dropped.")},
		{s.Activities, w.count(s.Activities, "%d incoming message was dropped.", "%d incoming messages were dropped.")},
		{s.Resumed, w.count(s.Resumed, "%d copy of a playlist is kept in step again.", "%d copies of playlists are kept in step again.")},
	} {
		if part.n > 0 {
			said = append(said, part.text)
		}
	}
	return said
}

// holds says what a rule does.
func (w words) holds(s federation.Severity) string {
	switch s {
	case federation.Suspend:
		return w.say("blocked")
	case federation.Silence:
		return w.say("limited")
	}
	return w.say("allowed")
}
