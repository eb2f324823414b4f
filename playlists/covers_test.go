package playlists_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// jpegOf is an image of one shade, with the given sides.
func jpegOf(t *testing.T, shade uint8, width, height int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: shade}.Y
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func picture(t *testing.T, shade uint8) []byte {
	return jpegOf(t, shade, playlists.CoverSize, playlists.CoverSize)
}

// want sets whether a cover is wanted.
func want(t *testing.T, s *playlists.Store, id playlists.ID, wanted bool) {
	t.Helper()
	if err := s.SetCoverWanted(t.Context(), id, wanted); err != nil {
		t.Fatal(err)
	}
	if got, err := s.CoverWanted(t.Context(), id); got != wanted || err != nil {
		t.Fatalf("wanted %v: %v, %v", wanted, got, err)
	}
}

func keep(t *testing.T, s *playlists.Store, id playlists.ID, picture []byte) {
	t.Helper()
	if err := s.KeepCover(t.Context(), playlists.DueCover{Playlist: id, Revision: get(t, s, id).Revision}, picture); err != nil {
		t.Fatal(err)
	}
}

// shown is the cover of a playlist as its publication shows it, nil when there is none.
func shown(t *testing.T, s *playlists.Store, id playlists.ID) []byte {
	t.Helper()
	pub, err := s.Publication(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Cover(t.Context(), pub)
	if playlists.CodeOf(err) == playlists.NotFound {
		return nil
	}
	if err != nil || pub.Cover == "" || c.Changed.IsZero() {
		t.Fatalf("cover %q of %v: %v", pub.Cover, c.Changed, err)
	}
	return c.JPEG
}

func due(t *testing.T, s *playlists.Store, owner playlists.Account) (ids []playlists.ID) {
	t.Helper()
	all, err := s.CoversDue(t.Context(), owner.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		ids = append(ids, d.Playlist)
	}
	return ids
}

func TestACoverIsKeptOnlyWhileItIsWantedAndMayBeSeen(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(t *testing.T, s *playlists.Store, id playlists.ID){
		"it is no longer wanted":   func(t *testing.T, s *playlists.Store, id playlists.ID) { want(t, s, id, false) },
		"it is withdrawn":          func(t *testing.T, s *playlists.Store, id playlists.ID) { publish(t, s, id, playlists.Private) },
		"it is for followers only": func(t *testing.T, s *playlists.Store, id playlists.ID) { publish(t, s, id, playlists.Followers) },
		"it moves to a link":       func(t *testing.T, s *playlists.Store, id playlists.ID) { publish(t, s, id, playlists.Link) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, alice := setup(t)
			id := local(t, s, alice, "Road trip")
			keep(t, s, id, picture(t, 1)) // not published, not wanted
			publish(t, s, id, playlists.Public)
			keep(t, s, id, picture(t, 1)) // not wanted
			if shown(t, s, id) != nil || due(t, s, alice) != nil {
				t.Error("a cover that nobody wanted")
			}
			want(t, s, id, true)
			if got := due(t, s, alice); !slices.Equal(got, []playlists.ID{id}) {
				t.Errorf("due: %v", got)
			}
			keep(t, s, id, picture(t, 1))
			if !bytes.Equal(shown(t, s, id), picture(t, 1)) || due(t, s, alice) != nil {
				t.Error("the cover is not what was kept, or due again at once")
			}
			end(t, s, id)
			if shown(t, s, id) != nil {
				t.Error("it is still shown")
			}
			publish(t, s, id, playlists.Public)
			if shown(t, s, id) != nil {
				t.Error("it came back with a later publication")
			}
		})
	}
}

// A poll that began before the owner withdrew the playlist must not bring its cover back.
func TestACoverThatComesTooLateIsNotKept(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	publish(t, s, id, playlists.Public)
	want(t, s, id, true)
	for _, a := range []playlists.Audience{playlists.Private, playlists.Followers} {
		publish(t, s, id, a)
		keep(t, s, id, picture(t, 1))
		publish(t, s, id, playlists.Public)
		if shown(t, s, id) != nil {
			t.Errorf("made while it was %s, and shown", a)
		}
	}
}

func TestAnotherCoverIsAChange(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	public := publish(t, s, id, playlists.Public)
	want(t, s, id, true)
	for _, p := range [][]byte{nil, picture(t, 1), picture(t, 1), picture(t, 2), nil, nil, picture(t, 3)} {
		keep(t, s, id, p)
	}
	if err := s.PostponeCover(t.Context(), playlists.DueCover{Playlist: id, Revision: 1}); err != nil || shown(t, s, id) == nil {
		t.Errorf("what was there is gone: %v", err)
	}
	want(t, s, id, false)
	n := 0
	for _, k := range journalKinds(t, s) {
		if k == playlists.Covered {
			n++
		}
	}
	if n != 5 {
		t.Errorf("%d changes, want 5", n)
	}
	if pub, err := s.PublicationByPublicID(t.Context(), public.PublicID); err != nil || pub.Cover != "" || pub.CoverChanged.IsZero() {
		t.Errorf("publication %+v, %v", pub, err)
	}
}

func TestOnlySmallPicturesAreCovers(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	publish(t, s, id, playlists.Public)
	want(t, s, id, true)
	for what, p := range map[string][]byte{
		"text":      []byte("<script>"),
		"too small": jpegOf(t, 1, 10, 10),
		"too wide":  jpegOf(t, 1, playlists.CoverSize+1, playlists.CoverSize),
		"too long":  append(picture(t, 1), make([]byte, playlists.MaxCover)...),
	} {
		err := s.KeepCover(t.Context(), playlists.DueCover{Playlist: id, Revision: 1}, p)
		if playlists.CodeOf(err) != playlists.Invalid || shown(t, s, id) != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestNobodyWantsACoverOfSomebodyElsesPlaylist(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	id, err := s.Expect(t.Context(), "https://other.example/lists/1")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []playlists.ID{id, "none"} {
		if err := s.SetCoverWanted(t.Context(), id, true); playlists.CodeOf(err) != playlists.NotFound {
			t.Errorf("%s: %v", id, err)
		}
	}
}
