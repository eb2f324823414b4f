package federation

// rule makes a rule about a domain, as the administrator does.
func (w *world) rule(domain string, s Severity) Swept {
	w.t.Helper()
	swept, err := w.SetDomain(w.t.Context(), DomainRule{Domain: domain, Severity: s})
	w.ok(err)
	return swept
}

// blockActor blocks one account elsewhere.
func (w *world) blockActor(target string) Swept {
	w.t.Helper()
	_, swept, err := w.BlockActor(w.t.Context(), target, "")
	w.ok(err)
	return swept
}
