package main

import (
	"context"
	"encoding/base32"
	"strconv"
	"sync"

	"github.com/songferry/songferry/playlists/seal"
)

// setup is what lets the first person in by the pages.
type setup struct {
	mu       sync.Mutex
	code     string // "" until one is wanted
	departed int    // accounts that had been deleted when it was told
}

// readySetup tells whoever starts a bridge that nobody has an account on how the first person comes in.
func (b *bridge) readySetup(ctx context.Context) error {
	any, err := b.store.AnyAccount(ctx)
	if err != nil || any {
		return err
	}
	_, err = b.setupCode(ctx)
	return err
}

// setupCode returns the code that the first person has to know: the one that was set, or one that stands in the log. Once
// somebody has left, whoever comes next needs a new one from the log: those who were here know the old. All processes of a bridge want
// the same code, and each says so in its log.
func (b *bridge) setupCode(ctx context.Context) (string, error) {
	b.setup.mu.Lock()
	defer b.setup.mu.Unlock()
	departed, err := b.store.Departed(ctx)
	if err != nil || b.setup.code != "" && b.setup.departed == departed {
		return b.setup.code, err
	}
	local, err := b.settings.localURL()
	if err != nil {
		return "", err
	}
	set, err := secret("SONGFERRY_SETUP_CODE")
	if err != nil {
		return "", err
	}
	page := local + "/setup"
	switch {
	case set == "":
		set = setupCodeAfter(b.key, departed)
		b.log.Info("nobody has an account yet; the set-up page wants this code", "page", page, "code", set)
	case departed > 0:
		set = setupCodeAfter(b.key, departed)
		b.log.Info("nobody has an account any more; the set-up page wants this code, not the one that was set",
			"page", page, "code", set, "setting", "SONGFERRY_SETUP_CODE")
	default:
		b.log.Info("nobody has an account yet; the set-up page wants the code that was set", "page", page, "setting", "SONGFERRY_SETUP_CODE")
	}
	b.setup.code, b.setup.departed = set, departed
	return set, nil
}

// setupCodeAfter returns a code of 80 bits that can be typed: ABCD-EFGH-JKLM-NOPQ. It follows from the key, which others have not, and
// from how many accounts were deleted: a database that is begun anew beside the old key file wants the same codes again.
func setupCodeAfter(key *seal.Key, departed int) string {
	t := base32.StdEncoding.EncodeToString(key.Hash(strconv.Itoa(departed), "set-up code"))
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:16]
}
