package federation

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// noticeWords says a notice to the account that it is for, as HTML; "" when it has passed.
func (f *Federation) noticeWords(ctx context.Context, a playlists.Account, n playlists.Notice) (string, error) {
	title := ""
	if n.Playlist != "" {
		var err error
		if title, err = f.titled(ctx, n.Playlist, a.Language); err != nil {
			return "", err
		}
	}
	if n.Kind == playlists.Broken || n.Kind == playlists.Mended || n.Kind == playlists.OrderAsked {
		if wanted, err := f.stillWants(ctx, a.ID, n.Playlist); !wanted || err != nil {
			return "", err
		}
	}
	switch n.Kind {
	case playlists.FollowAsked:
		return f.followAskedWords(ctx, a, n, title)
	case playlists.ShareAsked:
		return f.shareAskedWords(ctx, a, n, title)
	case playlists.CopyChanged:
		return f.changedWords(ctx, a, n, title)
	case playlists.GapsFilled:
		more := n.After - n.Before
		return f.aboutCopy(ctx, a, n, title, inLanguage(a.Language, fmt.Sprintf("%d more in your library; ", more), fmt.Sprintf("%d de plus dans votre bibliothèque\u00a0; ", more)))
	case playlists.CopyArrived:
		return f.aboutCopy(ctx, a, n, title, inLanguage(a.Language, "its owner lets you see it; ", "son propriétaire vous la laisse voir\u00a0; "))
	case playlists.CopyBegun:
		return f.aboutCopy(ctx, a, n, title, inLanguage(a.Language, "enough of it is in your library now, so there is a list; ",
			"il y en a maintenant assez dans votre bibliothèque pour en faire une liste\u00a0; "))
	case playlists.OrderAsked:
		return title + orderWords(a.Language, f.onCopy(a.Language, playlists.ID(n.About))), nil
	case playlists.CopyEnded:
		return title + inLanguage(a.Language, ": its owner no longer shares it.", "\u00a0: son propriétaire ne la partage plus."), nil
	case playlists.Broken:
		return brokenWords(a.Language, title, n, f.told(a.Language)), nil
	case playlists.Mended:
		return mendedWords(a.Language, title), nil
	case playlists.Paused:
		return f.pausedWords(ctx, a, n)
	}
	return "", nil
}

// followAskedWords name who waits for approval, unless that was decided meanwhile.
func (f *Federation) followAskedWords(ctx context.Context, a playlists.Account, n playlists.Notice, title string) (string, error) {
	publicID, follower, _ := strings.Cut(n.About, " ")
	state, err := followerState(ctx, f.db, publicID, follower)
	if state != pending || err != nil {
		return "", err
	}
	who, err := f.followerName(ctx, follower)
	if err != nil {
		return "", err
	}
	asks := inLanguage(a.Language, who+" asks to follow you. ", who+" demande à vous suivre. ")
	if title != "" {
		asks = title + inLanguage(a.Language, ": "+who+" asks to follow it. ", "\u00a0: "+who+" demande à la suivre. ")
	}
	return asks + inLanguage(a.Language, "You decide on your bridge: ", "Vous décidez sur votre pont\u00a0: ") +
		f.onPage(f.addr().AskingFollowers(), inLanguage(a.Language, "“Followers”", "«\u00a0Abonnés\u00a0»")), nil
}

// shareAskedWords say what a child asks of a grown-up, unless that was answered meanwhile, or is another's to answer now.
func (f *Federation) shareAskedWords(ctx context.Context, a playlists.Account, n playlists.Notice, title string) (string, error) {
	asked, err := f.store.Asked(ctx, a.ID, a.Admin)
	if err != nil || !slices.ContainsFunc(asked, func(k playlists.Ask) bool { return string(k.ID) == n.About }) {
		return "", err
	}
	return title + inLanguage(a.Language, ": may this be shared with whoever has the link? You answer on your bridge: ",
		"\u00a0: peut-elle être partagée avec qui a le lien\u00a0? Vous répondez sur votre pont\u00a0: ") +
		f.onPage(f.addr().Asks(), inLanguage(a.Language, "“Children ask”", "«\u00a0Des enfants demandent\u00a0»")), nil
}

// onPage is a link to a page of this bridge, or what the page is called as long as nobody knows the bridge's address.
func (f *Federation) onPage(address, called string) string {
	if !f.public() {
		return called
	}
	return linkHTML(address, address)
}

// onCopy is onPage for a person's copy of a playlist.
func (f *Federation) onCopy(language string, want playlists.ID) string {
	return f.onPage(f.addr().Copy(string(want)), inLanguage(language, "“Following”", "«\u00a0Abonnements\u00a0»"))
}

// followerName names a follower as HTML: an actor elsewhere, or an account of this bridge.
func (f *Federation) followerName(ctx context.Context, id string) (string, error) {
	r, _, err := f.storedActor(ctx, `id = $1`, id)
	if err == nil {
		to := recipientOf(r)
		return linkHTML(to.handle, to.page), nil
	}
	if !isNotFound(err) {
		return "", err
	}
	local, err := f.store.Account(ctx, playlists.ID(id))
	if isNotFound(err) {
		return html.EscapeString(id), nil
	}
	if err == nil && local.Handle == "" {
		return html.EscapeString(local.Name), nil
	}
	return linkHTML("@"+local.Handle+"@"+f.addr().Host(), f.addr().Profile(local.Handle)), err
}

