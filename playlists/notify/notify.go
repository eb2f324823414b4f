// Package notify tells people their notices where they want to be told: by a POST to an address of theirs, by a push
// message through ntfy, by e-mail. (Direct messages on the fediverse are federation's.)
//
//	ways, codes    where an account is told; that an e-mail address is its own
//	once           NotifyOnce: what is due → a message by each way, tried again until it arrives or its time is over
//	message        what a message says
//	webhook, ntfy, mail   how it goes out
//	client         whom requests may reach
//
// A message keeps its id however often it is sent, so that receivers know a repetition.
package notify

import (
	"context"
	"database/sql"
	"log/slog"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

// Config is what a Notifier needs. All fields are required unless they say otherwise.
type Config struct {
	DB    *sql.DB
	Store *playlists.Store
	Key   *seal.Key // seals addresses and what goes with them

	// Words says notices to the account that they are for, in its language. It leaves out those that have passed.
	Words func(ctx context.Context, a playlists.Account, notices []playlists.Notice) ([]Line, error)
	// Say says a sentence of ours in a language (BCP 47), or reports that it cannot.
	Say func(language string, s playlists.Sentence) (text string, ok bool)

	BaseURL      func() *url.URL // the bridge's public origin; it returns nil while there is none
	AllowPrivate []netip.Prefix  // networks that everybody may name although they are not public
	Mail         *Mailer         // nil: no e-mail
	Version      string          // of the program

	Now func() time.Time
	Log *slog.Logger
}

// Notifier tells people their notices. It is safe for concurrent use, also by several processes.
type Notifier struct {
	Config
	members, admins reach

	seen  playlists.Look
	mu    sync.Mutex
	maybe []way // by which there may be something to tell; mu
}

// New returns a Notifier on an open, migrated database. It starts nothing.
func New(c Config) *Notifier {
	return &Notifier{Config: c, members: newReach(c.AllowPrivate), admins: newReach(append(atHome(), c.AllowPrivate...))}
}

// HasMail reports whether this bridge can send e-mail.
func (n *Notifier) HasMail() bool { return n.Mail != nil }

// in says a sentence in a language, or in English.
func (n *Notifier) in(language string, s playlists.Sentence) string {
	if text, ok := n.Say(language, s); ok {
		return text
	}
	return s.String()
}
