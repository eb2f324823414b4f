package notify

import (
	"context"
	"errors"
	"html"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	// Kept, without dependencies but x/, and it knows what mail servers do: STARTTLS, ways to sign in, encodings.
	"github.com/wneessen/go-mail"

	"github.com/songferry/songferry/playlists"
)

// Mailer hands e-mail to the administrator's mail server.
type Mailer struct {
	client *mail.Client
	from   string
}

// NewMailer returns a Mailer by an address such as smtp://user:password@mail.example:587. smtps speaks TLS from the
// beginning; smtp turns to it where the server can, and must before a password is sent to another machine.
func NewMailer(address, from string) (*Mailer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, playlists.Problemf(playlists.Invalid, nil, "SONGFERRY_SMTP_URL must look like smtp://user:password@mail.example:587 or smtps://user:password@mail.example.")
	}
	options := []mail.Option{mail.WithTimeout(sendTimeout), mail.WithoutNoop()}
	port, policy := "587", mail.TLSOpportunistic
	if u.Scheme == "smtps" {
		port, options = "465", append(options, mail.WithSSL())
	}
	if u.User != nil {
		password, _ := u.User.Password()
		how := mail.SMTPAuthPlainNoEnc
		if !isHere(u.Hostname()) {
			how, policy = mail.SMTPAuthAutoDiscover, mail.TLSMandatory
		}
		options = append(options, mail.WithSMTPAuth(how), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if u.Port() != "" {
		port = u.Port()
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, nil, "SONGFERRY_SMTP_URL: %q is no port.", port)
	}
	client, err := mail.NewClient(u.Hostname(), append(options, mail.WithPort(n), mail.WithTLSPolicy(policy))...)
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "SONGFERRY_SMTP_URL cannot be used.")
	}
	if err := mail.NewMsg().From(from); err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "SONGFERRY_SMTP_FROM must be the address that e-mail comes from, such as Songferry <songferry@music.example>.")
	}
	return &Mailer{client, from}, nil
}

// isHere reports whether a mail server stands on this machine.
func isHere(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// letter is an e-mail. id is the same however often it is sent.
type letter struct {
	id, to, subject, text, html string
	at                          time.Time
}

// send hands a letter over. Errors are Problems that name neither addresses nor logins.
func (m *Mailer) send(ctx context.Context, l letter) error {
	out := mail.NewMsg()
	if err := errors.Join(out.From(m.from), out.To(l.to)); err != nil {
		return playlists.Problemf(playlists.Invalid, nil, "That is no e-mail address.")
	}
	out.Subject(l.subject)
	out.SetMessageIDWithValue(l.id + "@" + m.domain())
	out.SetDateWithValue(l.at)
	out.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's machine is to answer
	out.SetBodyString(mail.TypeTextPlain, l.text)
	if l.html != "" {
		out.AddAlternativeString(mail.TypeTextHTML, l.html)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	// A server that took it and then hangs up, or says no goodbye, has it all the same.
	if err := m.client.DialAndSendWithContext(ctx, out); err != nil && !out.IsDelivered() {
		return explainMail(err)
	}
	return nil
}

func (m *Mailer) domain() string {
	_, host, _ := strings.Cut(strings.TrimSuffix(m.from, ">"), "@")
	return host
}

// explainMail says what went wrong without the cause, which names addresses.
func explainMail(err error) error {
	var refused *mail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() > 0 {
		return playlists.Problemf(playlists.Unavailable, nil, "The mail server of this bridge did not take the e-mail (%d). Is the address right?", refused.ErrorCode())
	}
	return playlists.Problemf(playlists.Unavailable, nil, "The mail server of this bridge cannot be reached, or does not let it in. An administrator has to look.")
}

// sendMail sends a message by e-mail.
func (n *Notifier) sendMail(ctx context.Context, w way, m message) error {
	if n.Mail == nil {
		return noMail()
	}
	text, markup := n.text(m), ""
	for _, l := range m.lines {
		markup += "<p>" + l.HTML + "</p>\n"
	}
	if m.more > 0 {
		markup += "<p>" + html.EscapeString(n.in(m.account.Language, playlists.Sentencef("… and %d more.", m.more))) + "</p>\n"
	}
	if m.settings != "" {
		foot := n.in(m.account.Language, playlists.Sentencef("You decide what is sent here: %s", m.settings))
		text += "\n\n-- \n" + foot + "\n"
		markup += "<hr><p>" + html.EscapeString(foot) + "</p>\n"
	}
	return n.Mail.send(ctx, letter{id: m.id, to: w.address, subject: m.title, text: text, html: markup, at: m.at})
}

func noMail() error {
	return playlists.Problemf(playlists.Invalid, nil, "This bridge cannot send e-mail: an administrator has to set SONGFERRY_SMTP_URL and SONGFERRY_SMTP_FROM.")
}
