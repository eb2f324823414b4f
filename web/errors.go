package web

import "net/http"

// errorView is what error.html shows of an error status.
type errorView struct {
	Title string
	Lead  string // what it means
	Next  string // what to do, or ""
}

// errorOf says what an error status means to whoever meets it. It is the same whatever the cause.
func (w words) errorOf(status int) errorView {
	switch status {
	case http.StatusNotFound:
		return errorView{w.say("There is nothing here"), w.say("The address may be mistyped, or what it names is not for everybody to see."),
			w.say("If a friend gave it to you, ask them for the link once more.")}
	case http.StatusGone:
		return errorView{w.say("This playlist is no longer shared"), w.say("Whoever made it has taken it back. This address will not be used for anything else."),
			w.say("If you would like to have it, ask them: they may share it again under a new address.")}
	case http.StatusBadRequest:
		return errorView{Title: w.say("This request makes no sense here"), Lead: w.say("The address or the form was incomplete. Go back and try again.")}
	case http.StatusForbidden:
		return errorView{Title: w.say("This form was sent from another page"), Lead: w.say("It works from this bridge’s own pages only. Open the playlist here and try again.")}
	case http.StatusTooManyRequests:
		return errorView{Title: w.say("Too many tries in a short time"), Lead: w.say("Wait a minute, go back and try again. Nothing was lost.")}
	case http.StatusServiceUnavailable:
		return errorView{Title: w.say("Not just now"), Lead: w.say("Something that this bridge needs does not answer at present. Try again in a few minutes.")}
	}
	return errorView{Title: w.say("Something went wrong on this bridge"),
		Lead: w.say("It is not your fault, and the details are in its log. Try again later; if it stays so, tell whoever runs the bridge.")}
}
