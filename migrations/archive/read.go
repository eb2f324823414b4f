package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// Unpacked are the files that Unpack made, for their owner alone.
type Unpacked struct {
	About         About
	Key, Database string // paths
}

// ageIntro begins each file of age.
const ageIntro = "age-encryption.org/"

// Unpack writes what is in an archive into a folder. What it unpacked before an error stays there.
func Unpack(r io.Reader, folder, password string) (Unpacked, error) {
	in := bufio.NewReader(r)
	plain := io.Reader(in)
	if start, _ := in.Peek(len(ageIntro)); string(start) == ageIntro { // whatever is shorter is refused below
		if password == "" {
			return Unpacked{}, ErrPassword
		}
		with, err := age.NewScryptIdentity(password)
		if err != nil {
			return Unpacked{}, err
		}
		plain, err = age.Decrypt(in, with)
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return Unpacked{}, ErrPassword
		}
		if err != nil {
			return Unpacked{}, fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	return unpack(plain, folder)
}

func unpack(r io.Reader, folder string) (u Unpacked, err error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return u, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	t := tar.NewReader(z)
	about, err := small(t, aboutName, maxAbout)
	if err != nil {
		return u, err
	}
	if err := json.Unmarshal(about, &u.About); err != nil {
		return u, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if u.About.Format != format {
		return u, fmt.Errorf("%w: its format is %d", ErrFormat, u.About.Format)
	}
	key, err := small(t, keyName, maxKey)
	if err != nil {
		return u, err
	}
	if err := next(t, databaseName); err != nil {
		return u, err
	}
	u.Key, u.Database = filepath.Join(folder, keyName), filepath.Join(folder, databaseName)
	if err := write(u.Key, bytes.NewReader(key)); err != nil {
		return u, err
	}
	if err := write(u.Database, t); err != nil {
		return u, err
	}
	if _, err := io.CopyN(io.Discard, z, maxPadding); !errors.Is(err, io.EOF) { // where the checksum is looked at
		return u, fmt.Errorf("%w: after its entries: %v", ErrFormat, err)
	}
	return u, nil
}

// next goes to the next entry, which must have that name.
func next(t *tar.Reader, name string) error {
	h, err := t.Next()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if h.Name != name || h.Typeflag != tar.TypeReg {
		return fmt.Errorf("%w: %q in place of %s", ErrFormat, h.Name, name)
	}
	return nil
}

// small reads the next entry.
func small(t *tar.Reader, name string, most int64) ([]byte, error) {
	if err := next(t, name); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(t, most+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("%w: %s is too long", ErrFormat, name)
	}
	return text, nil
}

// write makes a file. What cannot be read is the archive's fault, not the disk's.
func write(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, &blamed{r})
	return errors.Join(err, f.Sync(), f.Close())
}

// blamed names the archive in what goes wrong while it is read.
type blamed struct{ io.Reader }

func (b *blamed) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return n, err
}
