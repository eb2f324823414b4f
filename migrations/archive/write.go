package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"filippo.io/age"
)

// Write writes an archive of a key file's content and of the database, a file that nobody changes meanwhile. With a password
// it is encrypted.
func Write(w io.Writer, a About, key []byte, database *os.File, password string) error {
	if password == "" {
		return pack(w, a, key, database)
	}
	to, err := age.NewScryptRecipient(password)
	if err != nil {
		return err
	}
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return err
	}
	return errors.Join(pack(sealed, a, key, database), sealed.Close())
}

func pack(w io.Writer, a About, key []byte, database *os.File) error {
	a.Format = format
	about, err := json.Marshal(a)
	if err != nil {
		return err
	}
	size, err := database.Stat()
	if err != nil {
		return err
	}
	// The text in a database shrinks to a quarter at any level; the best would only be slower.
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	return errors.Join(
		add(t, aboutName, a.Made, int64(len(about)), bytes.NewReader(about)),
		add(t, keyName, a.Made, int64(len(key)), bytes.NewReader(key)),
		add(t, databaseName, a.Made, size.Size(), database),
		t.Close(), z.Close())
}

func add(t *tar.Writer, name string, made time.Time, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: made, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := io.Copy(t, r)
	return err
}
