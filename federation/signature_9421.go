package federation

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
)

const maxContentDigest = 1 << 10

// messageSignature is the one signature of a request by RFC 9421, read strictly.
type messageSignature struct {
	r          *http.Request // as the library must see it: with an absolute address and Host among its headers
	label      string
	components []string // covered, in order
	keyID      string
	algorithm  string // "" when absent
	created    int64  // unix seconds
	expires    int64  // 0 when absent
}

func (s *messageSignature) keyName() string { return s.keyID }

func (s *messageSignature) covers(component string) bool {
	return slices.Contains(s.components, component)
}

// knownComponents are the derived components (RFC 9421, 2.2) that a request of ActivityPub has use for. @request-target
// is not among them: the library writes it with the decoded path.
var knownComponents = []string{"@method", "@target-uri", "@authority", "@scheme", "@path", "@query"}

// parseMessageSignature reads the headers Signature-Input and Signature. Several signatures, also one of draft-cavage
// beside, leave open which of them is meant.
func parseMessageSignature(h http.Header) (*messageSignature, error) {
	label, input, err := onlyMember(h, "Signature-Input")
	if err != nil {
		return nil, err
	}
	list, ok := input.(httpsfv.InnerList)
	if !ok {
		return nil, errors.New("the Signature-Input is not a list of components")
	}
	name, value, err := onlyMember(h, "Signature")
	if err != nil {
		return nil, err
	}
	item, ok := value.(httpsfv.Item)
	if !ok || name != label || len(item.Params.Names()) > 0 {
		return nil, errors.New("the Signature is not the one that the Signature-Input describes")
	}
	if _, ok := item.Value.([]byte); !ok {
		return nil, errors.New("the Signature is not a byte sequence")
	}
	s := &messageSignature{label: label}
	if err := s.setComponents(list.Items); err != nil {
		return nil, err
	}
	return s, s.setParams(list.Params)
}

// onlyMember returns the one member of a header that is a dictionary (RFC 8941).
func onlyMember(h http.Header, header string) (string, httpsfv.Member, error) {
	values := h.Values(header)
	if len(values) != 1 || len(values[0]) > maxSignatureHeader {
		return "", nil, fmt.Errorf("the request has not one %s header of usual length", header)
	}
	dictionary, err := httpsfv.UnmarshalDictionary(values)
	if err != nil || len(dictionary.Names()) != 1 {
		return "", nil, fmt.Errorf("the %s header is not that of one signature of RFC 9421", header)
	}
	name := dictionary.Names()[0]
	member, _ := dictionary.Get(name)
	return name, member, nil
}

// setComponents takes components without parameters only: ;req, ;tr, ;bs, ;sf, ;key and ;name say that something else
// than the component itself is signed.
func (s *messageSignature) setComponents(items []httpsfv.Item) error {
	if len(items) > maxSignedHeaders {
		return errors.New("the signature covers too many components")
	}
	for _, item := range items {
		name, ok := item.Value.(string)
		switch {
		case !ok, name == "", name != strings.ToLower(name):
			return errors.New("the list of signed components cannot be read")
		case len(item.Params.Names()) > 0:
			return errors.New("the signature covers a component with parameters, which this server does not read")
		case strings.HasPrefix(name, "@") && !slices.Contains(knownComponents, name):
			return errors.New("the signature covers a component that this server does not know")
		case s.covers(name):
			return errors.New("the signature covers a component twice")
		}
		s.components = append(s.components, name)
	}
	return nil
}

// setParams takes the registered parameters. A tag says that the signature is for another use, and a parameter that is
// not known may say so too.
func (s *messageSignature) setParams(p *httpsfv.Params) error {
	for _, name := range p.Names() {
		value, _ := p.Get(name)
		var ok bool
		switch name {
		case "keyid":
			s.keyID, ok = value.(string)
		case "alg":
			s.algorithm, ok = value.(string)
			ok = ok && s.algorithm != ""
		case "created":
			s.created, ok = value.(int64)
			ok = ok && s.created > 0 && s.created <= maxUnix
		case "expires":
			s.expires, ok = value.(int64)
			ok = ok && s.expires > 0 && s.expires <= maxUnix
		case "nonce": // a repetition is recognised by the activity's id
			_, ok = value.(string)
		default:
			return errors.New("the signature has a parameter that this server does not know")
		}
		if !ok {
			return fmt.Errorf("the parameter %s of the signature cannot be read", name)
		}
	}
	if s.keyID == "" || s.created == 0 {
		return errors.New("the signature lacks keyid or created")
	}
	return nil
}

// contentDigests returns the digests of a Content-Digest header (RFC 9530) by the names of their algorithms.
func contentDigests(h http.Header) (map[string][]byte, error) {
	values := h.Values("Content-Digest")
	if len(strings.Join(values, ",")) > maxContentDigest {
		return nil, errors.New("the Content-Digest is too long")
	}
	dictionary, err := httpsfv.UnmarshalDictionary(values)
	if err != nil {
		return nil, errors.New("the Content-Digest cannot be read")
	}
	digests := map[string][]byte{}
	for _, name := range dictionary.Names() {
		member, _ := dictionary.Get(name)
		item, _ := member.(httpsfv.Item)
		if digests[name], _ = item.Value.([]byte); digests[name] == nil {
			return nil, errors.New("the Content-Digest cannot be read")
		}
	}
	return digests, nil
}
