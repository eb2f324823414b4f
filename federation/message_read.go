package federation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	maxTargets = 5   // handles and addresses of one message that are acted on
	maxWords   = 200 // of a message that are looked at
)

// directMessage is a direct message to actors of ours, as the verified Create of its own author brought it. What is embedded
// in that is used as it is, the one exception to "messages are hints".
type directMessage struct {
	id       string   // of the Note
	from     string   // id of its author
	to       []string // last parts of the ids of our actors that it is addressed to
	words    []string // of its text, in lower case, without links and handles
	links    []string // addresses in its text
	mentions []string // ids of actors that it mentions
	handles  []string // handles in its text that its server did not make mentions of
}

// readMessage returns the direct message that an activity is; ok is false for anything else: a post that others may
// read, one that somebody else wrote, or one that is not for us.
func (f *Federation) readMessage(e envelope) (m directMessage, ok bool) {
	if e.Type != "Create" || e.ObjectType != "Note" || e.ObjectOwner != e.Actor || e.ObjectID == "" || !sameOrigin(e.ObjectID, e.Actor) {
		return directMessage{}, false
	}
	activity, err := readObject(e.Raw, documentLimits)
	if err != nil {
		return directMessage{}, false
	}
	note := activity.object("object") // nil when there are several
	if note == nil {
		return directMessage{}, false
	}
	addressees, ok := addresseesOf(activity, note)
	if !ok {
		return directMessage{}, false
	}
	m = directMessage{id: e.ObjectID, from: e.Actor, to: f.oursAmong(addressees)}
	m.mentions = mentionsIn(note)
	m.read(note.words("content"))
	return m, len(m.to) > 0
}

// addresseesOf returns whom an activity and its Note are addressed to. ok is false when that is not a few actors: the
// public, somebody's followers, or what cannot be read.
func addresseesOf(documents ...object) (out []string, ok bool) {
	for _, o := range documents {
		for _, key := range []string{"to", "cc", "bto", "bcc", "audience"} {
			list := o.list(key)
			if len(list) > maxListed {
				return nil, false
			}
			for _, v := range list {
				id := addressIn(v)
				if id == "" || sameAddress(id, publicCollection) || strings.HasSuffix(strings.TrimRight(id, "/"), "/followers") {
					return nil, false // "as:Public" and "Public" are no addresses
				}
				out = append(out, id)
			}
		}
	}
	return out, true
}

// oursAmong returns the last parts of the ids of ours, each once, at most maxTargets: each is looked up.
func (f *Federation) oursAmong(ids []string) (ours []string) {
	for _, id := range ids {
		if kind, name, rest, ok := f.addr().Parse(id); ok && kind == actorAddress && rest == "" && !slices.Contains(ours, name) && len(ours) < maxTargets {
			ours = append(ours, name)
		}
	}
	return ours
}

func mentionsIn(note object) (ids []string) {
	for _, v := range firstOf(note.list("tag"), maxListed) {
		m, _ := v.(map[string]any)
		if t := object(m); t.kind("Mention") != "" && t.address("href") != "" {
			ids = append(ids, t.address("href"))
		}
	}
	return ids
}

var (
	addressPattern = regexp.MustCompile(`https?://[^\s<>"“”«»]+`)
	handlePattern  = regexp.MustCompile(`@?[A-Za-z0-9_.~-]{1,64}@[A-Za-z0-9-]+[.:][A-Za-z0-9.:-]*[A-Za-z0-9]`)
)

// read takes links, handles and words out of the content of a message.
func (m *directMessage) read(content string) {
	text, links := textAndLinks(content)
	m.links = links
	for _, found := range addressPattern.FindAllString(text, maxTargets) {
		m.links = append(m.links, strings.TrimRight(found, ".,;:!?)'’"))
	}
	text = addressPattern.ReplaceAllString(text, " ")
	m.handles = handlePattern.FindAllString(text, maxTargets)
	text = handlePattern.ReplaceAllString(text, " ")
	m.words = firstOf(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }), maxWords)
}

// says reports whether one of words is in the message's text.
func (m directMessage) says(words ...string) bool {
	return slices.ContainsFunc(m.words, func(w string) bool { return slices.Contains(words, w) })
}

// targets returns what the message may ask to bring, each once: its links, or, without any, the handles in it. own is the
// id of our actor that was written to and handle its name: a mention of it only addresses the message.
func (m directMessage) targets(own string, handle Handle) (out []string) {
	all := m.links
	if len(all) == 0 {
		for _, id := range m.mentions {
			if id != own && id != m.from {
				all = append(all, id)
			}
		}
		for _, text := range m.handles {
			if h, err := ParseHandle(text); err == nil && !h.same(handle) {
				all = append(all, text)
			}
		}
	}
	for _, target := range all {
		if !slices.Contains(out, target) && len(out) < maxTargets && len(target) <= maxURL {
			out = append(out, target)
		}
	}
	return out
}
