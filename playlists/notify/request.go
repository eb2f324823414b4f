package notify

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// maxAddress bounds an address, in bytes.
const maxAddress = 2000

func newRequest(ctx context.Context, u *url.URL, header http.Header, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = header
	return req, nil
}

// readAddress reads the address of a webhook or of a topic. A name alone means https.
func readAddress(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if text != "" && !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || len(text) > maxAddress || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, playlists.Problemf(playlists.Invalid, nil, "Enter a whole address, such as https://example.com/name.")
	}
	if u.User != nil {
		return nil, playlists.Problemf(playlists.Invalid, nil, "The address holds a name or password. Leave that out.")
	}
	u.Fragment = ""
	return u, nil
}

// topic is what ntfy lets a topic be called.
var topic = regexp.MustCompile(`/[-_A-Za-z0-9]{1,64}$`)

func readTopic(text string) (*url.URL, error) {
	u, err := readAddress(text)
	if err == nil && !topic.MatchString(u.Path) {
		err = playlists.Problemf(playlists.Invalid, nil, "Enter the address of a topic, such as https://ntfy.sh/my-topic-8f3k2.")
	}
	return u, err
}

// token is what a key to a server looks like: no spaces, nothing that a header cannot hold.
var token = regexp.MustCompile(`^[!-~]{0,500}$`)

func readToken(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !token.MatchString(text) {
		return "", playlists.Problemf(playlists.Invalid, nil, "An access token is one word, such as tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2.")
	}
	return text, nil
}
