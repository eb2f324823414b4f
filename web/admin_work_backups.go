package web

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// backupTime is how long a download of a backup may take: longer than other answers.
const backupTime = 2 * time.Hour

// backupFile is a backup of the database.
type backupFile struct {
	Name string
	Made time.Time
	Size int64
}

// backups returns those that there are, the newest first.
func (s *site) backups() (all []backupFile, err error) {
	entries, err := os.ReadDir(s.BackupFolder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // none was made yet
	}
	for _, e := range entries {
		about, err := e.Info()
		if err != nil {
			return nil, err
		}
		if about.Mode().IsRegular() && strings.HasSuffix(e.Name(), ".db") {
			all = append(all, backupFile{e.Name(), about.ModTime(), about.Size()})
		}
	}
	slices.Reverse(all) // their names are their times
	return all, err
}

func (s *site) makeBackup(w http.ResponseWriter, r *http.Request, _ visitor) error {
	if s.Backup == nil {
		return nothingHere(w, r)
	}
	if err := s.Backup(r.Context()); err != nil {
		return err
	}
	s.tell(r, s.words(r).say("The backup is made."))
	return goTo(w, r, "/admin/work")
}

// sendBackup sends one of the backups that there are.
func (s *site) sendBackup(w http.ResponseWriter, r *http.Request, _ visitor) error {
	all, err := s.backups()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(b backupFile) bool { return b.Name == chi.URLParam(r, "name") })
	if i < 0 {
		return nothingHere(w, r)
	}
	unhurried(w, backupTime)
	w.Header().Set("Content-Type", "application/vnd.sqlite3")
	attachment(w, all[i].Name)
	http.ServeFile(w, r, filepath.Join(s.BackupFolder, all[i].Name))
	return nil
}
