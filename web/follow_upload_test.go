package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// sends posts the form with a file, as a browser does.
func (h *home) sends(name string, content io.Reader) answer {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	h.ok(form.WriteField("target", ""))
	part, err := form.CreateFormFile("file", name)
	h.ok(err)
	_, err = io.Copy(part, content)
	h.ok(err)
	h.ok(form.Close())
	return h.send(http.MethodPost, "/follow", &body, "Content-Type", form.FormDataContentType(), "Sec-Fetch-Site", "same-origin")
}

func TestAFileOfEveryFormatIsImported(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	list := playlists.Playlist{Name: "From a file", Tracks: []playlists.Track{joga, sinnerman, unknown}}
	for _, f := range formats.Formats() {
		var file bytes.Buffer
		h.ok(f.Write(&file, list, formats.Place{}))
		a := h.sends(`C:\Users\bob\`+f.Name+"."+f.Extension, &file)
		path := a.Header.Get("Location")
		h.step(h.lookups.LookupOnce)
		page := h.get(path)
		if page.one(".is-here strong") != "2" || len(page.all("input[name=mode][type=radio]")) != 0 || strings.Contains(page.text, "Users") {
			t.Fatalf("%s: %d\n%s", f.Name, a.StatusCode, page.text)
		}
		h.post(path, "mode", "sync", "name", "Mine "+f.Name) // a file can only be copied once, whatever a form says
		h.settle()
		if l, ok := h.music.PlaylistNamed("alice", "Mine "+f.Name); !ok || len(l.Songs) != 2 {
			t.Errorf("%s: bob's server has %+v", f.Name, h.music.Playlists())
		}
	}
}

func TestHostileUploadsAreRefusedInASentence(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	for name, content := range map[string]io.Reader{
		"empty.csv":  strings.NewReader(""),
		"photo.jpg":  bytes.NewReader([]byte{0xff, 0xd8, 0xff, 0, 1, 2}),
		"broken.xml": strings.NewReader("<playlist><trackList><track>"),
		"none.jspf":  strings.NewReader(`{"playlist":{"title":"x","track":[]}}`),
		"large.csv":  io.LimitReader(zeros{}, formats.MaxBytes+1),
		"huge.csv":   io.LimitReader(zeros{}, formats.MaxBytes+1<<20),
	} {
		if a := h.sends(name, content); a.StatusCode != http.StatusUnprocessableEntity || a.one("[role=alert]") == "" {
			t.Errorf("%s: %d\n%.500s", name, a.StatusCode, a.text)
		}
	}
	for kind, body := range map[string]string{
		"multipart/form-data":              "x",
		"multipart/form-data; boundary=b":  "--b\r\nContent-Disposition: form-data; name=\"target\"\r\n\r\nx",
		"multipart/form-data; boundary=bb": strings.Repeat("--bb\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n", 1000) + "--bb--",
	} {
		if a := h.send(http.MethodPost, "/follow", strings.NewReader(body), "Content-Type", kind, "Sec-Fetch-Site", "same-origin"); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", kind, a.StatusCode)
		}
	}
	if n, err := h.lookups.LookupOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
