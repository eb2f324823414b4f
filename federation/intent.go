package federation

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Relations of the WebFinger links that say where a person goes on at their own server with what they found elsewhere
// (OStatus; FEP-3b86).
const (
	relSubscribe = "http://ostatus.org/schema/1.0/subscribe"
	relFollow    = "https://w3id.org/fep/3b86/Follow"
	relObject    = "https://w3id.org/fep/3b86/Object"
	relAdd       = "https://w3id.org/fep/3b86/Add"
)

// intentLinks are ours, for the people who have an account here.
func intentLinks(a Addresses) []webFingerLink {
	return []webFingerLink{
		{Rel: relSubscribe, Template: a.Home() + "/authorize_interaction?uri={uri}"},
		{Rel: relFollow, Template: a.Home() + "/authorize_interaction?uri={object}"},
		{Rel: relObject, Template: a.Home() + "/authorize_interaction?uri={object}"},
		{Rel: relAdd, Template: a.Home() + "/import?url={object}"},
	}
}

// intentTime bounds all that is asked of a visitor's server: they wait for the page.
const intentTime = 15 * time.Second

// Destination is where a visitor goes on at their own server.
type Destination struct {
	Host    string // the visitor's server, or the one that Address is on
	Address string // of a page there, http or https; "" when the server offers none
	Foreign bool   // nothing but the visitor's server says that Address has to do with them: it is to be read, not clicked
}

// RemoteFollow finds where a visitor follows an actor of ours at their own server. visitor is what they typed: a handle,
// the address of their page, or their server's name. object is the actor's id and handle its handle.
//
// Errors are Problems: Invalid and NotFound for what the visitor typed, Unavailable for their server.
func (f *Federation) RemoteFollow(ctx context.Context, visitor, object, handle string) (Destination, error) {
	ctx, cancel := context.WithTimeout(ctx, intentTime)
	defer cancel()
	v, err := f.meet(ctx, visitor)
	if err != nil {
		return Destination{}, err
	}
	if d := f.destination(ctx, v, object, handle, relFollow, relObject, relSubscribe); d.Address != "" {
		return d, nil
	}
	about, err := f.softwareOf(ctx, &v)
	if err != nil && !v.answered {
		return Destination{}, v.silent(err)
	}
	if !interactionRoute[about.name] {
		return Destination{Host: v.host}, nil // also when its NodeInfo cannot be read: it is not guessed
	}
	return v.leads(v.scheme+"://"+v.host+"/authorize_interaction?uri={uri}", object, handle), nil
}

// interactionRoute are the programs that have the page /authorize_interaction, also for visitors who told their server
// only (Mastodon: config/routes.rb; Friendica: static/routes.config.php).
var interactionRoute = map[string]bool{"mastodon": true, "hometown": true, "friendica": true}

// RemoteImport finds where a visitor imports a playlist of ours into their own bridge. object is an address that can be
// looked up. Other programs than bridges may mean something else by Add, so their NodeInfo must name the feature as well.
func (f *Federation) RemoteImport(ctx context.Context, visitor, object, handle string) (Destination, error) {
	ctx, cancel := context.WithTimeout(ctx, intentTime)
	defer cancel()
	v, err := f.meet(ctx, visitor)
	if err != nil {
		return Destination{}, err
	}
	if !v.answered {
		if _, err := f.softwareOf(ctx, &v); err != nil {
			return Destination{}, v.silent(err)
		}
	}
	d := f.destination(ctx, v, object, handle, relAdd)
	if d.Address == "" || !f.imports(ctx, v, d) {
		return Destination{Host: v.host}, nil
	}
	return d, nil
}

// imports reports whether the server that d leads to says that it imports playlists.
func (f *Federation) imports(ctx context.Context, v visitor, d Destination) bool {
	v.host = d.Host
	about, err := f.softwareOf(ctx, &v)
	return err == nil && about.importsPlaylists // one that cannot be asked is not counted on
}

// destination returns the first page that the visitor's server names for one of the relations, in their order. A page
// that can be linked to goes before one that is on another host.
func (f *Federation) destination(ctx context.Context, v visitor, object, handle string, relations ...string) Destination {
	elsewhere := Destination{Host: v.host}
	for _, rel := range relations {
		for _, l := range v.links {
			if l.Rel != rel {
				continue
			}
			d := v.leads(l.Template, object, handle)
			if d.Address != "" && !d.Foreign {
				return d
			}
			if elsewhere.Address == "" {
				elsewhere = d
			}
		}
	}
	switch {
	case elsewhere.Foreign && f.isServerOf(ctx, v, elsewhere.Host):
		elsewhere.Foreign = false
	case elsewhere.Foreign && !isPublicPage(elsewhere.Address):
		return Destination{Host: v.host}
	}
	return elsewhere
}

// leads fills a template, and says where it leads. One that cannot be used leads nowhere.
func (v visitor) leads(template, object, handle string) Destination {
	nowhere := Destination{Host: v.host}
	address, ok := fillTemplate(template, object, strings.TrimPrefix(handle, "@"))
	if !ok {
		return nowhere
	}
	u, err := parseAddress(address)
	if err != nil || u.Scheme != "https" && u.Scheme != v.scheme {
		return nowhere
	}
	return Destination{Host: u.Host, Address: address, Foreign: !sameHost(u.Host, v.host)}
}

// isServerOf reports whether the visitor's account is on host, as both hosts say: a handle on example.com may belong to
// a server on social.example.com.
func (f *Federation) isServerOf(ctx context.Context, v visitor, host string) bool {
	if !strings.HasPrefix(v.resource, "acct:") || f.isOwnHost(v.host) {
		return false
	}
	actor, err := f.client.WebFinger(ctx, v.resource)
	return err == nil && sameHost(hostOf(actor), host)
}

// isPublicPage reports whether an address is https and on a name of the public DNS: no IP address, and no name of one's
// own network.
func isPublicPage(address string) bool {
	u, err := parseAddress(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	name := u.Hostname()
	dot := strings.LastIndex(name, ".")
	return dot > 0 && strings.Trim(name[dot+1:], "0123456789") != "" && !strings.Contains(name, ":")
}

// silent is the one thing that a stranger is told of a server that gave no usable answer. Were they told why, they could
// ask this bridge about the names and addresses of the network it is in, and about whom it has blocked.
func (v visitor) silent(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return playlists.Problemf(playlists.Unavailable, err, "%s did not answer as a server of the fediverse would. Check the spelling, or try again later.", v.host)
}
