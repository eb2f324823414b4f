package playlists_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestSearchEnginesAreAWishOfTheOwnerThatEndsWithThePublication(t *testing.T) {
	t.Parallel()
	s, alice := setup(t)
	id := local(t, s, alice, "Road trip")
	if err := s.SetIndexed(t.Context(), id, true); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("before it is published: %v", err)
	}
	if publish(t, s, id, playlists.Public).Indexed {
		t.Error("indexed without the wish")
	}
	for _, wish := range []bool{true, false, true} {
		if err := s.SetIndexed(t.Context(), id, wish); err != nil {
			t.Fatal(err)
		}
		if pub, err := s.Publication(t.Context(), id); err != nil || pub.Indexed != wish {
			t.Errorf("%+v, %v", pub, err)
		}
	}
	publish(t, s, id, playlists.Private)
	if publish(t, s, id, playlists.Public).Indexed {
		t.Error("the wish outlived the publication")
	}
}
