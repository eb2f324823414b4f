package web

import "github.com/go-chi/chi/v5"

// id is how the ids of rows look in paths: no database need be asked about others.
const id = `[a-z0-9]{1,40}`

// followRoutes are the pages on which people get other people's playlists.
func (s *site) followRoutes(r chi.Router) {
	r.Get("/follow", s.own(s.followPage))
	r.Post("/follow", s.own(s.follow))
	r.Get("/share", s.own(s.sharePage))
	r.Get("/lookups/{id:"+id+"}", s.own(s.lookupPage))
	r.Post("/lookups/{id:"+id+"}", s.own(s.take))
	r.Get("/lookups/{id:"+id+"}/events", s.own(s.lookupEvents))

	r.Get("/following", s.own(s.followingPage))
	r.Post("/following/people/{person:"+id+"}/end", s.own(s.unfollowPerson))
	r.Route("/following/{want:"+id+"}", func(r chi.Router) {
		r.Get("/", s.own(s.copyPage))
		r.Get("/events", s.own(s.copyEvents))
		for path, answer := range map[string]copyAnswer{"agree": s.agree, "order": s.order, "restore": s.restore, "again": s.again,
			"pause": s.pause, "resume": s.resume, "end": s.unfollow} {
			r.Post("/"+path, s.own(s.answering(answer)))
		}
	})
}
