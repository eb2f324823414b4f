package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

type accountCommands struct {
	Add        accountAdd        `cmd:"" help:"Add an account and connect its music server."`
	Connect    accountConnect    `cmd:"" help:"Connect an account to its music server again: new address, new password."`
	Refresh    accountRefresh    `cmd:"" help:"Read an account's music library again now. Songferry does so by itself when the music server says that it changed, or once a day."`
	Change     accountChange     `cmd:"" help:"Change an account: the name that people see, the language, or which of your files may stand for a track."`
	Prove      accountProve      `cmd:"" help:"Prove which fediverse account is an account's own, so that it and the bridge can write to each other."`
	Notify     accountNotify     `cmd:"" help:"Choose where an account is told what concerns it: by e-mail, ntfy or a webhook."`
	List       accountList       `cmd:"" help:"List the accounts."`
	Alias      accountAlias      `cmd:"" help:"Say which account elsewhere this one was, so that its followers can come along."`
	Move       accountMove       `cmd:"" help:"Send an account's followers to its new bridge."`
	Delete     accountDelete     `cmd:"" help:"Delete an account with all that is kept of it."`
	RotateKeys accountRotateKeys `cmd:"" help:"Give an account and its playlists new signing keys."`
}

// musicServer is how a command names a music server. The password never stands on the command line, where other users
// of the machine could read it.
type musicServer struct {
	SubsonicURL  string `name:"subsonic-url" required:"" env:"SONGFERRY_SUBSONIC_URL" placeholder:"URL" help:"Address of the music server."`
	SubsonicUser string `name:"subsonic-user" required:"" placeholder:"USER" help:"Name to sign in with there."`
	PasswordFile string `placeholder:"FILE" help:"File that holds the password or API key, - for standard input; else SONGFERRY_SUBSONIC_PASSWORD."`
}

// maxPassword bounds what is read as a password, in bytes.
const maxPassword = 4 << 10

func (m musicServer) password(in io.Reader) (string, error) {
	if m.PasswordFile == "" {
		p, err := secret("SONGFERRY_SUBSONIC_PASSWORD")
		if err == nil && p == "" {
			err = playlists.Problemf(playlists.Invalid, nil, "The password is missing: set SONGFERRY_SUBSONIC_PASSWORD, or give --password-file FILE (- for standard input).")
		}
		return p, err
	}
	return passwordIn(m.PasswordFile, in)
}

// passwordIn reads a password from a file, or from in when its name is "-".
func passwordIn(file string, in io.Reader) (string, error) {
	if file != "-" {
		f, err := openInput(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxPassword))
	return strings.TrimRight(string(text), "\r\n"), err
}

type accountAdd struct {
	Name string `arg:"" help:"Public name of the account (a-z, 0-9, _). It need not be the login of the music server."`
	musicServer
	DisplayName string `placeholder:"TEXT" help:"Name as shown to people."`
	Language    string `default:"en" help:"Language of the posts that followers read and of messages to the account's owner: en or fr."`
	Admin       bool   `help:"Make the account an administrator: it invites people, says how far each may share, and sees the pages about other servers and about health."`
	MaxAudience string `default:"public" help:"The widest audience it may publish to: public, unlisted, followers, link or private."`
}

// Run signs in first, so that nothing is kept when that fails.
func (c accountAdd) Run(ctx context.Context, s *Settings, t terminal) error {
	password, err := c.password(t.In)
	if err != nil {
		return err
	}
	if _, _, err := subsonicbridge.SignIn(ctx, musicClient(0), c.SubsonicURL, c.SubsonicUser, password); err != nil {
		return err
	}
	return withAnyBridge(ctx, s, t, func(b *bridge) error {
		if _, err := b.store.AccountByHandle(ctx, c.Name); err == nil {
			return playlists.Problemf(playlists.Invalid, nil, "There is an account %q already. To connect it anew: songferry account connect %s --subsonic-url URL --subsonic-user USER.", c.Name, c.Name)
		}
		a, err := b.store.AddAccount(ctx, playlists.Account{Handle: c.Name, Name: c.DisplayName, Language: c.Language,
			MaxAudience: playlists.Audience(c.MaxAudience), Admin: c.Admin})
		if err != nil {
			return err
		}
		if err := b.connect(ctx, t.Out, a, c.musicServer, password); err != nil {
			return err
		}
		sayLanguage(t.Out, a)
		return nil
	})
}

