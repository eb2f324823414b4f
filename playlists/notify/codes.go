package notify

import (
	"context"
	"database/sql"
	"errors"
	"html"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

// BeginEmail sends a code to an e-mail address. Whoever reads it there and gives it to FinishEmail has shown that the
// address is theirs; until then nothing else is sent to it. It returns the address.
func (n *Notifier) BeginEmail(ctx context.Context, account playlists.ID, address string) (string, error) {
	if n.Mail == nil {
		return "", noMail()
	}
	a, err := n.Store.Account(ctx, account)
	if err != nil {
		return "", err
	}
	if address, err = readEmail(address); err != nil {
		return "", err
	}
	id, code, err := n.keepCode(ctx, account, address)
	if err != nil {
		return "", err
	}
	return address, n.Mail.send(ctx, n.codeLetter(a, id, address, code))
}

// readEmail takes the plain address of one person. A machine's number in the place of its name ([192.168.1.1]) would have the mail
// server look for another in its own network, and what had to stand in quotes may be two addresses without them.
func readEmail(text string) (string, error) {
	a, err := netmail.ParseAddress(strings.TrimSpace(text))
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`[]",;<>`, r) }
	if err != nil || a.Name != "" || len(a.Address) > 254 || strings.ContainsFunc(a.Address, odd) {
		return "", playlists.Problemf(playlists.Invalid, nil, "Enter an e-mail address, such as alice@mail.example.")
	}
	return a.Address, nil
}

// keepCode keeps a new code in place of an earlier one, unless the account had many sent of late, or the address.
func (n *Notifier) keepCode(ctx context.Context, account playlists.ID, address string) (id, code string, err error) {
	if code, err = codes.New(); err != nil {
		return "", "", err
	}
	id = string(playlists.NewID())
	now := n.Now()
	return id, code, playlists.InTx(ctx, n.DB, func(tx *sql.Tx) error {
		if err := n.mayWrite(ctx, tx, account, address, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE email_codes SET ended = $1 WHERE account_id = $2 AND ended = 0`, playlists.Millis(now), account); err != nil {
			return err
		}
		// A million codes are tried in no time, so a hash would hide nothing: it is sealed.
		_, err := tx.ExecContext(ctx, `INSERT INTO email_codes (id, account_id, address, code, tries, at, ended) VALUES ($1, $2, $3, $4, 0, $5, 0)`,
			id, account, n.Key.Seal([]byte(address), "email address:"+id), n.Key.Seal([]byte(code), "email code:"+id), playlists.Millis(now))
		return err
	})
}

// mayWrite is asked in the transaction that writes, so that two who ask at once do not both find room.
func (n *Notifier) mayWrite(ctx context.Context, tx *sql.Tx, account playlists.ID, address string, now time.Time) error {
	type sent struct {
		id      string
		account playlists.ID
		address []byte
	}
	all, err := playlists.Collect(ctx, tx, func(row playlists.Scanner) (s sent, err error) {
		err = row.Scan(&s.id, &s.account, &s.address)
		return s, err
	}, `SELECT id, account_id, address FROM email_codes WHERE at > $1`, playlists.Millis(now.Add(-codes.Day))) // at most codes.OfAccount of each account
	if err != nil {
		return err
	}
	own, there := 0, 0
	for _, s := range all {
		if s.account == account {
			own++
		}
		to, err := n.Key.Open(s.address, "email address:"+s.id)
		if err != nil {
			return err
		}
		if strings.EqualFold(string(to), address) {
			there++
		}
	}
	if own >= codes.OfAccount {
		return codes.TooManyOf()
	}
	if there >= codes.ToOne {
		return codes.TooManyTo(address)
	}
	return nil
}

func (n *Notifier) codeLetter(a playlists.Account, id, address, code string) letter {
	at := "Songferry"
	if base := n.BaseURL(); base != nil {
		at = base.Host
	}
	shown := codes.Shown(code)
	words := []string{
		n.in(a.Language, playlists.Sentencef("The code is %s. It is good for one hour.", shown)),
		n.in(a.Language, whoWants(a, at)),
	}
	return letter{id: "code-" + id, to: address, subject: n.in(a.Language, playlists.Sentencef("%s is your code", shown)), at: n.Now(),
		text: strings.Join(words, "\n\n") + "\n", html: "<p>" + html.EscapeString(words[0]) + "</p>\n<p>" + html.EscapeString(words[1]) + "</p>\n"}
}

// whoWants names an account by its handle only. A name is any text, and this letter goes to any address: the two together
// would let members write to strangers.
func whoWants(a playlists.Account, at string) playlists.Sentence {
	if a.Handle == "" {
		return playlists.Sentencef("Somebody of %s wants to get messages of that bridge at this address. If it was not you, do nothing and give the code to nobody.", at)
	}
	return playlists.Sentencef("%s of %s wants to get messages of that bridge at this address. If it was not you, do nothing and give the code to nobody.", a.Handle, at)
}

// FinishEmail takes the code that BeginEmail sent. From then on the account's notices go to that address, which it returns.
func (n *Notifier) FinishEmail(ctx context.Context, account playlists.ID, code string) (address string, err error) {
	id, address, err := n.checkCode(ctx, account, code)
	if err != nil {
		return "", err
	}
	if err := n.keep(ctx, account, playlists.Email, address, ""); err != nil {
		return "", err
	}
	_, err = n.DB.ExecContext(ctx, `UPDATE email_codes SET ended = $1 WHERE id = $2`, playlists.Millis(n.Now()), id)
	return address, err
}

// checkCode counts a try and compares. The count is kept before anybody can know whether the try was right.
func (n *Notifier) checkCode(ctx context.Context, account playlists.ID, code string) (id, address string, err error) {
	var sealedCode, sealedAddress []byte
	err = n.DB.QueryRowContext(ctx, `UPDATE email_codes SET tries = tries + 1 WHERE account_id = $1 AND ended = 0 AND at > $2 AND tries < $3
		RETURNING id, address, code`, account, playlists.Millis(n.Now().Add(-codes.Life)), codes.Tries).Scan(&id, &sealedAddress, &sealedCode)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", codes.None()
	}
	if err != nil {
		return "", "", err
	}
	right, err := n.Key.Open(sealedCode, "email code:"+id)
	if err != nil {
		return "", "", err
	}
	to, err := n.Key.Open(sealedAddress, "email address:"+id)
	if err != nil {
		return "", "", err
	}
	if !codes.Same(right, code) {
		return "", "", codes.Wrong(string(to))
	}
	return id, string(to), nil
}
