package web

import (
	"bytes"
	"fmt"
	"net/http"

	"rsc.io/qr" // encodes, and nothing else
)

// qrExtension ends the address of the QR code of a playlist's page.
const qrExtension = "svg"

// sendQR sends a QR code of the address of a playlist's page, to be shown or printed.
func (s *site) sendQR(w http.ResponseWriter, r *http.Request, sh shared) error {
	address := s.absolute(sh.path())
	if address == "" || sh.Personal {
		return nothingHere(w, r)
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return fmt.Errorf("make QR code: %w", err)
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox") // it is no page, whatever is in it
	serve(w, r, "image/svg+xml", drawQR(code), sh.Changed)
	return nil
}

// drawQR draws dark runs of modules on white, with the quiet zone that scanners need around them (ISO/IEC 18004).
func drawQR(code *qr.Code) []byte {
	const quiet = 4
	var b bytes.Buffer
	size := code.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, size, size, size, size)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}
