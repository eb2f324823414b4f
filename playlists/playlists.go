// Package playlists keeps every version of every playlist and a journal of changes.
//
// Two packages write versions in and read changes out, and they do not know each other: subsonicbridge (a person's
// music server) and federation (other bridges and the fediverse). Package web shows what is kept here.
//
//	Record  keeps a new version       Publish  sets who may see a playlist
//	Each    hands changes to a reader Want     says which account wants a copy of which playlist
//
// Reader and writer meet only in the journal, so either may crash and be repeated: a change is handed out until its
// reader has finished it.
package playlists

import (
	"crypto/rand"
	"strings"
	"time"
)

// ID names a thing kept here: an account, a playlist, a want. It is random, ours, and never leaves the bridge.
type ID string

// NewID returns a fresh random ID of 130 bits.
func NewID() ID { return ID(randomText()) }

func randomText() string { return strings.ToLower(rand.Text()) }

// Origin says where a playlist's versions come from.
type Origin string

const (
	Local  Origin = "local"  // an account's own music server
	Remote Origin = "remote" // another bridge, read over ActivityPub
	File   Origin = "file"   // a file that somebody imported
	Any    Origin = ""       // for Each: every origin
)

// Audience says who may see a playlist. The zero value is not valid; a playlist without publication is Private.
type Audience string

const (
	Private   Audience = "private"   // the owner only
	Link      Audience = "link"      // whoever knows the secret link; not on the fediverse
	Followers Audience = "followers" // followers that the owner approved
	Unlisted  Audience = "unlisted"  // everyone, but not announced to the public
	Public    Audience = "public"    // everyone
)

var audienceRank = map[Audience]int{Private: 1, Link: 2, Followers: 3, Unlisted: 4, Public: 5}

// Valid reports whether a is one of the five audiences.
func (a Audience) Valid() bool { return audienceRank[a] > 0 }

// WiderThan reports whether a lets more people see a playlist than b.
func (a Audience) WiderThan(b Audience) bool { return audienceRank[a] > audienceRank[b] }

// Federated reports whether a playlist of this audience is an actor on the fediverse.
func (a Audience) Federated() bool { return a == Followers || a == Unlisted || a == Public }

// Open reports whether anybody may read a playlist of this audience at its public address.
func (a Audience) Open() bool { return a == Unlisted || a == Public }

// Account is a person on this bridge.
type Account struct {
	ID          ID
	Handle      string // public, their choice, not the login name of their music server; "" until chosen; see ValidHandle
	PublicID    string // last part of the account's ActivityPub id
	Name        string // as shown to people
	Language    string // BCP 47
	MaxAudience Audience
	Admin       bool
	Child       bool // has no handle, and needs a grown-up's yes to share by link
	Guardian    ID   // of a Child: the account that says it, "" for any administrator
	Created     time.Time
}

// Curator is the person who made a playlist, as its source names them.
type Curator struct {
	Name   string
	Handle string // "@alice@b.example" when known
}

// Playlist is one version of a playlist.
type Playlist struct {
	ID       ID
	Owner    ID // the account whose playlist it is; "" when Remote
	Origin   Origin
	Source   string // Remote: the collection's id, which identifies it; else ""
	Revision int64  // counts from 1
	Name     string
	Summary  string // liner notes: Markdown, or plain text, which reads the same; see package liner
	Language string // of Name and Summary, BCP 47; "" when unknown, and to Record for the account's
	Curator  Curator
	Page     string // where people look at it, "" when unknown or here
	Tracks   []Track
	Updated  time.Time // when this version was recorded
	Smart    bool      // the music server fills it by a rule, so its changes are no news

	// Withdrawn is since when a Remote playlist is gone from its origin; zero while it is there.
	Withdrawn time.Time
}

// Track is one row of a playlist: what is needed to recognise a recording, and nothing that tells of the server it
// was read from (no song id, path, play count).
type Track struct {
	Item     string   `json:"item"` // stable name of the row within its playlist, kept from version to version
	Title    string   `json:"title"`
	Artist   string   `json:"artist,omitempty"` // the whole credit, as shown
	Artists  []Artist `json:"artists,omitempty"`
	Album    string   `json:"album,omitempty"`
	AlbumBy  string   `json:"albumArtist,omitempty"`
	AlbumID  string   `json:"albumMbid,omitempty"` // MusicBrainz release
	Duration int      `json:"duration,omitempty"`  // seconds, 0 unknown
	Number   int      `json:"track,omitempty"`
	Disc     int      `json:"disc,omitempty"`
	Year     int      `json:"year,omitempty"`
	MBID     string   `json:"mbid,omitempty"` // MusicBrainz recording
	ISRC     []string `json:"isrc,omitempty"`
	Note     string   `json:"note,omitempty"` // the curator's words on this track
}

// Artist is one of the artists of a credit.
type Artist struct {
	Name string `json:"name"`
	MBID string `json:"mbid,omitempty"`
}

// Kind says what a Change is about.
type Kind string

const (
	Content   Kind = "content"   // a new revision
	Published Kind = "published" // a publication began
	Widened   Kind = "audience"  // a publication's audience changed, wider or narrower
	Withdrawn Kind = "withdrawn" // a publication ended, or a Remote playlist is gone from its origin
	Wanted    Kind = "wanted"    // somebody's wants for this playlist changed
	Covered   Kind = "cover"     // the cover of a published playlist came, changed or went
	Renamed   Kind = "renamed"   // an account of this bridge is shown to people under another name
	Left      Kind = "left"      // an account of this bridge was deleted; Playlist is its ID

	WantedPerson Kind = "person" // somebody began or stopped to want all playlists of a person
)

// Change is a row of the journal. It says that something happened, not what is true now: readers look that up.
type Change struct {
	Seq      int64
	Playlist ID
	Revision int64 // the newest when the change was made
	Origin   Origin
	Kind     Kind
	PublicID string // for Published, Widened and Withdrawn of a Local playlist its publication's; for Renamed and Left the account's; for WantedPerson the PersonWant's ID
	At       time.Time
}

// Publication is how a playlist is, or was, published.
type Publication struct {
	PublicID string // last part of the ActivityPub ids; never used again after withdrawal
	Playlist ID
	Handle   string // "" for audience Link
	Token    string // secret part of the address, only for audience Link
	Audience Audience
	Since    time.Time
	Changed  time.Time // when audience last changed
	Retired  time.Time // when it was withdrawn or has expired; zero while it is live

	Expires time.Time // zero when it does not; only for audience Link, as are the next two
	Locked  bool      // its page and files ask for a password; see Store.CheckLinkPassword
	Visits  int64     // how often its page was looked at

	Indexed bool // search engines may list its page; only an audience of Public lets them

	Cover        string    // names the cover that is shown with it and changes with it, "" while there is none; see Store.Cover
	CoverChanged time.Time // when that last came, changed or went
}

// Live reports whether the publication has not been withdrawn.
func (p Publication) Live() bool { return p.PublicID != "" && p.Retired.IsZero() }

// Limits of what is kept, for input from anywhere.
const (
	MaxTracks   = 20_000 // rows of a playlist
	MaxText     = 500    // runes of a name, title, artist
	MaxSummary  = 5_000  // runes of liner notes
	MaxNote     = 1_000  // runes of a note on a track
	maxArtists  = 50
	maxISRC     = 10
	MaxPlaylist = 2_000 // playlists of an account
)
