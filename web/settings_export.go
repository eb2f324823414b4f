package web

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// exportTime is how long the download of an export may take: longer than other answers.
const exportTime = 30 * time.Minute

// export writes all that is a person's own into one zip file, a piece at a time.
type export struct {
	*site
	account playlists.Account
	zip     *zip.Writer
}

// exportAll sends it. What fails after the beginning breaks the download off, so that no half export looks whole.
func (s *site) exportAll(w http.ResponseWriter, r *http.Request, v visitor) error {
	unhurried(w, exportTime)
	w.Header().Set("Content-Type", "application/zip")
	attachment(w, "songferry-"+s.Now().UTC().Format(time.DateOnly)+".zip")
	e := export{site: s, account: v.Account, zip: zip.NewWriter(w)}
	for _, part := range []func(context.Context) error{e.aboutAccount, e.settings, e.playlists, e.following, e.followers} {
		if err := part(r.Context()); err != nil {
			s.Log.Error("export broken off", slog.Any("error", err))
			panic(http.ErrAbortHandler)
		}
	}
	if err := e.zip.Close(); err != nil {
		panic(http.ErrAbortHandler) // the reader left
	}
	return nil
}

func (e export) json(name string, value any) error {
	f, err := e.create(name)
	if err != nil {
		return err
	}
	out := json.NewEncoder(f)
	out.SetIndent("", "  ")
	return out.Encode(value)
}

func (e export) create(name string) (io.Writer, error) {
	return e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: e.Now().UTC()})
}

func (e export) aboutAccount(context.Context) error {
	return e.json("account.json", map[string]any{"name": e.account.Name, "handle": e.fediverseHandle(e.account.Handle), "language": e.account.Language,
		"since": e.account.Created, "mayShareUpTo": e.account.MaxAudience, "administrator": e.account.Admin, "child": e.account.Child})
}

// settings leaves passwords and keys out.
func (e export) settings(ctx context.Context) error {
	all := map[string]any{}
	status, err := e.Music.Status(ctx, e.account.ID)
	if err == nil {
		all["musicServer"], all["musicUser"] = status.URL, status.User
		if all["match"], err = e.Music.Policy(ctx, e.account.ID); err != nil {
			return err
		}
	} else if playlists.CodeOf(err) != playlists.NotFound {
		return err
	}
	if all["fediverseAccount"], err = e.Fed.ProvenHandle(ctx, e.account.ID); err != nil {
		return err
	}
	limits, err := e.Fed.NewsLimitsOf(ctx, e.account.ID)
	if err != nil {
		return err
	}
	ways, err := e.Notify.Ways(ctx, e.account.ID)
	if err != nil {
		return err
	}
	told := map[playlists.Way]string{}
	for _, w := range ways { // where the others lead is a secret, as passwords are
		told[w.Kind] = ""
		if w.Kind == playlists.Email {
			told[w.Kind] = w.Address
		}
	}
	all["messagesBy"] = told
	all["postsPerDay"], all["nameMeInPosts"] = limits.PerDay, limits.Mention
	return e.json("settings.json", all)
}

func (e export) playlists(ctx context.Context) error {
	own, err := e.Store.List(ctx, e.account.ID)
	if err != nil {
		return err
	}
	for i, l := range own {
		p, err := e.Store.Get(ctx, l.ID)
		if err := e.playlist("playlists", i, p, err); err != nil {
			return err
		}
	}
	return nil
}

// playlist writes the nth file of a folder: what was read, unless that failed. Numbers keep apart what is called the same.
func (e export) playlist(folder string, n int, p playlists.Playlist, err error) error {
	if playlists.CodeOf(err) == playlists.NotFound {
		return nil // gone meanwhile
	}
	if err != nil {
		return err
	}
	f, err := e.create(fmt.Sprintf("%s/%03d %s", folder, n+1, fileName(p.Name, "jspf")))
	if err != nil {
		return err
	}
	jspf, _ := formats.ByExtension("jspf")
	return jspf.Write(f, p, formats.Place{})
}

// table writes a file of rows, each as fill hands it over. Names and targets are others' words.
func (e export) table(name string, fill func(row func(...string) error) error) error {
	f, err := e.create(name)
	if err != nil {
		return err
	}
	out := csv.NewWriter(f)
	err = fill(func(cells ...string) error {
		for i := range cells {
			cells[i] = formats.Guard(cells[i])
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
