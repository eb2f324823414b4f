package playlists

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Sentence is a text for a person that can be said in any language, also after it was stored: it is kept as its English
// format, which names it, and what stands in that. The zero Sentence says nothing.
type Sentence struct {
	english string
	format  string // "" when only the English text is known
	args    []any
}

// Sentencef returns the formatted text. An argument that is a Sentence is said in the language of the whole.
func Sentencef(format string, args ...any) Sentence {
	return Sentence{english: fmt.Sprintf(format, args...), format: format, args: args}
}

// String says it in English.
func (s Sentence) String() string { return s.english }

// In says it in a language: say writes a sentence of ours, by its English format.
func (s Sentence) In(say func(format string, args ...any) string) string {
	if s.format == "" {
		return s.english
	}
	args := slices.Clone(s.args)
	for i, arg := range args {
		if inner, ok := arg.(Sentence); ok {
			args[i] = inner.In(say)
		}
	}
	return say(s.format, args...)
}

// Value is what a column of text holds of it: JSON, "" for the zero Sentence.
func (s Sentence) Value() (driver.Value, error) {
	if s.format == "" {
		return s.english, nil
	}
	text, err := json.Marshal(s)
	return string(text), err
}

// Scan reads what Value returned. Any other text is a sentence of which only the English is known: versions before the
// pages stored those.
func (s *Sentence) Scan(column any) error {
	var text string
	switch column := column.(type) {
	case string:
		text = column
	case []byte:
		text = string(column)
	default:
		return fmt.Errorf("a sentence is no %T", column)
	}
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), s) == nil {
		return nil
	}
	*s = Sentence{english: text}
	return nil
}

// storedSentence is a Sentence in JSON. Each argument is a text, a whole number or a sentence.
type storedSentence struct {
	Format string            `json:"say"`
	Args   []json.RawMessage `json:"with,omitempty"`
}

func (s Sentence) MarshalJSON() ([]byte, error) {
	if s.format == "" {
		return json.Marshal(s.english)
	}
	out := storedSentence{Format: s.format}
	for _, arg := range s.args {
		text, err := json.Marshal(plainArg(arg))
		if err != nil {
			return nil, err
		}
		out.Args = append(out.Args, text)
	}
	return json.Marshal(out)
}

// plainArg keeps of an argument what its verb shows.
func plainArg(arg any) any {
	if s, ok := arg.(Sentence); ok {
		return s
	}
	if _, ok := arg.(fmt.Stringer); !ok && reflect.ValueOf(arg).CanInt() {
		return reflect.ValueOf(arg).Int()
	}
	return fmt.Sprint(arg)
}

// UnmarshalJSON reads what MarshalJSON wrote. A text is a sentence of which only the English is known.
func (s *Sentence) UnmarshalJSON(text []byte) error {
	var english string
	if json.Unmarshal(text, &english) == nil {
		*s = Sentence{english: english}
		return nil
	}
	var in storedSentence
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	var args []any
	for _, raw := range in.Args {
		arg, err := argIn(raw)
		if err != nil {
			return err
		}
		args = append(args, arg)
	}
	*s = Sentencef(in.Format, args...)
	return nil
}

func argIn(raw json.RawMessage) (any, error) {
	var text string
	var number int64
	var inner Sentence
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	if json.Unmarshal(raw, &number) == nil {
		return number, nil
	}
	err := json.Unmarshal(raw, &inner)
	return inner, err
}
