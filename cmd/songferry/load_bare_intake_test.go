//go:build load

package main

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/songferry/songferry/federation/federationtest"
)

// bareIntake is the variable that makes a test binary a server that only verifies and keeps; see startBareIntake.
const bareIntake = "SONGFERRY_TEST_BARE_INTAKE"

func init() {
	if os.Getenv(bareIntake) != "" {
		_, _ = os.Stderr.WriteString(serveBareIntake(os.Getenv(bareIntake), os.Args[1]).Error() + "\n")
		os.Exit(1)
	}
}

// startBareIntake starts a process that takes a request as nothing on these libraries can take it for less: it reads the body,
// verifies one RSA signature and keeps the body, with what else has just come, in a transaction of SQLite's.
func startBareIntake(t testing.TB) (process *os.Process, host string) {
	t.Helper()
	address := freeAddress(t)
	cmd := exec.Command(os.Args[0], address)
	cmd.Env = append(os.Environ(), bareIntake+"="+filepath.Join(t.TempDir(), "bare.db"))
	cmd.Stderr = t.Output()
	endsWithUs(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	await(t, "the bare intake", func() error { _, _, err := get("http://"+address, ""); return err })
	return cmd.Process, address
}

// kept is a body that waits to be kept, and what comes of it.
type kept struct {
	body []byte
	done chan error
}

func serveBareIntake(database, address string) error {
	db, err := sql.Open("sqlite", "file:"+database+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
	if err != nil {
		return err
	}
	if _, err = db.Exec(`CREATE TABLE kept (n INTEGER PRIMARY KEY, body TEXT)`); err != nil {
		return err
	}
	key, err := federationtest.Key()
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte("songferry"))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		return err
	}
	waiting := make(chan kept, 64)
	go keepAll(db, waiting)
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.Method == http.MethodPost {
			k := kept{body, make(chan error, 1)}
			if err = rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature); err == nil {
				waiting <- k
				err = <-k.done
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
}

// keepAll keeps what waits, all that does in one transaction.
func keepAll(db *sql.DB, waiting chan kept) {
	for first := range waiting {
		batch := []kept{first}
		for more := true; more; {
			select {
			case k := <-waiting:
				batch = append(batch, k)
			default:
				more = false
			}
		}
		err := keepBatch(db, batch)
		for _, k := range batch {
			k.done <- err
		}
	}
}

func keepBatch(db *sql.DB, batch []kept) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	insert, err := tx.Prepare(`INSERT INTO kept (body) VALUES ($1)`)
	for i := 0; err == nil && i < len(batch); i++ {
		_, err = insert.Exec(string(batch[i].body))
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
