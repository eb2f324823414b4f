package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/songferry/songferry/playlists"
)

// writeOut writes data to the file at path, or to out when path is "" or "-".
func writeOut(out io.Writer, path string, data []byte) (toFile bool, err error) {
	if path == "" || path == "-" {
		_, err := out.Write(data)
		return false, err
	}
	if err := replaceFile(path, data); err != nil {
		return true, playlists.Problemf(playlists.Invalid, err, "The file %s cannot be written. Is there such a folder, and may you write in it?", path)
	}
	return true, nil
}

// replaceFile writes a file that is there as it was until all of it is written.
func replaceFile(path string, data []byte) error {
	part := path + "." + string(playlists.NewID()) + ".part" // nobody's yet
	f, err := os.OpenFile(filepath.Clean(part), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}
