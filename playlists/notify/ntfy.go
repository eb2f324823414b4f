package notify

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxPush bounds a push message, in bytes: of more ntfy makes an attachment.
const maxPush = 4000

// sendPush publishes a message to a topic (https://docs.ntfy.sh/publish/). A topic's Sequence ID makes a repetition
// replace what it repeats, where the server knows that (2.16 and later).
func (n *Notifier) sendPush(ctx context.Context, r reach, w way, m message) error {
	header := http.Header{}
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("User-Agent", "Songferry/"+n.Version)
	header.Set("Title", mime.BEncoding.Encode("utf-8", m.title))
	header.Set("Priority", "default")
	header.Set("X-Sequence-ID", m.id)
	if m.urgent() {
		header.Set("Priority", "high")
	}
	if m.settings != "" {
		header.Set("Click", strings.TrimSuffix(m.settings, "settings"))
	}
	if w.secret != "" {
		header.Set("Authorization", "Bearer "+w.secret)
	}
	return r.post(ctx, w.address, header, []byte(cut(n.text(m), maxPush)))
}

// cut shortens a text to so many bytes, between two characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	most -= len("…")
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
