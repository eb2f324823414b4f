package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	// The standard's own library: how a message is signed is written once.
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/songferry/songferry/playlists"
)

// hook is the body of a webhook; INSTALL.md documents it.
type hook struct {
	Type      string     `json:"type"` // notices, or test
	ID        string     `json:"id"`
	Timestamp time.Time  `json:"timestamp"`
	Account   string     `json:"account"`
	Language  string     `json:"language"`
	Title     string     `json:"title"`
	Text      string     `json:"text"`
	Urgent    bool       `json:"urgent"`
	Notices   []hookLine `json:"notices"`
	More      int        `json:"more"`
}

type hookLine struct {
	Kind string    `json:"kind"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// sendHook POSTs a message, signed as Standard Webhooks has it: webhook-id, -timestamp and -signature.
func (n *Notifier) sendHook(ctx context.Context, r reach, w way, m message) error {
	body, err := json.Marshal(n.hook(m))
	if err != nil {
		return err
	}
	signer, err := standardwebhooks.NewWebhook(w.secret)
	if err != nil {
		return err
	}
	signature, err := signer.Sign(m.id, m.at, body)
	if err != nil {
		return err
	}
	header := http.Header{}
	for name, value := range map[string]string{"Content-Type": "application/json", "User-Agent": "Songferry/" + n.Version,
		standardwebhooks.HeaderWebhookID: m.id, standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(m.at.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: signature} {
		header.Set(name, value)
	}
	return r.post(ctx, w.address, header, body)
}

func (n *Notifier) hook(m message) hook {
	h := hook{Type: "notices", ID: m.id, Timestamp: m.at, Account: m.account.Called(), Language: m.account.Language, Title: m.title, Text: n.text(m),
		Urgent: m.urgent(), Notices: []hookLine{}, More: m.more}
	if m.test {
		h.Type = "test"
		return h
	}
	for _, l := range m.lines {
		h.Notices = append(h.Notices, hookLine{Kind: kindName(l.Kind), At: l.At, Text: l.Text})
	}
	return h
}

// kindName is a kind as receivers know it: "follow-asked".
func kindName(k playlists.NoticeKind) string { return strings.ReplaceAll(string(k), " ", "-") }
