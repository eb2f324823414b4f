package subsonicbridge_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// secretsOf lists all that must never be seen, in each way it is written on the wire.
func secretsOf(l subsonicbridge.Login) []string {
	var out []string
	for _, s := range []string{secret, l.Token, l.Salt, l.APIKey, l.Password} {
		if s != "" {
			out = append(out, s, url.QueryEscape(s), hex.EncodeToString([]byte(s)))
		}
	}
	return out
}

// TestNoErrorHoldsASecret makes every call fail in every way, also by servers that send back what they were sent.
func TestNoErrorHoldsASecret(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		check := func(how string, client *subsonicbridge.Client, ctx context.Context) {
			for what, err := range everyCall(ctx, client, w.songs) {
				if err == nil {
					t.Errorf("%s, %s: no error", how, what)
				}
				text := fmt.Sprintf("%v %+v %#v %s", err, err, err, playlists.Say(err))
				for _, s := range secretsOf(w.login) {
					if strings.Contains(text, s) {
						t.Errorf("%s, %s: %q stands in %s", how, what, s, text)
					}
				}
			}
		}
		w.Fail(subsonictest.NoPost) // so that tokens go by GET
		_, _ = w.client.Ping(t.Context())
		for _, mode := range []subsonictest.Mode{
			subsonictest.Down, subsonictest.BadGateway, subsonictest.HTMLPage, subsonictest.WrongPassword,
		} {
			w.Fail(mode)
			check(string(mode), w.client, t.Context())
		}
		w.Fail(subsonictest.Slow)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		check("slow", w.client, ctx)
		for how, server := range echoes(t) {
			login := w.login
			login.URL = server
			check(how, subsonicbridge.NewClient(login, nil), t.Context())
		}
	})
}

func everyCall(ctx context.Context, c *subsonicbridge.Client, songs []string) map[string]error {
	out := map[string]error{}
	_, out["Ping"] = c.Ping(ctx)
	_, out["Playlists"] = c.Playlists(ctx)
	_, out["Playlist"] = c.Playlist(ctx, "tr-1")
	_, out["Create"] = c.Create(ctx, "New", songs)
	out["Replace"] = c.Replace(ctx, "tr-1", songs)
	out["Describe"] = c.Describe(ctx, "tr-1", "New", "")
	out["Delete"] = c.Delete(ctx, "tr-1")
	_, out["Cover"] = c.Cover(ctx, "al-1", 600)
	out["EachSong"] = c.EachSong(ctx, func([]subsonicbridge.Song) error { return nil })
	return out
}

// echoes are servers that repeat the request in what becomes part of an error.
func echoes(t *testing.T) map[string]string {
	t.Helper()
	sent := func(r *http.Request) string {
		body, _ := io.ReadAll(r.Body)
		plain, _ := url.QueryUnescape(string(body))
		return r.RequestURI + " " + string(body) + " " + plain
	}
	out := map[string]string{}
	for how, handler := range map[string]http.HandlerFunc{
		"in the message": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"subsonic-response":{"status":"failed","error":{"code":40,"message":%q}}}`, sent(r))
		},
		"in broken JSON": func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, `{"subsonic-response":%s`, sent(r)) },
		"in a page": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, "<pre>%s</pre>", sent(r))
		},
		"in a redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://other.example/?"+url.QueryEscape(sent(r)))
			w.WriteHeader(http.StatusFound)
		},
	} {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		out[how] = server.URL
	}
	out["in place of HTTP"] = echoRaw(t)
	return out
}

// echoRaw answers with the request's own bytes, which net/http quotes in its error.
func echoRaw(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			buffer := make([]byte, 4096)
			n, _ := conn.Read(buffer)
			sent := string(buffer[:n])
			if _, body, found := strings.Cut(sent, "\r\n\r\n"); found {
				sent = body
			}
			fmt.Fprintf(conn, "%s\r\n\r\n", sent)
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}
