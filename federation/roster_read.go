package federation

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/songferry/songferry/playlists"
)

const (
	maxRoster      = playlists.MaxOfPerson // playlists of a person that are looked at
	maxRosterPages = 20
)

// rosterReading is a person's list of playlists as their host gave it.
type rosterReading struct {
	collection  string
	actors      []string // of the playlists, on the person's host
	condition   Conditional
	notModified bool
}

// errTracks: an actor's stream is a playlist itself.
var errTracks = errors.New("the collection holds tracks")

// readRoster reads the Collection of playlist actors that a person names as their own (FEP-a974), inline or in pages.
// What is longer than maxRoster is cut off there.
func (f *Federation) readRoster(ctx context.Context, a RemoteActor, cond Conditional) (rosterReading, error) {
	if len(a.Streams) == 0 {
		return rosterReading{}, noPlaylist(a.label())
	}
	r := rosterReading{collection: a.Streams[0]}
	doc, err := f.client.GetActivity(ctx, r.collection, f.signAs(ctx, instanceID), cond)
	if err != nil {
		return r, err
	}
	if doc.Status == http.StatusNotModified {
		r.notModified = true
		return r, nil
	}
	list, err := decodeCollection(doc.Body)
	if err != nil || list.AttributedTo != a.ID {
		return r, noPlaylist(a.label())
	}
	if len(list.Items) > 0 {
		return r, errTracks
	}
	refs, err := f.rosterPages(ctx, list)
	if err != nil {
		return r, err
	}
	for _, id := range refs {
		if len(a.ID)+len(id) > maxIndexed {
			continue
		}
		if onHostOf(a.ID, id) != "" && !slices.Contains(r.actors, id) && len(r.actors) < maxRoster {
			r.actors = append(r.actors, id)
		}
	}
	r.condition = Conditional{ETag: doc.ETag, LastModified: doc.LastModified}
	return r, nil
}

// rosterPages returns the members of a collection and of its pages, which stay on its host.
func (f *Federation) rosterPages(ctx context.Context, list RemoteCollection) ([]string, error) {
	ids, next := list.Refs, list.Next
	seen := map[string]bool{}
	for next != "" && len(ids) < maxRoster && len(seen) < maxRosterPages && !seen[next] {
		seen[next] = true
		doc, err := f.client.GetPage(ctx, next, f.signAs(ctx, instanceID))
		if err != nil {
			return nil, err
		}
		if !sameOrigin(doc.URL, list.ID) {
			return nil, playlists.Problemf(playlists.Invalid, nil, "The list at %s goes on at another server, so it was not read.", hostOf(list.ID))
		}
		items, more, after, err := decodeRefsPage(doc.Body)
		if err != nil {
			return nil, err
		}
		if len(items) > 0 {
			return nil, errTracks
		}
		ids, next = append(ids, more...), after
	}
	return ids, nil
}

// decodeRefsPage is decodePage for a page whose members may be given by their ids only.
func decodeRefsPage(doc []byte) (items []playlists.Track, ids []string, next string, err error) {
	if items, next, err = decodePage(doc); err != nil {
		return nil, nil, "", err
	}
	o, err := readObject(doc, pageLimits)
	return items, refs(o), next, err
}
