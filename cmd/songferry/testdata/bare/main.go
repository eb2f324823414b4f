// Bare is the least that a program takes which has the libraries that Songferry is made of: it opens a database, reads one document,
// answers one page, and says what it takes.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"

	"github.com/delucks/go-subsonic"
	"github.com/go-chi/chi/v5"
	"github.com/go-fed/activity/streams"
	"github.com/go-fed/httpsig"
	_ "modernc.org/sqlite"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(database string) error {
	db, err := sql.Open("sqlite", database)
	if err == nil {
		_, err = db.Exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY)`)
	}
	if err != nil {
		return err
	}
	if _, err := streams.ToType(context.Background(), map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "type": "Note"}); err != nil {
		return err
	}
	music := subsonic.Client{Client: http.DefaultClient}
	page := template.Must(template.New("page").Parse(`<h1>{{.}}</h1>`))
	routes := chi.NewRouter()
	routes.Get("/", func(w http.ResponseWriter, r *http.Request) {
		_, unsigned := httpsig.NewVerifier(r)
		if err := page.Execute(w, fmt.Sprint(unsigned, music.User)); err != nil {
			panic(err)
		}
	})
	server := httptest.NewServer(routes)
	res, err := http.Get(server.URL)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	fmt.Print(string(status))
	return errors.Join(err, res.Body.Close(), db.Close())
}
