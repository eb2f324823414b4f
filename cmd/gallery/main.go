// Command gallery shows every page of Songferry in every situation, with invented data: go run ./cmd/gallery [ADDRESS]
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/songferry/songferry/web"
)

func main() {
	address := "127.0.0.1:8090"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	fmt.Println("http://" + address)
	server := &http.Server{Addr: address, Handler: web.Gallery(), ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintln(os.Stderr, server.ListenAndServe())
	os.Exit(1)
}
