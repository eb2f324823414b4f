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
	"strconv"
	"strings"
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

// table writes a file of rows. Names and targets are others' words.
func (e export) table(name string, rows [][]string) error {
	f, err := e.create(name)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for i := range row {
			row[i] = formats.Guard(row[i])
		}
	}
	return csv.NewWriter(f).WriteAll(rows)
}

// following writes the copies, and whom and what the person follows.
func (e export) following(ctx context.Context) error {
	wants, err := e.Store.AccountWants(ctx, e.account.ID)
	if err != nil {
		return err
	}
	rows := [][]string{{"what", "target", "mode", "found", "of", "since"}}
	for i, w := range wants {
		if !w.Ended.IsZero() {
			continue
		}
		if p, err := e.copied(ctx, w); w.Reads() {
			if err := e.playlist("copies", i, p, err); err != nil {
				return err
			}
		}
		rows = append(rows, []string{"playlist", w.Target, string(w.Mode), strconv.Itoa(w.Found), strconv.Itoa(w.Total), w.Created.Format(time.RFC3339)})
	}
	persons, err := e.Store.PersonWants(ctx, e.account.ID)
	if err != nil {
		return err
	}
	for _, p := range persons {
		rows = append(rows, []string{"person", p.Target, string(playlists.Sync), "", "", p.Created.Format(time.RFC3339)})
	}
	return e.table("following.csv", rows)
}

// copied returns what a copy is of. What others may not see any more was pinned before.
func (e export) copied(ctx context.Context, w playlists.Want) (playlists.Playlist, error) {
	if w.Mode == playlists.Once && w.Pinned > 0 {
		return e.Store.Version(ctx, w.Playlist, w.Pinned)
	}
	return e.Store.Get(ctx, w.Playlist)
}

// followers writes who follows the person and each playlist; of one, at most the thousand that the bridge lists.
func (e export) followers(ctx context.Context) error {
	names := map[string]string{}
	actors := []string{}
	if e.account.Handle != "" {
		actors, names[e.account.PublicID] = append(actors, e.account.PublicID), ""
	}
	own, err := e.Store.List(ctx, e.account.ID)
	if err != nil {
		return err
	}
	for _, l := range own {
		if l.Publication.Audience.Federated() {
			actors, names[l.Publication.PublicID] = append(actors, l.Publication.PublicID), l.Name
		}
	}
	rows := [][]string{{"playlist", "follower", "address", "approved"}}
	for _, actor := range actors {
		all, err := e.Fed.Followers(ctx, actor)
		if err != nil {
			return err
		}
		for _, f := range all {
			rows = append(rows, []string{names[actor], acct(f.Handle), f.ID, strconv.FormatBool(f.Approved)})
		}
	}
	return e.table("followers.csv", rows)
}

// acct writes a handle as an address (RFC 7565): a spreadsheet would take what begins with an @ for a formula.
func acct(handle string) string {
	if handle == "" {
		return ""
	}
	return "acct:" + strings.TrimPrefix(handle, "@")
}
