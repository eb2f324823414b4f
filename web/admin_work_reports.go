package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
)

// reportedThing is a report, and what it is about in words.
type reportedThing struct {
	federation.Report
	About []string // handles, or addresses of what has none
}

// addReports names the newest complaints that nobody has dealt with.
func (s *site) addReports(r *http.Request, v *workView) error {
	all, err := s.Fed.Reports(r.Context())
	if err != nil {
		return err
	}
	for _, report := range all {
		if !report.Resolved.IsZero() || len(v.Reports) == maxReportsShown { // open ones come first
			break
		}
		thing := reportedThing{Report: report}
		for _, object := range report.Objects {
			called, err := s.Fed.CalledHere(r.Context(), object)
			if err != nil {
				return err
			}
			if called == "" {
				called = object
			}
			thing.About = append(thing.About, called)
		}
		v.Reports = append(v.Reports, thing)
	}
	return nil
}

// resolveReport keeps that an administrator has dealt with a report.
func (s *site) resolveReport(w http.ResponseWriter, r *http.Request, _ visitor) error {
	if err := s.Fed.ResolveReport(r.Context(), chi.URLParam(r, "id")); err != nil {
		return err
	}
	s.tell(r, s.words(r).say("The complaint is dealt with."))
	return goTo(w, r, "/admin/work")
}
