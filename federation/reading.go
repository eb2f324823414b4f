package federation

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

const listTime = 60 * time.Second // of reading one playlist with all its pages

// reading is a playlist as its origin gave it.
type reading struct {
	playlist    playlists.Playlist
	actor       string // the playlist's actor, "" for a share link
	movedTo     string // the actor that this one says to have become
	condition   Conditional
	notModified bool
}

const readTries = 3 // of a playlist that changes while it is read

// readCollection reads a playlist with all its pages from its own host, signed as account when that follows it.
func (f *Federation) readCollection(ctx context.Context, account playlists.ID, address string, cond Conditional) (reading, error) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	sign, err := f.signAsAccount(ctx, account)
	if err != nil {
		return reading{}, err
	}
	doc, err := f.client.GetActivity(ctx, address, sign, cond)
	if err != nil {
		return reading{}, err
	}
	if doc.Status == http.StatusNotModified {
		return reading{notModified: true}, nil
	}
	for range readTries {
		c, err := decodeCollection(doc.Body)
		if err != nil {
			return reading{}, err
		}
		r, err := f.readTracks(ctx, c, doc, sign)
		if err != nil || c.Next == "" {
			return r, err
		}
		// The pages may be of a later version than the head, or of several.
		now, err := f.client.GetActivity(ctx, address, sign, r.condition)
		if err != nil {
			return reading{}, err
		}
		if now.Status == http.StatusNotModified || isSame(c, now) {
			return r, nil
		}
		doc = now
	}
	return reading{}, playlists.Problemf(playlists.Unavailable, nil, "The playlist at %s changed again and again while it was read.", hostOf(address))
}

// isSame reports whether a document says the same of a collection as it said before.
func isSame(c RemoteCollection, doc *Document) bool {
	now, err := decodeCollection(doc.Body)
	return err == nil && reflect.DeepEqual(c, now)
}

// readTracks reads the rest of a playlist whose head has been read.
func (f *Federation) readTracks(ctx context.Context, c RemoteCollection, doc *Document, sign Signer) (reading, error) {
	owner, err := f.collectionOwner(ctx, c, doc)
	if err != nil {
		return reading{}, err
	}
	tracks, err := f.readPages(ctx, c, sign)
	if err != nil {
		return reading{}, err
	}
	if len(tracks) == 0 && (len(c.Refs) > 0 || c.Total > 0) {
		// Such as Funkwhale's playlists, which only name their tracks. It must not be taken for one that was emptied.
		return reading{}, playlists.Problemf(playlists.Invalid, nil, "That is a list at %s, but not one of tracks. Ask for the handle or the link of a playlist.", hostOf(c.ID))
	}
	r := reading{condition: Conditional{ETag: doc.ETag, LastModified: doc.LastModified}, playlist: c.Playlist(tracks)}
	if r.playlist.Curator, err = f.curator(ctx, owner); err != nil {
		return reading{}, err
	}
	switch {
	case owner.Type != "Application":
		r.actor, r.movedTo = owner.ID, owner.MovedTo
	case c.Creator != "":
		r.playlist.Curator = playlists.Curator{Name: c.Creator}
	}
	return r, nil
}

// collectionOwner returns the one actor that a collection is attributed to, if that is of the same host and names the
// collection as its own. A share link belongs to the instance actor, which names none: its secret address is the proof.
func (f *Federation) collectionOwner(ctx context.Context, c RemoteCollection, doc *Document) (RemoteActor, error) {
	if !sameHost(hostOf(c.ID), hostOf(doc.URL)) || !sameHost(hostOf(c.AttributedTo), hostOf(c.ID)) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s does not belong to an account of that server.", hostOf(doc.URL))
	}
	if err := f.policy.AllowsActor(c.AttributedTo); err != nil {
		return RemoteActor{}, err
	}
	// Streams are not stored: an actor that is read anew shows them as they are now.
	owner, err := f.fetchActor(ctx, c.AttributedTo)
	if err != nil {
		return RemoteActor{}, err
	}
	if owner.Type == "Application" {
		return owner, nil
	}
	if owner.AttributedTo != "" { // who is blocked is so with their playlists
		if err := f.policy.AllowsActor(owner.AttributedTo); err != nil {
			return RemoteActor{}, err
		}
	}
	if !slices.Contains(owner.Streams, c.ID) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "%s does not name this playlist as its own, so it cannot be trusted.", owner.label())
	}
	return owner, nil
}

// curator names the person behind a playlist's actor: the actor's own owner, else its server. An owner that cannot be
// read is no reason to refuse the playlist; one that cannot be read now is a reason to try again, since the copy would
// carry another name until the next change.
func (f *Federation) curator(ctx context.Context, a RemoteActor) (playlists.Curator, error) {
	if a.AttributedTo != "" && sameHost(hostOf(a.AttributedTo), hostOf(a.ID)) {
		person, err := f.remoteActor(ctx, a.AttributedTo)
		if err == nil {
			return playlists.Curator{Name: person.label(), Handle: person.fullHandle()}, nil
		}
		if !lasting(err) {
			return playlists.Curator{}, err
		}
	}
	if a.Type == "Application" {
		return playlists.Curator{Name: hostOf(a.ID)}, nil
	}
	return playlists.Curator{Name: a.label(), Handle: a.fullHandle()}, nil
}

// label is what people call an actor.
func (a RemoteActor) label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.fullHandle()
}

// pageOrID is where people look at an actor.
func (a RemoteActor) pageOrID() string {
	if a.URL != "" {
		return a.URL
	}
	return a.ID
}

// fullHandle is @name@host, or the host alone when the actor has no usual name.
func (a RemoteActor) fullHandle() string {
	if a.Handle == "" {
		return hostOf(a.ID)
	}
	return "@" + a.Handle + "@" + hostOf(a.ID)
}

// signAsAccount signs as the account, or as the instance when account is "".
func (f *Federation) signAsAccount(ctx context.Context, account playlists.ID) (Signer, error) {
	if account == "" || !f.public() {
		return f.signAs(ctx, instanceID), nil
	}
	a, err := f.store.Account(ctx, account)
	if err != nil {
		return nil, err
	}
	if a.Handle == "" {
		return f.signAs(ctx, instanceID), nil
	}
	return f.signAs(ctx, a.PublicID), nil
}
