package federation

import (
	"html"

	"github.com/songferry/songferry/playlists"
)

// Why something cannot be done, or does not work. Sentences of errors are English. For French the code of an error says
// the most of it, and where the details help to mend something the English sentence follows.

// failureWords say why what was asked for cannot be done. An error without a sentence is ours, and is returned.
func failureWords(language, target string, err error) ([]string, error) {
	say := playlists.Say(err)
	if say == "" {
		return nil, err
	}
	return []string{html.EscapeString(inLanguage(language, say, frenchOf(target, err)))}, nil
}

// frenchOf words a failure in French as far as its code tells, since sentences of errors are English.
func frenchOf(target string, err error) string {
	target = playlists.CleanText(target, 200)
	switch playlists.CodeOf(err) {
	case playlists.NotFound:
		return "Il n’y a pas de playlist à cette adresse\u00a0: " + target
	case playlists.Gone:
		return "Cette playlist a été retirée par son propriétaire\u00a0: " + target
	case playlists.Forbidden:
		return "Cette playlist n’est pas ouverte à tous, ou son serveur est bloqué ici\u00a0: " + target + ". Envoie-la avec le mot «\u00a0suivre\u00a0», et je demanderai à son propriétaire."
	case playlists.Unavailable:
		return "Le serveur de cette playlist ne répond pas en ce moment. Réessaie plus tard\u00a0: " + target
	}
	return "Je ne peux rien faire de cette adresse\u00a0: " + target + ". Il me faut le lien ou l’adresse d’une playlist."
}

// reasonWords say why something fails, as HTML: say, after the French sentence where that is the language.
func reasonWords(language, say, french string) string {
	return inLanguage(language, html.EscapeString(say), french+". "+asideWords(language, say))
}

// asideWords are an English sentence as HTML, named as such to people who read another language.
func asideWords(language, say string) string {
	if say == "" {
		return ""
	}
	say = html.EscapeString(say)
	return inLanguage(language, say, "(En anglais\u00a0: "+say+")")
}

// frenchOfServer words what is wrong with a person's music server.
func frenchOfServer(c playlists.Code) string {
	switch c {
	case playlists.Forbidden:
		return "ton serveur de musique refuse l’accès"
	case "":
		return "quelque chose s’est mal passé sur cette passerelle"
	}
	return "ton serveur de musique ne marche pas comme il faut, ou ne répond pas"
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
		return "elle demande ton attention"
	}
	return "je ne comprends pas ce que son serveur envoie"
}
