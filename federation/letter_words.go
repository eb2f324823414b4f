package federation

import (
	"fmt"
	"html"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// What our actors write to people, in English or French. Every function returns paragraphs of HTML; what others wrote is
// escaped.

// codeWords carry a code to whoever owns a fediverse account. They may know nothing of all this.
func codeWords(a playlists.Account, host, code string) []string {
	code = code[:3] + "-" + code[3:]
	name := html.EscapeString(a.Name)
	return inLanguage(a.Language, []string{
		fmt.Sprintf("%s (@%s@%s) says that this account is theirs. If that is you, the code is <strong>%s</strong>. It is good for one hour.", name, a.Handle, host, code),
		"If it was not you, do nothing and give the code to nobody. If you block this account, you get no more messages from it.",
	}, []string{
		fmt.Sprintf("%s (@%s@%s) dit que ce compte est le sien. Si c’est vous, le code est <strong>%s</strong>. Il est valable une heure.", name, a.Handle, host, code),
		"Si ce n’est pas vous, ne faites rien et ne donnez ce code à personne. Si vous bloquez ce compte, vous ne recevrez plus de messages de sa part.",
	})
}

func welcomeWords(language string) []string {
	return append(inLanguage(language, []string{"That worked: this account is yours now, and my messages to you come here."},
		[]string{"C’est fait\u00a0: ce compte est bien le vôtre, et mes messages pour vous arriveront ici."}), helpWords(language)...)
}

func helpWords(language string) []string {
	return inLanguage(language,
		[]string{"Send me the link or the handle of a playlist, and I look for its tracks in your library. With the word “follow” the copy stays in step. " +
			"“list” shows your copies, “stop” ends my messages to you and “start” brings them back."},
		[]string{"Envoyez-moi le lien ou l’adresse d’une liste, et je cherche ses morceaux dans votre bibliothèque. Avec le mot «\u00a0suivre\u00a0», la copie reste à jour. " +
			"«\u00a0liste\u00a0» montre vos copies, «\u00a0stop\u00a0» arrête mes messages et «\u00a0start\u00a0» les fait revenir."})
}

func muteWords(language string, muted bool) []string {
	if muted {
		return inLanguage(language, []string{"I write only when you ask for something now; “start” brings my other messages back."},
			[]string{"Je ne vous écris plus que pour répondre\u00a0; «\u00a0start\u00a0» fait revenir mes autres messages."})
	}
	return inLanguage(language, []string{"My messages come again."}, []string{"Mes messages reviennent."})
}

func waitingWords(language, name string) []string {
	name = html.EscapeString(name)
	return inLanguage(language, []string{name + ": its owner approves followers, and is asked now. It comes by itself when they say yes."},
		[]string{name + "\u00a0: son propriétaire choisit qui la suit, et je lui demande maintenant. Elle arrivera d’elle-même s’il accepte."})
}

func foundWords(language string, found, total int) string {
	french := "%d morceaux trouvés sur %d."
	if found < 2 {
		french = "%d morceau trouvé sur %d."
	}
	return fmt.Sprintf(inLanguage(language, "%d of %d found.", french), found, total)
}

// copyWords say what became of a copy that was asked for. title, and page, where it is seen, are HTML.
func copyWords(language, title, page string, w playlists.Want, o playlists.Outcome, told saying) []string {
	title += inLanguage(language, ": ", "\u00a0: ")
	switch {
	case o.At.IsZero():
		return []string{title + inLanguage(language, "it takes longer than usual. “list” shows how it stands.", "cela prend plus de temps que d’habitude. «\u00a0liste\u00a0» montre où elle en est.")}
	case o.Problem.String() != "":
		return []string{title + reasonWords(language, o.Problem, frenchOfServer(o.Code), told) + inLanguage(language, " The playlist comes by itself once that is mended.", " La liste arrivera d’elle-même une fois cela réparé.")}
	case w.Total > 0 && w.Found == 0:
		return []string{title + foundWords(language, 0, w.Total) + inLanguage(language, " The list appears when you get some of them.", " La liste apparaîtra quand vous en aurez quelques-uns.")}
	case o.List == "" && w.Found < playlists.Enough(w.Total):
		return []string{title + foundWords(language, w.Found, w.Total) + fewWords(language, playlists.Enough(w.Total)) + page}
	case o.List == "":
		return []string{title + asideWords(language, o.Note, told)}
	}
	s := title + foundWords(language, w.Found, w.Total) + inLanguage(language, " In your library as “", " Dans votre bibliothèque\u00a0: «\u00a0") +
		html.EscapeString(o.List) + inLanguage(language, "”.", "\u00a0».")
	if w.Mode == playlists.Sync {
		s += inLanguage(language, " It stays in step.", " Elle reste à jour.")
	}
	return []string{strings.TrimSpace(s + " " + asideWords(language, o.Note, told))}
}

// fewWords say that there is no list, because fewer than enough tracks were found.
func fewWords(language string, enough int) string {
	return fmt.Sprintf(inLanguage(language, " That is less than a quarter, so there is no list yet: it comes by itself once you have %d. "+
		"What is missing, and how to make it all the same, stands on your bridge: ",
		" C’est moins d’un quart, donc il n’y a pas encore de liste\u00a0: elle viendra d’elle-même dès que vous en aurez %d. "+
			"Ce qui manque, et comment la faire quand même, est sur votre pont\u00a0: "), enough)
}

func listWords(language string, lines []string, left int) []string {
	if len(lines) == 0 {
		return inLanguage(language, []string{"You have no copies yet. Send me the link of a playlist."}, []string{"Vous n’avez pas encore de copie. Envoyez-moi le lien d’une liste."})
	}
	if left > 0 {
		lines = append(lines, moreWords(language, left))
	}
	return []string{strings.Join(lines, "<br>")}
}

func moreWords(language string, n int) string {
	return inLanguage(language, fmt.Sprintf("… and %d more.", n), fmt.Sprintf("… et %d de plus.", n))
}

func linkWords(language string, lines []string) []string {
	return append(lines, inLanguage(language, "This page is for you only: please pass it on to nobody. It ends when you follow the playlist no more.",
		"Cette page n’est que pour vous\u00a0: merci de ne la donner à personne. Elle disparaît quand vous ne suivez plus la liste."))
}

func sorryWords(language string) []string {
	return inLanguage(language, []string{"Something went wrong on this bridge, so I could not do that. Please try again later."},
		[]string{"Quelque chose s’est mal passé ici, et je n’ai pas pu le faire. Réessayez plus tard."})
}
