package web_test

import (
	"encoding/json"
	"image/png"
	"net/http"
	"strings"
	"testing"
)

func TestPhonesCanInstallIt(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	page := h.get("/")
	a := h.get(attr(page.all("link[rel=manifest]")[0], "href"))
	var m struct {
		StartURL string `json:"start_url"`
		Display  string
		Icons    []struct{ Src, Type, Sizes, Purpose string }
		Target   struct {
			Action, Method string
			Params         map[string]string
		} `json:"share_target"`
	}
	if err := json.Unmarshal([]byte(a.text), &m); err != nil || a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%d %v, %v", a.StatusCode, a.Header, err)
	}
	if m.Display != "standalone" || m.Target.Action != "/share" || m.Target.Method != "GET" || len(m.Target.Params) != 3 {
		t.Errorf("%+v", m)
	}
	sizes := map[int]bool{}
	for _, icon := range m.Icons {
		file := h.get(icon.Src)
		if file.StatusCode != http.StatusOK || !strings.HasPrefix(file.Header.Get("Content-Type"), icon.Type) {
			t.Errorf("%s: %d %v", icon.Src, file.StatusCode, file.Header)
		}
		if icon.Type == "image/png" {
			config, err := png.DecodeConfig(strings.NewReader(file.text))
			if err != nil || config.Width != config.Height {
				t.Errorf("%s: %+v, %v", icon.Src, config, err)
			}
			sizes[config.Width] = true
		}
	}
	if !sizes[192] || !sizes[512] {
		t.Errorf("icons of %v pixels", sizes)
	}
}
