package web

import "github.com/go-chi/chi/v5"

// listRoutes are what owners do with their playlists.
func (s *site) listRoutes(r chi.Router) {
	r.Get("/playlists", s.own(s.listsPage))
	r.Post("/playlists/read", s.own(s.readAgain))
	r.Post("/playlists/share", s.own(s.shareTicked))

	r.Get("/playlists/{id}", s.own(s.listPage))
	r.Get("/playlists/{id}/preview", s.own(s.previewPage))
	r.Post("/playlists/{id}/who", s.own(s.changeWho))
	r.Post("/playlists/{id}/ask/withdraw", s.own(s.changing(s.withdrawAsk)))
	r.Post("/playlists/{id}/indexed", s.own(s.changing(s.setIndexed)))
	r.Post("/playlists/{id}/listen", s.own(s.changing(s.setListening)))
	r.Post("/playlists/{id}/link", s.own(s.changing(s.setTerms)))
	r.Post("/playlists/{id}/link/new", s.own(s.changing(s.newLink)))
	r.Get("/playlists/{id}/first", s.own(s.firstPage))
	r.Post("/playlists/{id}/first", s.own(s.first))
	r.Get("/address", s.admins(s.addressPage))
	r.Post("/address", s.admins(s.setAddress))
	r.Get("/playlists/{id}/edit", s.own(s.editPage))
	r.Post("/playlists/{id}/edit", s.own(s.edit))
	r.Post("/playlists/{id}/news", s.own(s.changing(s.changeNews)))
}
