package subsonictest

import "fmt"

// Sharing switches on that the server itself shares playlists on pages of its own, as Navidrome can.
func (s *Server) Sharing() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shares = map[string]string{}
}

// Shares returns the playlists that are shared so, by their shares.
func (s *Server) Shares() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]string, len(s.shares))
	for id, list := range s.shares {
		out[id] = list
	}
	return out
}

// isShare reports whether a call is about shares, which of the dialects only Navidrome knows.
func isShare(method string) bool { return method == "createShare" || method == "deleteShare" }

func (s *Server) createShare(r request) (object, *apiError) {
	s.counter++
	id := fmt.Sprintf("share%d", s.counter)
	s.shares[id] = r.Get("id")
	return object{{"shares", object{{"share", []object{{{"id", id}, {"url", "https://music.example/share/" + id}, {"username", r.user.name}}}}}}}, nil
}

func (s *Server) deleteShare(r request) (object, *apiError) {
	if _, ok := s.shares[r.Get("id")]; !ok {
		return nil, fail(70, "data not found")
	}
	delete(s.shares, r.Get("id"))
	return nil, nil
}
