package web

import (
	"fmt"
	"html"
	"strings"
)

// shareView is what a visitor may pass on.
type shareView struct {
	Feed     string // path of the feed of changes
	QR       string // path of the QR code
	Frame    string // HTML that shows the playlist on another site, "" when it may be shown to those with the link only
	Markdown string // link
}

// What the HTML of a frame asks for, in pixels.
const (
	frameWidth  = 480
	frameHeight = 380
)

func (s *site) shareOf(sh shared) *shareView {
	path := sh.path()
	out := &shareView{Feed: path + "." + feedExtension, QR: path + "." + qrExtension}
	if sh.Audience.Open() {
		out.Frame = s.frame(sh.Handle, frameWidth, frameHeight)
		out.Markdown = "[" + plainMarkdown(sh.Playlist.Name+" · "+sh.Curator.Name) + "](" + s.absolute(path) + ")"
	}
	return out
}

// frame is HTML with no attribute but those that WordPress and WriteFreely let through.
func (s *site) frame(handle string, width, height int) string {
	return fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" frameborder="0"></iframe>`, html.EscapeString(s.absolute("embed", "@"+handle)), width, height)
}

// plainMarkdown is text that Markdown shows as it is.
func plainMarkdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]()<>#+-.!|~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
