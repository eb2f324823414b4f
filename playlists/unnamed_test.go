package playlists_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestAnErrorForTheLogNamesNobody(t *testing.T) {
	t.Parallel()
	refused := errors.New("connection refused")
	inner := playlists.Sentencef("%s of %d is gone.", "Road trip", 7)
	for want, err := range map[string]error{
		"":                               nil,
		"connection refused":             refused,
		"get: connection refused":        &url.Error{Op: "Get", URL: "https://navidrome.example/rest/ping?t=token", Err: refused},
		`The list … of … has 12.`:        playlists.Problemf(playlists.Invalid, nil, "The list %q of %s has %d.", "Road trip", "alice", 12),
		"… waits: connection refused":    playlists.Problemf(playlists.Invalid, refused, "%s waits", "alice"),
		"read: … waits: get: no: last":   fmt.Errorf("read: %w: last", playlists.Problemf(playlists.Gone, &url.Error{Op: "Get", URL: "x", Err: errors.New("no")}, "%s waits", "alice")),
		"… of 7 is gone. It is said.":    playlists.Problemf(playlists.Gone, nil, "%s It is said.", inner),
		"… waits\nconnection refused":    errors.Join(playlists.Problemf(playlists.Gone, nil, "%s waits", "alice"), refused),
		"first … a and … b, then the …!": fmt.Errorf("first %w and %w, then the %w!", playlists.Problemf("", nil, "%s a", "x"), playlists.Problemf("", nil, "%s b", "y"), playlists.Problemf("", nil, "%v", refused)),
	} {
		if got := playlists.Unnamed(err); got != want {
			t.Errorf("%v becomes %q, want %q", err, got, want)
		}
	}
}

func TestAPanicTellsWhereAndNothingThatItHolds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		panics func()
		want   string
	}{
		{func() { panic("token 5ec2e7 of alice") }, "panic: string in "},
		{func() { panic(fmt.Errorf("password %s", "5ec2e7")) }, "panic: *"},
		{func() { var empty []string; _ = empty[len(empty)] }, "panic: runtime error: index out of range [0] with length 0 in "},
	} {
		got := playlists.Unnamed(recovers(c.panics))
		if !strings.HasPrefix(got, c.want) || !strings.Contains(got, "TestAPanicTellsWhere") || strings.Contains(got, "5ec2e7") {
			t.Errorf("%q, want %q and where", got, c.want)
		}
	}
}

func recovers(panics func()) (err error) {
	defer func() { err = playlists.Panicked(recover()) }()
	panics()
	return nil
}
