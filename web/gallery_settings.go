package web

import (
	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/playlists/notify"
)

func settingStates() []state {
	full := settingsView{Account: galleryVisitor.Account, Languages: pageLanguages("en"), Music: galleryMusic("alice"), Policy: match.SameRecording,
		Handle: "@alice@music.example", Proven: "@alice@mastodon.example", Limits: federation.NewsLimits{PerDay: 3, Mention: true}}
	asked, fresh, child := full, full, full
	asked.Proven, asked.Asked, asked.Problem = "", "@alice@mastodon.example", "That is not the code. It looks like 483-291."
	fresh.Account = playlists.Account{Name: "Bob", Language: "fr"}
	fresh.Handle, fresh.Music.Trouble = "", "The music server at 192.168.1.5:4533 does not accept this user name and password. Sign in again."
	child.Account, child.Handle = playlists.Account{Name: "Carol", Child: true}, ""
	child.Asks = []playlists.Ask{{ID: "k", Playlist: "a", Name: "Songs for the long way to Grandmother’s house", At: galleryTime}}
	ways := noticesView{Proven: "@alice@mastodon.example", Public: true, HasMail: true, Asked: "alice@mail.example",
		Ntfy:    shownWay{Way: notify.Way{Kind: playlists.Ntfy, Address: "https://ntfy.sh/alices-songs-8f3k2q"}},
		Webhook: shownWay{Way: notify.Way{Kind: playlists.Webhook, Address: "https://home.example/api/webhook/songs", Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, Trouble: "There is nothing at that address (404 Not Found)."}}
	return []state{
		{"privacy", "privacy", page{Title: "What is kept here", Content: privacyView{Kept: keptHere(), Contact: "takedown@music.example", Write: "mailto:takedown@music.example"}}},
		{"privacy-nobody", "privacy", page{Title: "What is kept here", Content: privacyView{Kept: keptHere()}}},
		{"notices", "settings_notices", own(page{Title: "Where messages reach you", Content: ways})},
		{"notices-none", "settings_notices", own(page{Title: "Where messages reach you", Content: noticesView{Problem: "Enter a whole address, such as https://example.com/name."}})},
		{"settings", "settings", own(page{Title: "Settings", Content: full})},
		{"settings-code", "settings", own(page{Title: "Settings", Content: asked})},
		{"settings-new", "settings", own(page{Title: "Settings", Content: fresh})},
		{"settings-child", "settings", own(page{Title: "Settings", Content: child})},
		{"data", "settings_data", own(page{Title: "My data", Content: dataView{Name: "Alice", Named: true, Kept: keptHere()}})},
		{"data-refused", "settings_data", own(page{Title: "My data", Content: dataView{Name: "Alice", Kept: keptHere(), Problem: "Type the name exactly as it stands there: Alice."}})},
	}
}
