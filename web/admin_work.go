package web

import (
	"context"
	"net/http"
	"net/netip"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

const maxReportsShown = 50

// workView is what admin_work.html shows: what waits, what went wrong, and how the bridge is doing.
type workView struct {
	Out     federation.Backlog
	In      subsonicbridge.Backlog
	Hosts   int             // that wait and are not named
	Unread  []troubled      // followed playlists
	Copies  []troubled      // copies on music servers
	Lookups lookupsView     // playlists that people wait to see
	People  []person        // whose music server cannot be read
	Reports []reportedThing // that nobody has dealt with, the newest
	Counts  playlists.Counts
	Storage Storage
	Address string // of the bridge, "" while it has none
	Version string
	Backups []Backup
	MayBack bool
	Proxies []decidedProxy
	Set     []netip.Prefix // proxies that the settings name
}

// Storage is what the database takes, and what is left beside it, in bytes; Free is 0 when that is not known.
type Storage struct {
	Database, Free int64
}

// troubled is a playlist that something went wrong with.
type troubled struct {
	Want  playlists.ID // of a copy, "" of what cannot be tried at once
	Name  string
	Where string // whose it is, or the host that it is read from
	Error string
}

// lookupsView is what waits to be looked at.
type lookupsView struct {
	All   playlists.Waiting
	First []namedLookup // the oldest
}

type namedLookup struct {
	waitingLookup
	Name string // of who waits
}

// workRoutes are where administrators see how the bridge is doing.
func (s *site) workRoutes(r chi.Router) {
	r.Get("/admin/work", s.admins(s.workPage))
	r.Get("/admin/work/drop", s.admins(s.dropPage))
	r.Post("/admin/work/host", s.admins(s.changeHost))
	r.Post("/admin/work/copies/{want}", s.admins(s.retryCopy))
	r.Post("/admin/proxies", s.admins(s.decideProxy))
	r.Post("/admin/reports/{id}", s.admins(s.resolveReport))
	r.Post("/admin/backups", s.admins(s.makeBackup))
	r.Get("/admin/backups/{name}", s.admins(s.sendBackup))
}

func (s *site) workPage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	view := workView{Address: s.absolute(), Version: s.Version, MayBack: s.Backup != nil, Proxies: s.proxies.list(r.Context()), Set: s.TrustedProxies}
	for _, add := range []func(*http.Request, *workView) error{s.addBacklogs, s.addTrouble, s.addReports, s.addHealth} {
		if err := add(r, &view); err != nil {
			return err
		}
	}
	return s.showOwn(w, r, "admin_work", page{Title: s.words(r).say("Work and health"), Content: view})
}

func (s *site) addBacklogs(r *http.Request, v *workView) (err error) {
	if v.Out, err = s.Fed.Backlog(r.Context()); err != nil {
		return err
	}
	v.Hosts = v.Out.InAll - len(v.Out.Hosts)
	v.In, err = s.Music.Backlog(r.Context())
	return err
}

// addTrouble names what last went wrong.
func (s *site) addTrouble(r *http.Request, v *workView) error {
	people, err := s.peopleView(r)
	if err != nil {
		return err
	}
	names := map[playlists.ID]string{}
	for _, p := range people.People {
		names[p.ID] = p.Name
	}
	v.People = slices.DeleteFunc(people.People, func(p person) bool { return p.Music.Trouble == "" })
	for _, u := range v.Out.Unread {
		name, err := s.nameOf(r.Context(), u.Playlist)
		if err != nil {
			return err
		}
		v.Unread = append(v.Unread, troubled{Name: name, Where: u.Host, Error: u.Error.In(s.words(r).say)})
	}
	for _, c := range v.In.Failing {
		name, err := s.nameOf(r.Context(), c.Playlist)
		if err != nil {
			return err
		}
		v.Copies = append(v.Copies, troubled{c.Want, name, names[c.Account], c.Error.In(s.words(r).say)})
	}
	return s.addLookups(r.Context(), v, names)
}

func (s *site) addLookups(ctx context.Context, v *workView, names map[playlists.ID]string) error {
	first, all, err := s.lookups.backlog(ctx)
	v.Lookups.All = all
	for _, l := range first {
		v.Lookups.First = append(v.Lookups.First, namedLookup{l, names[l.Account]})
	}
	return err
}

// nameOf returns the name of a playlist, "" when it is no more.
func (s *site) nameOf(ctx context.Context, id playlists.ID) (string, error) {
	p, err := s.Store.Get(ctx, id)
	if playlists.CodeOf(err) == playlists.NotFound {
		return "", nil
	}
	return p.Name, err
}

func (s *site) addHealth(r *http.Request, v *workView) (err error) {
	if v.Counts, err = s.Store.Counts(r.Context()); err != nil {
		return err
	}
	if s.Storage != nil {
		if v.Storage, err = s.Storage(); err != nil {
			return err
		}
	}
	if s.Backups != nil {
		v.Backups, err = s.Backups()
	}
	return err
}

// changeHost tries to send what waits for a server at once, or drops it.
func (s *site) changeHost(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	host := form.Get("host")
	switch form.Get("do") {
	case "retry":
		if err := s.Fed.RetryHost(r.Context(), host); err != nil {
			return err
		}
		s.tell(r, s.words(r).say("What waits for %s is tried now.", host))
	case "drop":
		n, err := s.Fed.DropHost(r.Context(), host)
		if err != nil {
			return err
		}
		s.tell(r, s.words(r).count(n, "%d message was dropped.", "%d messages were dropped."))
	default:
		return nothingHere(w, r)
	}
	return goTo(w, r, "/admin/work")
}

// retryCopy tries a copy that failed at once.
func (s *site) retryCopy(w http.ResponseWriter, r *http.Request, _ visitor) error {
	err := s.Music.RetryCopy(r.Context(), playlists.ID(chi.URLParam(r, "want")))
	if err != nil && playlists.CodeOf(err) != playlists.NotFound {
		return err
	}
	said := s.words(r).problem(err) // it has gone well meanwhile, or is over
	if err == nil {
		said = s.words(r).say("The copy is tried now.")
	}
	s.tell(r, said)
	return goTo(w, r, "/admin/work")
}
