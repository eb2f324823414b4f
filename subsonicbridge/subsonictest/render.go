package subsonictest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
)

// object is an element of an answer, in order. In JSON each field is a member; in XML scalars are attributes, objects
// and lists are child elements.
type object []field

type field struct {
	name  string
	value any // string, int, bool, []int, object, []object, []string, attributeList or jsonOnly
}

// attributeList is a list in JSON; in XML it is an attribute with the first value. gonic writes ISRCs so.
type attributeList []string

// jsonOnly is a value that Navidrome writes in JSON but leaves out of XML.
type jsonOnly struct{ value any }

// MarshalJSON writes the value alone.
func (j jsonOnly) MarshalJSON() ([]byte, error) { return json.Marshal(j.value) }

// MarshalJSON keeps the order of the fields.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", f.name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalXML writes o as the element start.
func (o object) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	for _, f := range o {
		switch v := f.value.(type) {
		case string, int, bool:
			start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: f.name}, Value: fmt.Sprint(v)})
		case attributeList:
			if len(v) > 0 {
				start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: f.name}, Value: v[0]})
			}
		}
	}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, f := range o {
		if err := encodeChildren(e, f); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

func encodeChildren(e *xml.Encoder, f field) error {
	name := xml.StartElement{Name: xml.Name{Local: f.name}}
	switch v := f.value.(type) {
	case object:
		return e.EncodeElement(v, name)
	case []object:
		for _, o := range v {
			if err := e.EncodeElement(o, name); err != nil {
				return err
			}
		}
	case []string:
		for _, s := range v {
			if err := e.EncodeElement(s, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// apiError is an answer with status failed.
type apiError struct {
	code    int
	message string
	status  int  // of HTTP; 0 is 200
	xml     bool // whatever format was asked for
}

func fail(code int, format string, args ...any) *apiError {
	return &apiError{code: code, message: fmt.Sprintf(format, args...)}
}

func (s *Server) writeOK(w http.ResponseWriter, format string, body object) {
	s.write(w, format, http.StatusOK, append(s.head("ok"), body...))
}

func (s *Server) writeError(w http.ResponseWriter, format string, e *apiError) {
	status := http.StatusOK
	if e.status != 0 {
		status = e.status
	}
	if e.xml {
		format = "xml"
	}
	s.write(w, format, status, append(s.head("failed"), field{"error", object{{"code", e.code}, {"message", e.message}}}))
}

func (s *Server) head(status string) object {
	return append(object{{"status", status}}, s.traits.envelope...)
}

// write: a failing client is no concern of the server's, so errors of writing are dropped.
func (s *Server) write(w http.ResponseWriter, format string, status int, answer object) {
	var body []byte
	var err error
	if format == "json" {
		w.Header().Set("Content-Type", "application/json")
		body, err = json.Marshal(object{{"subsonic-response", answer}})
	} else {
		w.Header().Set("Content-Type", s.traits.xmlType)
		var b bytes.Buffer
		answer = append(object{{"xmlns", "http://subsonic.org/restapi"}}, answer...)
		err = xml.NewEncoder(&b).EncodeElement(answer, xml.StartElement{Name: xml.Name{Local: "subsonic-response"}})
		body = b.Bytes()
	}
	if err != nil {
		panic(err) // objects hold nothing that cannot be encoded
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
