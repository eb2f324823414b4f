package web

import (
	"net/netip"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

func workStates() []state {
	since := playlists.Waiting{N: 3, Since: galleryTime.Add(-2 * time.Hour)}
	bob := person{Account: playlists.Account{ID: "2", Name: "Bob"}, Music: musicServer{Trouble: "The music server at navidrome.bob.example does not answer in time. It may be busy, or switched off."}}
	busy := workView{
		Out: federation.Backlog{InAll: 52, Inbox: since, Reading: playlists.Waiting{N: 1, Since: galleryTime}, Hosts: []federation.WaitingHost{
			{Host: "a-server-with-a-very-long-name.mastodon.example", Waiting: since, Failures: 4, Error: playlists.Sentencef("The server answered %d.", 502), Next: galleryTime.Add(time.Hour)},
			{Host: "quick.example", Waiting: playlists.Waiting{N: 1, Since: galleryTime}, Next: galleryTime}}},
		In: subsonicbridge.Backlog{Polls: since, Libraries: 4, Songs: 48211}, Hosts: 50,
		People: []person{bob}, Unread: []troubled{{"", "Sunday", "other.example", "other.example is out of order (HTTP 502)."}},
		Copies:  []troubled{{"w", "", "Bob", "The music server at navidrome.bob.example does not answer in time. It may be busy, or switched off."}},
		Lookups: lookupsView{since, []namedLookup{{waitingLookup{Since: since.Since, Begun: true}, "Bob"}, {waitingLookup{Since: galleryTime}, "Carol"}}},
		Reports: []reportedThing{{federation.Report{ID: "1", Host: "mastodon.example", Text: "This playlist calls people names.", Received: galleryTime}, []string{"@alice_road_trip@music.example"}}},
		Counts:  playlists.Counts{Playlists: 214, Revisions: 1902}, Storage: Storage{Database: 148 << 20, Free: 12 << 30}, Address: "https://music.example", Version: "1.2.0", MayBack: true,
		Set:     []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Proxies: []decidedProxy{{netip.MustParseAddr("172.18.0.2"), true, galleryTime}, {netip.MustParseAddr("fd00:6d75:7369:6300::17"), false, galleryTime}},
		Backups: []Backup{{"backups/songferry-20260501-120000.tar.gz.age", galleryTime, 140 << 20}, {"backups/songferry-20260424-120000.tar.gz", galleryTime.Add(-7 * 24 * time.Hour), 139 << 20}},
	}
	return []state{
		{"work", "admin_work", own(page{Title: "Work and health", Content: busy})},
		{"work-drop", "admin_work_drop", own(page{Title: "Drop what waits", Content: dropView{busy.Out.Hosts[0]}})},
		{"work-quiet", "admin_work", own(page{Title: "Work and health", Content: workView{MayBack: true}})},
		{"work-proxy", "admin_work", own(page{Title: "Work and health", Content: workView{MayBack: true}, Proxy: "172.18.0.2"})},
	}
}
