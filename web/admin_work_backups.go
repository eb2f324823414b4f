package web

import (
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
)

// backupTime is how long a download of a backup may take: longer than other answers.
const backupTime = 2 * time.Hour

// Backup is a backup of the bridge: a file on its machine.
type Backup struct {
	Path string
	Made time.Time
	Size int64 // bytes
}

// Name is the file's.
func (b Backup) Name() string { return filepath.Base(b.Path) }

// makeBackup makes one, encrypted if the form has a password for it.
func (s *site) makeBackup(w http.ResponseWriter, r *http.Request, _ visitor) error {
	if s.Backup == nil {
		return nothingHere(w, r)
	}
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	if err := s.Backup(r.Context(), form.Get("password")); err != nil {
		return err
	}
	s.tell(r, s.words(r).say("The backup is made."))
	return goTo(w, r, "/admin/work")
}

// sendBackup sends one of the backups that there are.
func (s *site) sendBackup(w http.ResponseWriter, r *http.Request, _ visitor) error {
	if s.Backups == nil {
		return nothingHere(w, r)
	}
	all, err := s.Backups()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(b Backup) bool { return b.Name() == chi.URLParam(r, "name") })
	if i < 0 {
		return nothingHere(w, r)
	}
	unhurried(w, backupTime)
	w.Header().Set("Content-Type", "application/octet-stream")
	attachment(w, all[i].Name())
	http.ServeFile(w, r, all[i].Path)
	return nil
}
