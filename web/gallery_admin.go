package web

import (
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

func inviteStates() []state {
	return []state{
		{"join", "connect", page{Title: "Connect your music server", Content: connectView{Inviter: "Alice"}}},
		{"join-home-network", "connect", page{Title: "Connect your music server", Content: connectView{Inviter: "Alice", Server: "192.168.1.5:4533", User: "bob", Name: "Bob",
			Problem: "192.168.1.5:4533 is an address within a home network, where guests’ music servers may not be. Whoever invited you can allow that by another invitation."}}},
		{"join-over", "problem", page{Title: "That did not work",
			Content: problemView{Say: "This invitation was used already, taken back, or is too old. Ask for another. If it was you who used it, sign in."}}},
		{"signin-new", "signin", page{Title: "Sign in", Content: signInView{Name: "carol", New: true, Next: "/playlists"}}},
	}
}

// galleryMusic is how the family's music server is doing for one of the family.
func galleryMusic(name string) musicServer {
	return musicServer{Read: "just now", ConnectionStatus: subsonicbridge.ConnectionStatus{URL: "http://192.168.1.5:4533", User: name, SignInName: name, Songs: 18231,
		Server: subsonicbridge.Server{Type: "navidrome", Version: "0.58.0"}}}
}

func peopleStates() []state {
	alice := person{Account: galleryVisitor.Account, Music: galleryMusic("alice")}
	alice.ID, alice.Created = "1", galleryTime.Add(-40*24*time.Hour)
	bob := person{Account: playlists.Account{ID: "2", Name: "Bob", MaxAudience: playlists.Link, Created: galleryTime.Add(-3 * 24 * time.Hour)},
		Music: musicServer{Read: "2 days ago", ConnectionStatus: subsonicbridge.ConnectionStatus{URL: "https://navidrome.bob-lives-at-a-long-address.example", User: "bob", SignInName: "bob@navidrome.bob-lives-at-a-long-address.example", Reach: subsonicbridge.PublicOnly}}}
	bob.Music.Trouble = "The music server at navidrome.bob-lives-at-a-long-address.example does not answer in time. It may be busy, or switched off."
	carol := person{Account: playlists.Account{ID: "3", Name: "Carol", MaxAudience: playlists.Link, Child: true, Guardian: "1", Created: galleryTime}, Guardian: "Alice",
		Music: galleryMusic("carol")}
	open := []invitation{{ID: "4", ForWhom: "Dora", Expires: galleryTime.Add(invitationTime)}, {ID: "5", Home: true, Expires: galleryTime.Add(time.Hour)}}
	rules := playlists.PersonRules{MaxAudience: playlists.Link, Child: true, Guardian: "1"}
	asks := []playlists.Ask{{ID: "6", By: "Carol", Name: "Songs for the bus", Audience: playlists.Link, At: galleryTime}}
	asked := own(page{Title: "Children ask", Content: asksView{asks}})
	asked.Asks = len(asks)
	return []state{
		{"people", "admin_people", own(page{Title: "People", Content: peopleView{People: []person{alice, bob, carol}, Invitations: open}})},
		{"people-one", "admin_people", own(page{Title: "People", Content: peopleView{People: []person{alice}}})},
		{"person", "admin_person", own(page{Title: "Bob", Content: personView{Person: bob, Levels: levels, Rules: playlists.PersonRules{MaxAudience: playlists.Link}, Adults: []playlists.Account{alice.Account}}})},
		{"person-child", "admin_person", own(page{Title: "Carol", Content: personView{Person: carol, Levels: levels, Rules: rules, Adults: []playlists.Account{alice.Account, bob.Account},
			Problem: "A child's account cannot be an administrator's."}})},
		{"invited", "admin_invite", own(page{Title: "An invitation", Content: invitedView{ForWhom: "Dora", Link: "https://music.example/join/ABCDEFGHIJKLMNOPQRSTUVWXYZ", Days: 7}})},
		{"asks", "asks", asked},
		{"asks-none", "asks", own(page{Title: "Children ask", Content: asksView{}})},
	}
}
