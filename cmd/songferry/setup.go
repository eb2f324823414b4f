package main

import (
	"context"
	"crypto/rand"
)

// readySetup lets the first person in by the pages, who knows a code: the one that was set, or one that stands in the log.
func (b *bridge) readySetup(ctx context.Context, page string) error {
	any, err := b.store.AnyAccount(ctx)
	if err != nil || any {
		return err
	}
	if b.setupCode, err = secret("SONGFERRY_SETUP_CODE"); err != nil {
		return err
	}
	if b.setupCode != "" {
		b.log.Info("nobody has an account yet; the set-up page wants the code that was set", "page", page, "setting", "SONGFERRY_SETUP_CODE")
		return nil
	}
	b.setupCode = newSetupCode()
	b.log.Info("nobody has an account yet; the set-up page wants this code", "page", page, "code", b.setupCode)
	return nil
}

// newSetupCode returns a code of 80 bits that can be typed: ABCD-EFGH-JKLM-NOPQ.
func newSetupCode() string {
	t := rand.Text()
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:16]
}
