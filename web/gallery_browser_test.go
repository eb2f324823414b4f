//go:build chromium

package web_test

import (
	"testing"

	"github.com/songferry/songferry/web"
	"github.com/songferry/songferry/web/browsertest"
)

func TestEveryStateOfEveryPageInEveryLook(t *testing.T) {
	t.Parallel()
	browsertest.EachState(t, web.Gallery())
}
