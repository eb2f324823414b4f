package web

import (
	"net/http"
	"strconv"
)

// pages are the addresses of the pages before and after one of a long list, "" where there is none.
type pages struct{ Before, After string }

// paged returns the rows of the page that ?page= asks for, from 1, and its neighbours.
func paged[T any](rows []T, size int, r *http.Request) ([]T, pages) {
	last := max((len(rows)+size-1)/size, 1)
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		n = 1 // also when it is not said
	}
	n = min(max(n, 1), last)
	var p pages
	if n > 1 {
		p.Before = pagePath(r, n-1)
	}
	if n < last {
		p.After = pagePath(r, n+1)
	}
	return rows[(n-1)*size : min(n*size, len(rows))], p
}

// pagePath is the address of another page of the same list.
func pagePath(r *http.Request, n int) string {
	query := r.URL.Query()
	query.Set("page", strconv.Itoa(n))
	return r.URL.Path + "?" + query.Encode()
}