// changedWords say what differs between two versions of a followed playlist.
func (f *Federation) changedWords(ctx context.Context, a playlists.Account, n playlists.Notice, title string) (string, error) {
	now, err := f.store.Version(ctx, n.Playlist, n.After)
	if err != nil {
		return "", err
	}
	before, err := f.store.Version(ctx, n.Playlist, n.Before)
	if isNotFound(err) {
		return f.aboutCopy(ctx, a, n, title, inLanguage(a.Language, "changed; ", "modifiée\u00a0; "))
	}
	if err != nil {
		return "", err
	}
	change := diffWords(a.Language, playlists.DiffOf(before, now))
	if change == "" {
		return "", nil // it is as it was
	}
	return f.aboutCopy(ctx, a, n, title, change+inLanguage(a.Language, "; ", "\u00a0; "))
}

func diffWords(language string, d playlists.Diff) string {
	var parts []string
	if n := len(d.Added); n > 0 {
		parts = append(parts, inLanguage(language, fmt.Sprintf("%d added", n), counted(n, "ajout")))
	}
	if n := len(d.Removed); n > 0 {
		parts = append(parts, inLanguage(language, fmt.Sprintf("%d removed", n), counted(n, "retrait")))
	}
	if d.Renamed {
		parts = append(parts, inLanguage(language, "a new name", "un nouveau nom"))
	}
	if d.Moved > 0 && len(parts) == 0 {
		parts = append(parts, inLanguage(language, "a new order", "un nouvel ordre"))
	}
	return strings.Join(parts, ", ")
}

// counted is a number with a noun that has an s in the plural; in French that begins with two.
func counted(n int, noun string) string {
	if n > 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// stillWants reports whether an account has a live want for a playlist; for "", which is none, it is true.
func (f *Federation) stillWants(ctx context.Context, account, playlist playlists.ID) (bool, error) {
	if playlist == "" {
		return true, nil
	}
	wants, err := f.store.Wants(ctx, playlist)
	return slices.ContainsFunc(wants, func(w playlists.Want) bool { return w.Account == account && w.Ended.IsZero() }), err
}

// aboutCopy adds how much of a copy the account has. A copy that is over is no news.
func (f *Federation) aboutCopy(ctx context.Context, a playlists.Account, n playlists.Notice, title, what string) (string, error) {
	w, err := f.store.Want(ctx, playlists.ID(n.About))
	if err != nil || !w.Ended.IsZero() {
		return "", err
	}
	text := title + inLanguage(a.Language, ": ", "\u00a0: ") + what + foundWords(a.Language, w.Found, w.Total)
	if n.Kind == playlists.GapsFilled && w.Found == w.Total {
		text += inLanguage(a.Language, " It is complete.", " Elle est complète.")
	}
	return text, nil
}

func orderWords(language, page string) string {
	return inLanguage(language, ": you put your copy in another order, and it stays so for now. You keep your order or bring the original one back on your bridge: ",
		"\u00a0: vous avez mis votre copie dans un autre ordre, et elle le garde pour l’instant. Vous gardez votre ordre ou rétablissez celui d’origine sur votre pont\u00a0: ") + page
}

func brokenWords(language, title string, n playlists.Notice, told saying) string {
	french := frenchOfReading(n.Code)
	if title == "" {
		title, french = inLanguage(language, "Something needs your attention", "Quelque chose demande votre attention"), frenchOfServer(n.Code)
	}
	return title + inLanguage(language, ": ", "\u00a0: ") + reasonWords(language, n.Text, french, told)
}

func mendedWords(language, title string) string {
	if title == "" {
		return inLanguage(language, "Your music server works again.", "Votre serveur de musique marche à nouveau.")
	}
	return title + inLanguage(language, ": all is well again.", "\u00a0: tout va bien à nouveau.")
}

// pausedWords say that an account is not updated any more: to its person, or to an administrator.
func (f *Federation) pausedWords(ctx context.Context, a playlists.Account, n playlists.Notice) (string, error) {
	if n.About == string(a.ID) {
		return inLanguage(a.Language, "Your music server has refused your login for a week, so nothing of yours is updated. Nothing is taken back: sign in to it again in the settings of your bridge, and all goes on.",
			"Votre serveur de musique refuse votre accès depuis une semaine, donc rien de vous n’est mis à jour. Rien n’est retiré\u00a0: connectez-le à nouveau dans les réglages de votre pont, et tout reprend."), nil
	}
	whose, err := f.store.Account(ctx, playlists.ID(n.About))
	if err != nil {
		return "", err
	}
	name := html.EscapeString(whose.Called())
	return inLanguage(a.Language, "The music server of "+name+" has refused their login for a week, so nothing of theirs is updated. Nothing is taken back, and all goes on once it lets them in.",
		"Le serveur de musique de "+name+" refuse son accès depuis une semaine, donc rien de cette personne n’est mis à jour. Rien n’est retiré, et tout reprend dès qu’il la laisse entrer."), nil
}