type accountConnect struct {
	Name string `arg:"" help:"The account."`
	musicServer
}

func (c accountConnect) Run(ctx context.Context, s *Settings, t terminal) error {
	password, err := c.password(t.In)
	if err != nil {
		return err
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		a, err := b.account(ctx, c.Name)
		if err != nil {
			return err
		}
		return b.connect(ctx, t.Out, a, c.musicServer, password)
	})
}

// connect connects an account to its music server, reads its playlists, and says what it found.
func (b *bridge) connect(ctx context.Context, out io.Writer, a playlists.Account, m musicServer, password string) error {
	server, err := b.subsonic.Connect(ctx, a.ID, m.SubsonicURL, m.SubsonicUser, password)
	if err != nil {
		return err
	}
	if err := b.subsonic.PollAccount(ctx, a.ID); err != nil {
		return err
	}
	lists, err := b.store.List(ctx, a.ID)
	if err != nil {
		return err
	}
	kind := server.Type
	if kind == "" {
		kind = "a Subsonic server"
	}
	fmt.Fprintf(out, "%s is connected to %s, which has %s of theirs.\n", a.Called(), kind, count(len(lists), "playlist"))
	fmt.Fprintf(out, "To bring one in:\n  songferry import --account %s FILE-OR-ADDRESS\n", asArgument(a))
	if len(lists) > 0 && b.origin() != nil {
		fmt.Fprintf(out, "To publish one:\n  songferry playlist publish --account %s --audience public PLAYLIST-NAME\n", asArgument(a))
	}
	return nil
}

// trouble says what is wrong with an account's music server.
func (r accountRow) trouble() string {
	if r.Paused {
		return r.LastError + " Nothing is updated until it lets them in."
	}
	return r.LastError
}

type accountList struct {
	JSON bool `name:"json" help:"For scripts."`
}

type accountRow struct {
	ID          string `json:"id"`
	Name        string `json:"name"` // "" until it is chosen
	DisplayName string `json:"displayName"`
	MaxAudience string `json:"maxAudience"`
	Admin       bool   `json:"admin"`
	Server      string `json:"server"`
	LastError   string `json:"lastError,omitempty"`
	Paused      bool   `json:"paused,omitempty"` // refused for a week: nothing is updated

	MovedTo *federation.NewHome `json:"movedTo,omitempty"`
}

func (c accountList) Run(ctx context.Context, s *Settings, t terminal) error {
	return withBridge(ctx, s, t, func(b *bridge) error {
		accounts, err := b.store.Accounts(ctx)
		if err != nil {
			return err
		}
		rows := []accountRow{}
		for _, a := range accounts {
			row := accountRow{ID: string(a.ID), Name: a.Handle, DisplayName: a.Name, MaxAudience: string(a.MaxAudience), Admin: a.Admin}
			status, err := b.subsonic.Status(ctx, a.ID)
			if err == nil {
				row.Server, row.LastError = strings.TrimSpace(status.URL+" "+status.Server.Type), status.LastError.String()
				row.Paused = status.Paused
			} else if playlists.CodeOf(err) != playlists.NotFound {
				return err
			}
			if row.MovedTo, err = b.movedTo(ctx, a.PublicID); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		if c.JSON {
			return printJSON(t.Out, rows)
		}
		if len(rows) == 0 {
			fmt.Fprintln(t.Out, "There are no accounts yet. To add one: songferry account add NAME --subsonic-url URL --subsonic-user USER")
		}
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", cmp.Or(r.Name, r.DisplayName), r.DisplayName, r.Server, sayMoved(r.MovedTo), r.trouble())
		}
		return w.Flush()
	})
}

// interactive reports whether w is a terminal that a progress line can be redrawn on.
func interactive(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
