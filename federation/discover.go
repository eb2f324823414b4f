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
//
// When there is no such document, err says so and page is what was found instead, of any kind.
func (c *Client) Discover(ctx context.Context, address string, sign Signer) (doc, page *Document, err error) {
	doc, err = c.GetActivity(ctx, address, sign, Conditional{})
	if !errors.Is(err, errPage) {
		return doc, nil, err
	}
	page, pageErr := c.getFile(ctx, address)
	if pageErr != nil {
		return nil, nil, pageErr
	}
	alternate := alternateOf(page, isActivityType)
	if alternate == "" {
		return nil, page, err
	}
	doc, err = c.GetActivity(ctx, alternate, sign, Conditional{})
	return doc, nil, err
}

// alternateOf returns the address of the first document of a type that a page names, "" when it names none on its host.
func alternateOf(page *Document, wanted func(mediaType string) bool) string {
	base, err := url.Parse(page.URL)
	if t, _, typeErr := mime.ParseMediaType(page.ContentType); err != nil || typeErr != nil || t != "text/html" {
		return ""
	}
	href := firstAlternate(page.Body[:min(len(page.Body), maxPageRead)], wanted)
	to, err := base.Parse(href)
	if err != nil || href == "" { // which would be the page itself
		return ""
	}
	return onHostOf(page.URL, to.String())
}

// firstAlternate returns the href of the first <link rel="alternate"> of a type in a head, as it is written.
func firstAlternate(page []byte, wanted func(mediaType string) bool) string {
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
			if href, ok := alternateIn(t, wanted); ok {
				return href
			}
		}
	}
}

func alternateIn(t html.Token, wanted func(mediaType string) bool) (href string, ok bool) {
	if t.DataAtom != atom.Link {
		return "", false
	}
	attributes := map[string]string{}
	for _, a := range t.Attr {
		attributes[a.Key] = a.Val
	}
	href = strings.TrimSpace(attributes["href"])
	relations := strings.Fields(strings.ToLower(attributes["rel"]))
	return href, href != "" && slices.Contains(relations, "alternate") && wanted(attributes["type"])
}
