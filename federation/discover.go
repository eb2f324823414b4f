package federation

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxPageRead is how much of a page is searched for its link, which stands in the head.
const maxPageRead = 256 << 10

// errPage: what stands at an address is for people.
var errPage = errors.New("not an ActivityPub document")

// Discover is GetActivity for an address that a person copied from their browser. Where that is a page, whose server does
// not give ActivityPub clients something else, the page's own link to its document is followed: once, and on the page's
// host only. A page says what it likes, so the document is checked like any other.
func (c *Client) Discover(ctx context.Context, address string, sign Signer) (*Document, error) {
	doc, err := c.GetActivity(ctx, address, sign, Conditional{})
	if !errors.Is(err, errPage) {
		return doc, err
	}
	page, pageErr := c.Get(ctx, address, "text/html", nil, Conditional{})
	if pageErr != nil {
		return nil, pageErr
	}
	alternate := alternateOf(page)
	if alternate == "" {
		return nil, err
	}
	return c.GetActivity(ctx, alternate, sign, Conditional{})
}

// alternateOf returns the address of the ActivityPub document that a page names first, "" when it names none on its host.
func alternateOf(page *Document) string {
	base, err := url.Parse(page.URL)
	if t, _, typeErr := mime.ParseMediaType(page.ContentType); err != nil || typeErr != nil || t != "text/html" {
		return ""
	}
	to, err := base.Parse(firstAlternate(page.Body[:min(len(page.Body), maxPageRead)]))
	if err != nil {
		return ""
	}
	return onHostOf(page.URL, to.String())
}

// firstAlternate returns the href of the first <link rel="alternate"> of an ActivityPub type in a head, as it is written.
func firstAlternate(page []byte) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(maxPageRead)
	for {
		switch z.Next() {
		case html.ErrorToken: // the end
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom == atom.Body {
				return ""
			}
			if href, ok := alternateIn(t); ok {
				return href
			}
		}
	}
}

func alternateIn(t html.Token) (href string, ok bool) {
	if t.DataAtom != atom.Link {
		return "", false
	}
	attributes := map[string]string{}
	for _, a := range t.Attr {
		attributes[a.Key] = a.Val
	}
	href = strings.TrimSpace(attributes["href"])
	relations := strings.Fields(strings.ToLower(attributes["rel"]))
	return href, href != "" && slices.Contains(relations, "alternate") && isActivityType(attributes["type"])
}
