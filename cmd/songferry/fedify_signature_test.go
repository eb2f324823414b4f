//go:build fedify

package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/fedifytest"
)

// signed describes exchanges by how they were signed and answered.
func signed(some []fedifytest.Exchange) (out []knock) {
	for _, e := range some {
		out = append(out, knock{e.Scheme, e.Status})
	}
	return out
}

type knock struct {
	scheme fedifytest.Scheme
	status int
}

// gets returns the exchanges in which an address was read.
func gets(f *fedifytest.Front, address string) []fedifytest.Exchange {
	return slices.DeleteFunc(f.Passed(), func(e fedifytest.Exchange) bool {
		return e.Method != http.MethodGet || f.URL+e.Path != address
	})
}

func knocked(t *testing.T, what string, got []fedifytest.Exchange, want ...knock) {
	t.Helper()
	if !slices.Equal(signed(got), want) {
		t.Errorf("%s: %v, want %v", what, signed(got), want)
	}
}

func TestFedifySignsInEitherScheme(t *testing.T) {
	t.Parallel()
	for _, scheme := range []fedifytest.Scheme{fedifytest.Cavage, fedifytest.RFC9421} {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			a := newAbroad(t, fedifytest.Options{FirstKnock: scheme})
			a.make("For friends", harbour)
			friends := a.publish("alice", "For friends", "followers")
			actor := a.fedify.Lookup(fedifytest.Nobody, friends.Handle)
			id, list, fay := actor.Text("id"), stream(t, actor), a.fedify.ID("fay")

			a.fedify.Send("Follow", id, id)
			knocked(t, "the Follow", a.front.Posts("Follow"), knock{scheme, http.StatusAccepted})
			a.awaitFollowers("For friends", fay+"?")
			a.must("follower", "approve", "--account", "alice", "For friends", fay)
			comes(t, a.fedify, "Accept", "Follow", 1)
			if items := a.fedify.Items(fedifytest.Fay, list); len(items) != 1 {
				t.Errorf("fay reads %v", items)
			}
			knocked(t, "the collection", gets(a.front, list), knock{scheme, http.StatusOK})
			knocked(t, "its page", gets(a.front, list+"?page=1"), knock{scheme, http.StatusOK})
		})
	}
}

func TestFedifyVerifiesOurSignaturesInEitherScheme(t *testing.T) {
	t.Parallel()
	for _, scheme := range []fedifytest.Scheme{fedifytest.Cavage, fedifytest.RFC9421} {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			a := newAbroad(t, fedifytest.Options{})
			var first []knock
			if scheme != fedifytest.Cavage { // ours come first in that one
				a.fedify.Refuse(fedifytest.Cavage)
				first = []knock{{fedifytest.Cavage, http.StatusUnauthorized}}
			}
			songs := a.add(harbour, boats)
			music := a.music.AddPlaylist("alice", "Road trip", songs[0])
			id := a.fedify.Lookup(fedifytest.Nobody, a.publish("alice", "Road trip", "public").Handle).Text("id")

			a.fedify.Send("Follow", id, id)
			comes(t, a.fedify, "Accept", "Follow", 1)
			knocked(t, "the Accept", a.fedify.Posts("Accept"), append(first, knock{scheme, http.StatusAccepted})...)

			a.music.SetPlaylist(music, songs...)
			comes(t, a.fedify, "Update", "OrderedCollection", 1)
			// What a host took once is tried first from then on.
			knocked(t, "the Update", a.fedify.Posts("Update"), knock{scheme, http.StatusAccepted})
		})
	}
}

func TestFedifyAnswersSignedReadsOnly(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{AuthorizedFetch: true, Tracks: []string{"One"}})
	a.make("Road trip", harbour)
	id := a.fedify.Lookup(fedifytest.Nobody, a.publish("alice", "Road trip", "public").Handle).Text("id")
	fay := a.fedify.ID("fay")
	if got := a.fedify.Status(fedifytest.Nobody, fay); got != http.StatusUnauthorized {
		t.Fatalf("without a signature fay's actor answers %d", got)
	}

	a.fedify.Send("Follow", id, id)
	comes(t, a.fedify, "Accept", "Follow", 1)
	a.awaitFollowers("Road trip", fay)
	contains(t, "the dry run", a.must("import", "--account", "alice", "--dry-run", "@mix@"+hostOf(a.fedify.URL)), "One")
}

func TestFedifySignsItsReadsWhereWeWantThat(t *testing.T) {
	t.Parallel()
	for _, both := range []bool{false, true} {
		name := "we alone"
		if both {
			name = "both"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAbroad(t, fedifytest.Options{AuthorizedFetch: both}, "SONGFERRY_FEDERATION_AUTHORIZED_FETCH=true")
			a.make("Road trip", harbour, boats)
			road := a.publish("alice", "Road trip", "public")

			if o := a.fedify.Lookup(fedifytest.Nobody, road.Handle); o != nil {
				t.Errorf("without a signature there is %v", o)
			}
			says(t, "our instance", a.fedify.Lookup(fedifytest.Nobody, a.front.URL), map[string]any{"type": "Application"})
			actor := a.fedify.Lookup(fedifytest.Fay, road.Handle)
			id, list := actor.Text("id"), stream(t, actor)
			for _, address := range []string{id, list, list + "?page=1"} {
				if got := a.fedify.Status(fedifytest.Nobody, address); got != http.StatusUnauthorized {
					t.Errorf("without a signature %s answers %d", strings.TrimPrefix(address, a.front.URL), got)
				}
			}
			if items := a.fedify.Items(fedifytest.Fay, list); len(items) != 2 {
				t.Errorf("fay reads %v", items)
			}
			a.fedify.Send("Follow", id, id)
			comes(t, a.fedify, "Accept", "Follow", 1)
			a.awaitFollowers("Road trip", a.fedify.ID("fay"))
		})
	}
}
