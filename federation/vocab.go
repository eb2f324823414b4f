package federation

import (
	"context"
	"net/url"
	"time"

	"github.com/go-fed/activity/streams"
	"github.com/go-fed/activity/streams/vocab"

	"github.com/songferry/songferry/playlists"
)

// This file is the only one that knows go-fed/activity. It reads what ActivityStreams gives a type to: links, dates and
// counts. Three things are kept from it:
//
//   - what we do not use. Some values make it panic ("duration":"") and 150 kB of empty attachments keep it busy for
//     seconds, so it is given a copy that holds only the properties below, flat and short;
//   - texts. It takes every string with a colon for an address: the title "Re: Stacks" would become "re: Stacks";
//   - ids. They are compared and stored as they were written, and a parsed URL need not print as it was.

// vocabulary are the properties that go-fed reads for us.
var vocabulary = []string{"attributedTo", "to", "cc", "published", "updated", "url", "first", "next", "totalItems",
	"inbox", "followers", "streams"}

// typed is a document as go-fed reads it.
type typed struct {
	AttributedTo, To, CC, Streams []string
	First, Next                   string
	Inbox, Followers              string
	Page                          string // the url that is HTML, or the only one
	Published, Updated            time.Time
	Total                         int
}

// vocabObject is what all documents here have in common.
type vocabObject interface {
	GetActivityStreamsAttributedTo() vocab.ActivityStreamsAttributedToProperty
	GetActivityStreamsTo() vocab.ActivityStreamsToProperty
	GetActivityStreamsCc() vocab.ActivityStreamsCcProperty
	GetActivityStreamsPublished() vocab.ActivityStreamsPublishedProperty
	GetActivityStreamsUpdated() vocab.ActivityStreamsUpdatedProperty
	GetActivityStreamsUrl() vocab.ActivityStreamsUrlProperty
}

type vocabCollection interface {
	GetActivityStreamsFirst() vocab.ActivityStreamsFirstProperty
	GetActivityStreamsTotalItems() vocab.ActivityStreamsTotalItemsProperty
}

type vocabPage interface {
	GetActivityStreamsNext() vocab.ActivityStreamsNextProperty
}

type vocabActor interface {
	GetActivityStreamsInbox() vocab.ActivityStreamsInboxProperty
	GetActivityStreamsFollowers() vocab.ActivityStreamsFollowersProperty
	GetActivityStreamsStreams() vocab.ActivityStreamsStreamsProperty
}

// typed reads o as the given ActivityStreams type. Errors are Problems with code Invalid.
func (o object) typed(kind string) (typed, error) {
	return safely(func() (typed, error) {
		t, err := streams.ToType(context.Background(), o.flat(kind))
		if err != nil {
			return typed{}, err
		}
		return readTyped(t), nil
	})
}

// safely runs read. A panic of go-fed, which indexes into strings without looking at their length, is the sender's fault.
func safely(read func() (typed, error)) (d typed, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = playlists.Panicked(r)
		}
		if err != nil {
			err = playlists.Problemf(playlists.Invalid, err, "The other server's document cannot be read.")
		}
	}()
	return read()
}

func readTyped(t vocab.Type) (d typed) {
	if v, ok := t.(vocabObject); ok {
		d.readObject(v)
	}
	if v, ok := t.(vocabCollection); ok {
		d.readCollection(v)
	}
	if v, ok := t.(vocabPage); ok {
		d.Next = address(v.GetActivityStreamsNext())
	}
	if v, ok := t.(vocabActor); ok {
		d.Inbox, d.Followers = addressIn(address(v.GetActivityStreamsInbox())), address(v.GetActivityStreamsFollowers())
		d.Streams = addresses(v.GetActivityStreamsStreams())
	}
	return d
}

func (d *typed) readObject(v vocabObject) {
	d.AttributedTo = addresses(v.GetActivityStreamsAttributedTo())
	d.To, d.CC = addresses(v.GetActivityStreamsTo()), addresses(v.GetActivityStreamsCc())
	if p := v.GetActivityStreamsPublished(); p != nil && p.IsXMLSchemaDateTime() {
		d.Published = plausible(p.Get())
	}
	if p := v.GetActivityStreamsUpdated(); p != nil && p.IsXMLSchemaDateTime() {
		d.Updated = plausible(p.Get())
	}
	d.Page = pageIn(v.GetActivityStreamsUrl())
}

func (d *typed) readCollection(v vocabCollection) {
	d.First = address(v.GetActivityStreamsFirst())
	if p := v.GetActivityStreamsTotalItems(); p != nil && p.IsXMLSchemaNonNegativeInteger() {
		d.Total = p.Get()
	}
}

// pageIn returns the address of the page for people among an object's urls.
func pageIn(urls vocab.ActivityStreamsUrlProperty) string {
	if urls == nil {
		return ""
	}
	for i := range urls.Len() {
		at := urls.At(i)
		if at.IsIRI() {
			return addressIn(at.GetIRI().String())
		}
		if !at.IsActivityStreamsLink() {
			continue
		}
		l := at.GetActivityStreamsLink()
		href, media := l.GetActivityStreamsHref(), l.GetActivityStreamsMediaType()
		if href != nil && href.Get() != nil && (media == nil || media.Get() == "text/html") {
			return addressIn(href.Get().String())
		}
	}
	return ""
}

// property is what go-fed's properties of one address have in common. The nil of one is a nil property.
type property interface {
	IsIRI() bool
	GetIRI() *url.URL
}

// address returns the address in a property, of any scheme ("as:Public"); "" when it holds none.
func address(p property) string {
	if p == nil || !p.IsIRI() {
		return ""
	}
	return p.GetIRI().String()
}

// addresses returns the addresses in a property of many. The nil of one is a nil list.
func addresses[P property](list interface {
	Len() int
	At(int) P
}) []string {
	if list == nil {
		return nil
	}
	var out []string
	for i := range list.Len() {
		if s := address(list.At(i)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// flat returns the copy of o that go-fed is given.
func (o object) flat(kind string) map[string]any {
	flat := map[string]any{"@context": activityStreams, "type": kind}
	for _, key := range vocabulary {
		if list, ok := o[key].([]any); ok {
			short := make([]any, 0, maxListed)
			for _, v := range firstOf(list, maxListed) {
				short = append(short, flatValue(key, v))
			}
			flat[key] = short
		} else if v, ok := o[key]; ok {
			flat[key] = flatValue(key, v)
		}
	}
	return flat
}

// flatValue keeps text, whole numbers and the links of url; any other object becomes its address.
func flatValue(key string, v any) any {
	switch v := v.(type) {
	case string:
		if len(v) <= maxURL {
			return v
		}
	case float64:
		if v == float64(int32(v)) { // go-fed would cut off the rest
			return v
		}
	case map[string]any:
		href := addressIn(v["href"])
		switch {
		case href == "":
			return addressIn(v)
		case key != "url":
			return href
		}
		media, _ := v["mediaType"].(string)
		return map[string]any{"type": "Link", "href": href, "mediaType": media}
	}
	return ""
}

// plausible returns t, or the zero time when it is before the fediverse or out of any calendar.
func plausible(t time.Time) time.Time {
	if t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}
