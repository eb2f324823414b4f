package federation

import (
	"html"

	"github.com/songferry/songferry/playlists"
)

// Why something cannot be done, or does not work. Whoever has the catalogue of a language says a sentence that was kept in
// it. What it lacks is said in French as far as the code of the error tells, and the English sentence follows where the
// details help to mend something.

// saying says a sentence in the language of a letter, as text; ok is false when it is known in English only.
type saying func(playlists.Sentence) (text string, ok bool)

func (f *Federation) told(language string) saying {
	return func(s playlists.Sentence) (string, bool) {
		if f.say == nil {
			return "", false
		}
		return f.say(language, s)
	}
}

// failureWords say why what was asked for cannot be done. An error without a sentence is ours, and is returned.
func failureWords(language, target string, err error) ([]string, error) {
	say := playlists.Say(err)
	if say == "" {
		return nil, err
	}
	return []string{html.EscapeString(inLanguage(language, say, frenchOf(target, err)))}, nil
}

// frenchOf words a failure in French as far as its code tells, with what to write back.
func frenchOf(target string, err error) string {
	target = playlists.CleanText(target, 200)
	switch playlists.CodeOf(err) {
	case playlists.NotFound:
		return "Il n’y a pas de liste à cette adresse\u00a0: " + target
	case playlists.Gone:
		return "Cette liste a été retirée par son propriétaire\u00a0: " + target
	case playlists.Forbidden:
		return "Cette liste n’est pas ouverte à tous, ou son serveur est bloqué ici\u00a0: " + target + ". Envoyez-la avec le mot «\u00a0suivre\u00a0», et je demanderai à son propriétaire."
	case playlists.Unavailable:
		return "Le serveur de cette liste ne répond pas en ce moment. Réessayez plus tard\u00a0: " + target
	}
	return "Je ne peux rien faire de cette adresse\u00a0: " + target + ". Il me faut le lien ou l’adresse d’une liste."
}

// reasonWords say why something fails, as HTML; french is for a sentence that is known in English only.
func reasonWords(language string, s playlists.Sentence, french string, told saying) string {
	if _, ok := told(s); ok {
		french = ""
	} else {
		french += ". "
	}
	return inLanguage(language, "", french) + asideWords(language, s, told)
}

// asideWords are a sentence as HTML, named as English to people who read another language when it is known in English only.
func asideWords(language string, s playlists.Sentence, told saying) string {
	english := html.EscapeString(s.String())
	if english == "" {
		return ""
	}
	if french, ok := told(s); ok {
		return inLanguage(language, english, html.EscapeString(french))
	}
	return inLanguage(language, english, "(En anglais\u00a0: "+english+")")
}

// frenchOfServer words what is wrong with a person's music server.
func frenchOfServer(c playlists.Code) string {
	switch c {
	case playlists.Forbidden:
		return "votre serveur de musique refuse l’accès"
	case "":
		return "quelque chose s’est mal passé sur ce pont"
	}
	return "votre serveur de musique ne marche pas comme il faut, ou ne répond pas"
}

// frenchOfReading words what is wrong with a followed playlist. Without a code it is its copy that waits for an
// answer.
func frenchOfReading(c playlists.Code) string {
	switch c {
	case playlists.NotFound, playlists.Gone:
		return "elle n’est plus à son adresse"
	case playlists.Forbidden:
		return "son serveur ne me laisse pas la lire"
	case playlists.Unavailable:
		return "son serveur ne répond pas en ce moment"
	case "":
		return "elle demande votre attention"
	}
	return "je ne comprends pas ce que son serveur envoie"
}
