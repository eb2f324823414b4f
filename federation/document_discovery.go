package federation

import "strings"

// webFingerAnswer is a WebFinger answer (RFC 7033, 4.4).
type webFingerAnswer struct {
	Subject string          `json:"subject"`
	Aliases []string        `json:"aliases,omitempty"`
	Links   []webFingerLink `json:"links"`
}

type webFingerLink struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}

// accountWebFinger answers for the handle of an account: a person, who may come by other servers' pages.
func accountWebFinger(handle, publicID string, a Addresses) webFingerAnswer {
	answer := actorWebFinger(handle, publicID, a)
	answer.Links = append(answer.Links, intentLinks(a)...)
	return answer
}

// actorWebFinger answers for the handle of an account or a playlist.
func actorWebFinger(handle, publicID string, a Addresses) webFingerAnswer {
	profile, actor := a.Profile(handle), a.Actor(publicID)
	return webFingerAnswer{
		Subject: "acct:" + handle + "@" + a.Host(), Aliases: []string{profile, actor},
		Links: []webFingerLink{
			{Rel: "http://webfinger.net/rel/profile-page", Type: "text/html", Href: profile},
			{Rel: "self", Type: activityJSON, Href: actor},
		},
	}
}

// instanceWebFinger answers for the origin itself (FEP-d556) and for the name of the instance actor. A visitor of another
// server's page may name their server only, so it tells where they go on as well.
func instanceWebFinger(a Addresses) webFingerAnswer {
	return webFingerAnswer{
		Subject: "acct:" + a.instanceUsername() + "@" + a.Host(), Aliases: []string{a.Home(), a.InstanceActor()},
		Links: append([]webFingerLink{{Rel: "self", Type: activityJSON, Href: a.InstanceActor()}}, intentLinks(a)...),
	}
}

const nodeInfoSchema = "http://nodeinfo.diaspora.software/ns/schema/2.1"

// nodeInfoLinks answers /.well-known/nodeinfo (FEP-f1d5), with the instance actor (FEP-2677).
func nodeInfoLinks(a Addresses) nodeInfoPointer {
	return nodeInfoPointer{Links: []webFingerLink{
		{Rel: nodeInfoSchema, Href: a.NodeInfo()},
		{Rel: activityStreams + "#Application", Href: a.InstanceActor()},
	}}
}

type nodeInfoPointer struct {
	Links []webFingerLink `json:"links"`
}

// nodeInfo is NodeInfo 2.1.
type nodeInfo struct {
	Version           string           `json:"version"`
	Software          nodeInfoSoftware `json:"software"`
	Protocols         []string         `json:"protocols"`
	Services          nodeInfoServices `json:"services"`
	OpenRegistrations bool             `json:"openRegistrations"`
	Usage             nodeInfoUsage    `json:"usage"`
	Metadata          nodeInfoMetadata `json:"metadata"`
}

type nodeInfoSoftware struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Repository string `json:"repository"`
}

type nodeInfoServices struct {
	Inbound  []string `json:"inbound"`
	Outbound []string `json:"outbound"`
}

type nodeInfoUsage struct {
	Users struct {
		Total int `json:"total"`
	} `json:"users"`
}

// nodeInfoMetadata names what it can by the names that Misskey gives it; there is no standard.
type nodeInfoMetadata struct {
	Features         []string            `json:"features"`
	PrivacyPolicyURL string              `json:"privacyPolicyUrl"`
	InquiryURL       string              `json:"inquiryUrl,omitempty"`
	Maintainer       *nodeInfoMaintainer `json:"maintainer,omitempty"`
}

type nodeInfoMaintainer struct {
	Email string `json:"email"`
}

// importFeature in a server's NodeInfo says that it imports playlists.
const importFeature = "playlist-import"

// newNodeInfo describes this bridge; about is the program and whom to write to, accounts how many people it serves.
func newNodeInfo(a Addresses, about software, accounts int) nodeInfo {
	n := nodeInfo{
		Version:   "2.1",
		Software:  nodeInfoSoftware{Name: "songferry", Version: about.Version, Repository: "https://github.com/songferry/songferry"},
		Protocols: []string{"activitypub"},
		Services:  nodeInfoServices{Inbound: []string{}, Outbound: []string{}},
		Metadata:  nodeInfoMetadata{Features: []string{importFeature}, PrivacyPolicyURL: a.Privacy()},
	}
	switch {
	case strings.HasPrefix(about.Contact, "https://"):
		n.Metadata.InquiryURL = about.Contact
	case about.Contact != "":
		n.Metadata.Maintainer = &nodeInfoMaintainer{Email: about.Contact}
	}
	n.Usage.Users.Total = accounts
	return n
}
