package federation

import "strings"

// inLanguage returns the French one of two texts (or of two sets of them) for a French language tag (BCP 47), else the
// English one. What a person reads on the fediverse is written for their followers in the account's language.
func inLanguage[T any](language string, english, french T) T {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	if primary == "fr" {
		return french
	}
	return english
}

// WrittenIn returns the tag of the language that text for this language is written in: not every language has words here,
// and English under another name would be offered for translation from it, and hidden from those who read English only.
func WrittenIn(language string) string {
	if language == "" {
		return ""
	}
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	if primary == "en" || primary == "fr" {
		return language
	}
	return "en"
}
