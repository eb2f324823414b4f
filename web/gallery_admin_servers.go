package web

import "github.com/songferry/songferry/federation"

func serverStates() []state {
	rules := []federation.DomainRule{
		{Domain: "spam.example", Severity: federation.Suspend, PrivateComment: "Sends advertisements to everybody"},
		{Domain: "loud.example", Severity: federation.Silence, PublicComment: "Too many requests"},
		{Domain: "blocked-by-the-settings.example", Severity: federation.Suspend, Setting: true},
	}
	persons := []federation.BlockedActor{{ID: "https://mastodon.example/users/mallory", Handle: "@mallory@mastodon.example", Comment: "Asked eleven times"}}
	done := federation.Imported{Blocked: 214, Limited: 12, Known: 3, Kept: []string{"friend.example"}, Own: []string{"music.example"}, Swept: federation.Swept{Followers: 2}}
	return []state{
		{"servers", "admin_servers", own(page{Title: "Other servers", News: "The rule about spam.example holds from now on. 2 followers were removed.",
			Content: serversView{Rules: rules, Found: 150, Persons: persons}})},
		{"servers-none", "admin_servers", own(page{Title: "Other servers", Content: serversView{ChosenOnly: true}})},
		{"servers-refused", "admin_servers", own(page{Title: "Other servers", Content: serversView{Domain: "not a name", Problem: "“not a name” is not the name of a server."}})},
		{"serverlist", "admin_servers_import", own(page{Title: "What the list would change", Content: serverListView{List: "spam.example", Done: done, Masked: 5}})},
		{"serverlist-long", "admin_servers_import", own(page{Title: "What the list would change", Content: serverListView{Done: done}})},
	}
}
