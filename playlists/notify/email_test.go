package notify_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
)

// code is the one in the e-mail that came last.
func (w *world) code() string {
	w.t.Helper()
	mails := w.post.all()
	if len(mails) == 0 {
		w.t.Fatal("no e-mail came")
	}
	text, err := io.ReadAll(mails[len(mails)-1].Body)
	w.ok(err)
	code := regexp.MustCompile(`\d{3}-\d{3}`).FindString(string(text))
	if code == "" {
		w.t.Fatalf("no code in %s", text)
	}
	return code
}

// email has alice's notices sent to an address of hers.
func (w *world) email(address string) {
	w.t.Helper()
	_, err := w.BeginEmail(w.t.Context(), w.alice.ID, address)
	w.ok(err)
	_, err = w.FinishEmail(w.t.Context(), w.alice.ID, w.code())
	w.ok(err)
}

func TestNothingIsSentToAnAddressBeforeItsOwnerSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.BeginEmail(t.Context(), w.alice.ID, "alice@mail.example"); err != nil {
		t.Fatal(err)
	}
	code := w.code()
	w.news("one")
	w.step()
	if mails := w.post.all(); len(mails) != 0 {
		t.Errorf("%d e-mails", len(mails))
	}
	wrong := "000-000"
	if code == wrong {
		wrong = "000-001"
	}
	if _, err := w.FinishEmail(t.Context(), w.alice.ID, wrong); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("a wrong code: %v", err)
	}
	if _, err := w.FinishEmail(t.Context(), w.bob.ID, code); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("another's code: %v", err)
	}
	address, err := w.FinishEmail(t.Context(), w.alice.ID, strings.Replace(code, "-", " ", 1))
	if err != nil || address != "alice@mail.example" {
		t.Errorf("%q, %v", address, err)
	}
	if _, err := w.FinishEmail(t.Context(), w.alice.ID, code); err == nil {
		t.Error("the code is good twice")
	}
}

func TestACodeEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	begin := func() string {
		t.Helper()
		_, err := w.BeginEmail(t.Context(), w.alice.ID, "alice@mail.example")
		w.ok(err)
		return w.code()
	}
	code := begin()
	for range 5 {
		if _, err := w.FinishEmail(t.Context(), w.alice.ID, "1"); err == nil {
			t.Fatal("a wrong code is right")
		}
	}
	if _, err := w.FinishEmail(t.Context(), w.alice.ID, code); err == nil {
		t.Error("it can be guessed for ever")
	}
	code = begin()
	w.pass(61 * time.Minute)
	if _, err := w.FinishEmail(t.Context(), w.alice.ID, code); err == nil {
		t.Error("it is good for ever")
	}
}

func TestNobodyIsPesteredWithCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := func(account playlists.ID, address string) bool {
		_, err := w.BeginEmail(t.Context(), account, address)
		if err != nil && playlists.CodeOf(err) != playlists.Unavailable {
			t.Error(err)
		}
		return err == nil
	}
	if !sent(w.alice.ID, "x@mail.example") || !sent(w.alice.ID, "X@mail.example") || !sent(w.bob.ID, "x@mail.example") || sent(w.bob.ID, "x@mail.example") {
		t.Error("one address is not sent three")
	}
	if !sent(w.alice.ID, "1@mail.example") || !sent(w.alice.ID, "2@mail.example") || !sent(w.alice.ID, "3@mail.example") || sent(w.alice.ID, "4@mail.example") {
		t.Error("one account does not have five sent")
	}
	w.pass(25 * time.Hour)
	if !sent(w.alice.ID, "x@mail.example") {
		t.Error("not the next day")
	}
	w.pass(31 * 24 * time.Hour)
	w.ok(w.Tidy(t.Context()))
	var left int
	if err := w.DB.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM email_codes`).Scan(&left); left != 0 || err != nil {
		t.Errorf("%d codes are kept for ever, %v", left, err)
	}
}

func TestALetterToAStrangerHoldsNothingThatAMemberWrote(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	carol, err := w.store.AddAccount(t.Context(), playlists.Account{Name: "You have won: https://prize.example", Language: "en"})
	w.ok(err)
	_, err = w.BeginEmail(t.Context(), carol.ID, "stranger@mail.example")
	w.ok(err)
	w.alice.Name = "You have won: https://prize.example"
	_, err = w.store.ChangeAccount(t.Context(), w.alice)
	w.ok(err)
	_, err = w.BeginEmail(t.Context(), w.alice.ID, "stranger@mail.example")
	w.ok(err)
	for _, m := range w.post.all() {
		text, err := io.ReadAll(m.Body)
		w.ok(err)
		if strings.Contains(string(text), "prize") || !strings.Contains(string(text), "of music.example wants") {
			t.Errorf("%s", text)
		}
	}
}

func TestAnEmailThatWasTakenIsNotSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.email("alice@mail.example")
	w.post.hangsUp = true
	w.news("one")
	for range 3 {
		w.step()
		w.pass(time.Hour)
	}
	if mails := w.post.all(); len(mails) != 1 {
		t.Errorf("%d e-mails", len(mails))
	}
	if p := w.way(playlists.Email).Problem.String(); p != "" {
		t.Error(p)
	}
}

func TestAddressesThatAreNotOnePersonsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, address := range []string{"", "alice", "Alice <alice@mail.example>", "a@mail.example, b@mail.example", "a@mail.example\r\nBcc: b@mail.example", "älice@mail.example",
		"alice@[192.168.1.1]", `"a@mail.example,b"@mail.example`, `"a;b"@mail.example`} {
		if _, err := w.BeginEmail(t.Context(), w.alice.ID, address); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	without := newWorld(t, func(c *notify.Config) { c.Mail = nil })
	if _, err := without.BeginEmail(t.Context(), without.alice.ID, "alice@mail.example"); !strings.Contains(playlists.Say(err), "SONGFERRY_SMTP_URL") || without.HasMail() {
		t.Errorf("without a mail server: %v", err)
	}
}

func TestTheMailServersAddressIsChecked(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"mail.example", "http://mail.example", "smtp://", "smtp://mail.example:http"} {
		if _, err := notify.NewMailer(address, "a@b.example"); playlists.Say(err) == "" {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := notify.NewMailer("smtps://user:pass@mail.example", "nobody"); !strings.Contains(playlists.Say(err), "SONGFERRY_SMTP_FROM") {
		t.Errorf("%v", err)
	}
	if _, err := notify.NewMailer("smtps://user:pass@mail.example", "Songferry <a@b.example>"); err != nil {
		t.Error(err)
	}
}
