package web

import "slices"

// spoken is a language as those call it who speak it.
type spoken struct{ Tag, Name string }

// commonLanguages are offered for the words of a playlist.
var commonLanguages = []spoken{
	{"bn", "বাংলা"}, {"ca", "Català"}, {"cs", "Čeština"}, {"cy", "Cymraeg"}, {"da", "Dansk"}, {"de", "Deutsch"}, {"en", "English"}, {"es", "Español"},
	{"eu", "Euskara"}, {"fa", "فارسی"}, {"fi", "Suomi"}, {"fr", "Français"}, {"ga", "Gaeilge"}, {"el", "Ελληνικά"}, {"he", "עברית"}, {"hi", "हिन्दी"},
	{"hu", "Magyar"}, {"id", "Indonesia"}, {"is", "Íslenska"}, {"it", "Italiano"}, {"ja", "日本語"}, {"ko", "한국어"}, {"nl", "Nederlands"}, {"no", "Norsk"},
	{"pl", "Polski"}, {"pt", "Português"}, {"ro", "Română"}, {"ru", "Русский"}, {"sk", "Slovenčina"}, {"sv", "Svenska"}, {"th", "ไทย"}, {"tr", "Türkçe"},
	{"uk", "Українська"}, {"vi", "Tiếng Việt"}, {"zh", "中文"}, {"ar", "العربية"},
}

// languagesWith returns the common languages, and one more that was chosen by other means.
func languagesWith(tag string) []spoken {
	if tag == "" || slices.ContainsFunc(commonLanguages, func(l spoken) bool { return l.Tag == tag }) {
		return commonLanguages
	}
	return append(slices.Clone(commonLanguages), spoken{tag, tag})
}
