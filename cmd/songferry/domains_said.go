package main

import (
	"fmt"
	"strings"

	"github.com/songferry/songferry/federation"
)

// whatWasSwept ends a sentence about a rule with what the rule did.
func whatWasSwept(s federation.Swept) string {
	var did []string
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{s.Followers, "1 follower was removed", "%d followers were removed"},
		{s.Copies, "1 copy of a playlist is no longer kept in step", "%d copies of playlists are no longer kept in step"},
		{s.Deliveries, "1 outgoing message was dropped", "%d outgoing messages were dropped"},
		{s.Activities, "1 incoming message was dropped", "%d incoming messages were dropped"},
		{s.Resumed, "1 copy of a playlist is kept in step again", "%d copies of playlists are kept in step again"},
	} {
		switch {
		case part.n == 1:
			did = append(did, part.one)
		case part.n > 1:
			did = append(did, fmt.Sprintf(part.many, part.n))
		}
	}
	if len(did) == 0 {
		return "."
	}
	return ". " + enumerated(did) + "."
}

// enumerated joins the parts of a sentence: "a", "a and b", "a, b and c".
func enumerated(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// maxListed names stand in a sentence; who wants all reads the list.
const maxListed = 10

func someOf(names []string) string {
	if len(names) <= maxListed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxListed], ", "), len(names)-maxListed)
}
