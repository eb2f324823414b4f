package federation

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestG106APlaylistMadePrivateIsGoneInEveryForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	item := gallery{world: w}.item(pub)
	actor, list := w.addr().Actor(pub.PublicID), w.addr().Collection(pub.PublicID)
	addresses := []string{actor, actor + "/outbox", actor + "/followers", actor + "/following", actor + "/featured", list, list + "?page=1", list + "?page=99", list + "/items/" + item,
		w.addr().Profile(pub.Handle), fingerPath("acct:" + pub.Handle + "@" + w.addr().Host()), fingerPath(actor), fingerPath(w.addr().Profile(pub.Handle))}
	tags := map[string]string{}
	for _, a := range addresses {
		tags[a] = w.get(a).header.Get("ETag")
	}
	overview := w.addr().ActorPlaylists(w.alice.PublicID)
	if !strings.Contains(w.get(overview).body, actor) {
		t.Fatal("it was not listed before")
	}

	w.republish(pub.Playlist, playlists.Private)
	w.steps()

	received := other.Received()
	told := received[len(received)-1]
	var farewell struct {
		Type, Actor string
		Object      struct{ ID, Type string }
	}
	if err := json.Unmarshal(told.Raw, &farewell); err != nil || farewell.Type != "Delete" || farewell.Actor != actor || farewell.Object.ID != actor || farewell.Object.Type != "Tombstone" {
		t.Errorf("told %s, %v", told.Raw, err)
	}
	for _, address := range addresses {
		for name, edit := range map[string]func(*http.Request){
			"plain": func(*http.Request) {}, "known version": func(r *http.Request) { r.Header.Set("If-None-Match", tags[address]) },
			"any version": func(r *http.Request) { r.Header.Set("If-None-Match", "*") }, "a part": func(r *http.Request) { r.Header.Set("Range", "bytes=0-9") },
			"other type": func(r *http.Request) { r.Header.Set("Accept", "application/ld+json; profile=\""+activityStreams+"\"") },
		} {
			a := w.get(address, edit)
			if a.status != http.StatusGone || !strings.Contains(a.body, `"type":"Tombstone"`) || strings.Contains(a.body, "Road trip") || strings.Contains(a.body, "Harbour") {
				t.Errorf("%s, %s: %+v", address, name, a)
			}
		}
		if a := w.send(http.MethodHead, address, func(r *http.Request) { r.Header.Set("Accept", activityJSON) }); a.status != http.StatusGone {
			t.Errorf("HEAD %s: %d", address, a.status)
		}
	}
	if a := w.get(overview); a.status != 200 || strings.Contains(a.body, pub.PublicID) {
		t.Errorf("it is still listed: %s", a.body)
	}

	// Published once more it is somebody new: nobody who knew the old one knows it.
	again := w.republish(pub.Playlist, playlists.Public)
	if again.PublicID == pub.PublicID || again.Handle == pub.Handle || w.get(actor).status != http.StatusGone {
		t.Errorf("%+v after %+v", again, pub)
	}
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Errorf("%d followers came along", n)
	}
	other.Send(other.AddActor("late", nil), w.addr().SharedInbox(), activity(other.AddActor("late", nil), "Follow", 1, actor))
	w.steps()
	if got := w.count(`SELECT COUNT(*) FROM followers`); got != 0 || len(other.Received()) != len(received) {
		t.Error("a Follow of the old one has an effect")
	}
}
