package playlists_test

import (
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func (k *kept) account(a playlists.Account) playlists.Account {
	k.t.Helper()
	a, err := k.AddAccount(k.t.Context(), a)
	k.ok(err)
	return a
}

func (k *kept) list(owner playlists.Account, name string) playlists.ID {
	k.t.Helper()
	c, _, err := k.Record(k.t.Context(), playlists.Playlist{Owner: owner.ID, Origin: playlists.Local, Name: name})
	k.ok(err)
	return c.Playlist
}

// refused checks that an error is a Problem with a sentence.
func (k *kept) refused(what string, err error, code playlists.Code) {
	k.t.Helper()
	if playlists.CodeOf(err) != code || playlists.Say(err) == "" {
		k.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func (k *kept) audience(id playlists.ID) playlists.Audience {
	k.t.Helper()
	pub, err := k.Publication(k.t.Context(), id)
	k.ok(err)
	return pub.Audience
}

func TestAHandleIsChosenOnceAndForGood(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	_, err := s.AddAccount(ctx, playlists.Account{})
	s.refused("no name at all", err, playlists.Invalid)
	nina, other := s.account(playlists.Account{Name: "Nina"}), s.account(playlists.Account{Name: "Other"})
	alice := s.account(playlists.Account{Handle: "alice"})
	if nina.Handle != "" || nina.Called() != "Nina" || alice.Called() != "alice" {
		t.Errorf("%+v", nina)
	}
	for _, handle := range []string{"", "~" + string(nina.ID), "~", string(nina.ID) + "~"} {
		if _, err := s.AccountByHandle(ctx, handle); playlists.CodeOf(err) != playlists.NotFound {
			t.Errorf("found by the handle %q: %v", handle, err)
		}
	}
	_, err = s.AccountByPublicID(ctx, nina.PublicID)
	s.refused("found on the fediverse", err, playlists.NotFound)
	all, err := s.Accounts(ctx)
	s.ok(err)
	if !slices.Equal(all, []playlists.Account{alice, nina, other}) {
		t.Errorf("listed %+v", all)
	}

	id := s.list(nina, "Road trip")
	for _, a := range []playlists.Audience{playlists.Followers, playlists.Unlisted, playlists.Public} {
		_, err := s.Publish(ctx, id, a)
		s.refused(string(a), err, playlists.Invalid)
	}
	if link, err := s.Publish(ctx, id, playlists.Link); err != nil || link.Token == "" {
		t.Errorf("by link: %+v, %v", link, err)
	}
	nina.Name = "Nina S."
	_, err = s.ChangeAccount(ctx, playlists.Account{ID: nina.ID, PublicID: nina.PublicID, Name: nina.Name, Language: "en"})
	s.ok(err)
	if got := s.kinds(); slices.Contains(got, playlists.Renamed) {
		t.Errorf("nobody knows her elsewhere, and is told her name: %v", got)
	}

	for _, handle := range []string{"", "Nina", "~nina", "alice"} {
		_, err := s.ChooseHandle(ctx, nina.ID, handle)
		s.refused(handle, err, playlists.Invalid)
	}
	chosen, err := s.ChooseHandle(ctx, nina.ID, "nina")
	if err != nil || chosen.Handle != "nina" || chosen.Name != nina.Name {
		t.Fatalf("%+v, %v", chosen, err)
	}
	if again, err := s.ChooseHandle(ctx, nina.ID, "nina"); err != nil || again != chosen {
		t.Errorf("again: %+v, %v", again, err)
	}
	_, err = s.ChooseHandle(ctx, nina.ID, "nina2")
	s.refused("another", err, playlists.Invalid)
	_, err = s.ChooseHandle(ctx, "none", "nina3")
	s.refused("nobody", err, playlists.NotFound)
	if pub, err := s.Publish(ctx, id, playlists.Public); err != nil || pub.Handle != "nina_road_trip" {
		t.Errorf("published: %+v, %v", pub, err)
	}
	if got, err := s.AccountByPublicID(ctx, nina.PublicID); err != nil || got.Handle != "nina" {
		t.Errorf("on the fediverse: %+v, %v", got, err)
	}
}

func TestWhoeverGetsAHandleFollowsWithIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	nina := s.account(playlists.Account{Name: "Nina"})
	id, err := s.Expect(t.Context(), source)
	s.ok(err)
	_, err = s.AddWant(t.Context(), playlists.Want{Account: nina.ID, Playlist: id, Mode: playlists.Sync})
	s.ok(err)
	_, err = s.WantPerson(t.Context(), playlists.PersonWant{Account: nina.ID, Origin: playlists.Remote, Person: "https://b.example/bob"})
	s.ok(err)
	s.kinds()
	_, err = s.ChooseHandle(t.Context(), nina.ID, "nina")
	s.ok(err)
	if got := s.kinds(); !slices.Equal(got, []playlists.Kind{playlists.Wanted, playlists.WantedPerson}) {
		t.Errorf("journalled %v", got)
	}
}

func TestCommandsFindAnAccountByWhatItIsCalled(t *testing.T) {
	t.Parallel()
	s := open(t)
	alice := s.account(playlists.Account{Handle: "alice", Name: "Alice B."})
	first, second := s.account(playlists.Account{Name: "Nina"}), s.account(playlists.Account{Name: "Nina"})
	eve, other := s.account(playlists.Account{Name: "Ève"}), s.account(playlists.Account{Name: "ÈVE"})
	for text, want := range map[string]playlists.Account{
		"alice": alice, "Alice B.": alice, string(first.ID): first, string(second.ID): second, // exactly
		"Alice": alice, "alice b.": alice, "Ève": eve, "ÈVE": other, // in other capitals, where that is not another
	} {
		if got, err := s.FindAccount(t.Context(), text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"Nina", "nina", "ève"} {
		_, err := s.FindAccount(t.Context(), text)
		s.refused("one of two called "+text, err, playlists.Invalid)
	}
	for _, text := range []string{"", "~", "nobody", "x\x00"} {
		_, err := s.FindAccount(t.Context(), text)
		s.refused(text, err, playlists.NotFound)
	}
}

func TestWhatIsWiderThanAllowedIsWithdrawn(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	s.account(playlists.Account{Handle: "root", Admin: true})
	alice := s.account(playlists.Account{Handle: "alice"})
	public, link := s.list(alice, "Public"), s.list(alice, "By link")
	pub, err := s.Publish(ctx, public, playlists.Public)
	s.ok(err)
	_, err = s.Publish(ctx, link, playlists.Link)
	s.ok(err)
	s.ok(s.SetPerson(ctx, alice.ID, playlists.PersonRules{MaxAudience: playlists.Link}))
	if s.audience(public) != playlists.Private || s.audience(link) != playlists.Link {
		t.Errorf("%s and %s", s.audience(public), s.audience(link))
	}
	if got, err := s.PublicationByHandle(ctx, pub.Handle); err != nil || got.Live() {
		t.Errorf("its address: %+v, %v", got, err)
	}
	_, err = s.Publish(ctx, public, playlists.Unlisted)
	s.refused("again", err, playlists.Forbidden)
	s.ok(s.SetPerson(ctx, alice.ID, playlists.PersonRules{MaxAudience: playlists.Private}))
	if s.audience(link) != playlists.Private {
		t.Error("the link still leads there")
	}
	s.refused("no audience", s.SetPerson(ctx, alice.ID, playlists.PersonRules{}), playlists.Invalid)
	s.refused("nobody", s.SetPerson(ctx, "none", playlists.PersonRules{MaxAudience: playlists.Link}), playlists.NotFound)
}

func TestSomebodyStaysAdministrator(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	alice, bob := s.account(playlists.Account{Handle: "alice", Admin: true}), s.account(playlists.Account{Handle: "bob"})
	rules := func(admin bool) playlists.PersonRules {
		return playlists.PersonRules{MaxAudience: playlists.Public, Admin: admin}
	}
	s.refused("the last one", s.SetPerson(ctx, alice.ID, rules(false)), playlists.Invalid)
	s.ok(s.SetPerson(ctx, bob.ID, rules(false)))
	s.ok(s.SetPerson(ctx, bob.ID, rules(true)))
	s.ok(s.SetPerson(ctx, alice.ID, rules(false)))
	s.refused("then the other", s.SetPerson(ctx, bob.ID, rules(false)), playlists.Invalid)
}

func TestAChildAsksBeforeItShares(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	mother, root := s.account(playlists.Account{Handle: "mother"}), s.account(playlists.Account{Handle: "root", Admin: true})
	kim := s.account(playlists.Account{Name: "Kim", Child: true, Guardian: mother.ID})
	leo := s.account(playlists.Account{Name: "Leo", Child: true})
	if kim.MaxAudience != playlists.Link {
		t.Errorf("%+v", kim)
	}
	list, other := s.list(kim, "Dinosaurs"), s.list(leo, "Cars")
	_, err := s.Publish(ctx, list, playlists.Link)
	s.refused("without asking", err, playlists.Forbidden)
	_, err = s.ChooseHandle(ctx, kim.ID, "kim")
	s.refused("a public name", err, playlists.Forbidden)
	s.refused("to the public", s.AskToPublish(ctx, list, playlists.Public), playlists.Forbidden)
	s.refused("to nobody", s.AskToPublish(ctx, list, playlists.Private), playlists.Invalid)
	s.refused("a grown-up", s.AskToPublish(ctx, s.list(mother, "Mine"), playlists.Link), playlists.Invalid)

	s.ok(s.AskToPublish(ctx, list, playlists.Link))
	s.ok(s.AskToPublish(ctx, list, playlists.Link))
	s.ok(s.AskToPublish(ctx, other, playlists.Link))
	asked := func(who playlists.Account, names ...string) (all []playlists.Ask) {
		t.Helper()
		all, err := s.Asked(ctx, who.ID, who.Admin)
		s.ok(err)
		var got []string
		for _, a := range all {
			got = append(got, a.By+": "+a.Name)
		}
		n, err := s.CountAsked(ctx, who.ID, who.Admin)
		if s.ok(err); !slices.Equal(got, names) || n != len(names) {
			t.Errorf("%s is asked %q, in number %d, want %q", who.Called(), got, n, names)
		}
		return all
	}
	asks := asked(mother, "Kim: Dinosaurs")
	told := func(who playlists.Account, about ...playlists.ID) {
		t.Helper()
		all, err := s.Notices(ctx, who.ID)
		s.ok(err)
		var got []playlists.ID
		for _, n := range all {
			got = append(got, n.Playlist)
		}
		if !slices.Equal(got, about) {
			t.Errorf("%s is told of %q, want %q", who.Called(), got, about)
		}
	}
	told(mother, list) // once, though Kim asked twice
	told(root, other)
	told(leo)
	if asks[0].Account != kim.ID || asks[0].Playlist != list || asks[0].Audience != playlists.Link || asks[0].At.IsZero() {
		t.Errorf("%+v", asks)
	}
	others := asked(root, "Leo: Cars")
	asked(kim)
	s.ok(s.AnswerAsk(ctx, others[0].ID, false))
	s.ok(s.AnswerAsk(ctx, asks[0].ID, true))
	asked(root)
	s.refused("answered twice", s.AnswerAsk(ctx, others[0].ID, true), playlists.NotFound)
	if own, err := s.AsksOf(ctx, leo.ID); err != nil || len(own) != 1 || own[0].Playlist != other || own[0].Refused.IsZero() {
		t.Errorf("Leo reads %+v, %v", own, err)
	}
	if s.audience(list) != playlists.Link || s.audience(other) != playlists.Private {
		t.Errorf("%s and %s", s.audience(list), s.audience(other))
	}
	s.refused("answered twice", s.AnswerAsk(ctx, asks[0].ID, true), playlists.NotFound)
	s.ok(s.AskToPublish(ctx, list, playlists.Link))
	asked(mother)
	_, err = s.Publish(ctx, list, playlists.Private)
	s.ok(err)

	s.ok(s.AskToPublish(ctx, list, playlists.Link))
	if own, err := s.AsksOf(ctx, kim.ID); err != nil || len(own) != 1 || own[0].Playlist != list {
		t.Errorf("Kim asks %+v, %v", own, err)
	}
	withdraw := func(who playlists.Account) error {
		refused, err := s.WithdrawAsk(ctx, who.ID, list)
		if refused {
			t.Errorf("%s reads a no to what nobody answered", who.Called())
		}
		return err
	}
	s.refused("another's", withdraw(leo), playlists.NotFound)
	s.ok(withdraw(kim))
	s.refused("withdrawn twice", withdraw(kim), playlists.NotFound)
	asked(mother)

	s.ok(s.AskToPublish(ctx, list, playlists.Link))
	s.ok(s.SetPerson(ctx, kim.ID, playlists.PersonRules{MaxAudience: playlists.Link}))
	asked(mother)
	if _, err := s.Publish(ctx, list, playlists.Link); err != nil {
		t.Errorf("grown up: %v", err)
	}
}

func TestAChildCannotAskWithoutEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	leo := s.account(playlists.Account{Name: "Leo", Child: true})
	var err error
	n := 0
	for ; n < 100 && err == nil; n++ {
		err = s.AskToPublish(t.Context(), s.list(leo, "Cars"), playlists.Link)
	}
	s.refused("too many", err, playlists.Invalid)
	if n != 51 {
		t.Errorf("refused at %d", n)
	}
}

func TestAChildThatAsksAgainAndAgainPutsNoOtherNewsOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	mother := s.account(playlists.Account{Handle: "mother"})
	kim := s.account(playlists.Account{Name: "Kim", Child: true, Guardian: mother.ID})
	s.ok(s.Notify(ctx, playlists.Notice{Account: mother.ID, Kind: playlists.Broken, About: "server"}))
	list := s.list(kim, "Cars")
	for range 520 {
		s.pass(time.Second)
		s.ok(s.AskToPublish(ctx, list, playlists.Link))
		_, err := s.WithdrawAsk(ctx, kim.ID, list)
		s.ok(err)
	}
	all, err := s.Notices(ctx, mother.ID)
	s.ok(err)
	if len(all) != 1 || all[0].Kind != playlists.Broken {
		t.Errorf("she has %d notices: %+v…", len(all), all[:min(len(all), 1)])
	}
}

func TestRulesThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	alice := s.account(playlists.Account{Handle: "alice"})
	kim, nina := s.account(playlists.Account{Name: "Kim", Child: true}), s.account(playlists.Account{Name: "Nina"})
	child := playlists.PersonRules{MaxAudience: playlists.Public, Child: true}
	s.refused("who has a public name", s.SetPerson(ctx, alice.ID, child), playlists.Invalid)
	_, err := s.AddAccount(ctx, playlists.Account{Handle: "leo", Child: true})
	s.refused("added with a public name", err, playlists.Invalid)
	for what, r := range map[string]playlists.PersonRules{
		"an administrator":     {MaxAudience: playlists.Link, Child: true, Admin: true},
		"guarded by a child":   {MaxAudience: playlists.Link, Child: true, Guardian: kim.ID},
		"guarded by themself":  {MaxAudience: playlists.Link, Child: true, Guardian: nina.ID},
		"guarded by a nobody":  {MaxAudience: playlists.Link, Child: true, Guardian: "none"},
		"of no known audience": {MaxAudience: "all", Child: true},
	} {
		s.refused(what, s.SetPerson(ctx, nina.ID, r), playlists.Invalid)
	}
	// A guardian who is made a child guards nobody.
	s.ok(s.SetPerson(ctx, kim.ID, playlists.PersonRules{MaxAudience: playlists.Link, Child: true, Guardian: nina.ID}))
	s.ok(s.SetPerson(ctx, nina.ID, child))
	got, err := s.Account(ctx, kim.ID)
	if err != nil || got.Guardian != "" || !got.Child {
		t.Errorf("%+v, %v", got, err)
	}
	nina, err = s.Account(ctx, nina.ID)
	if err != nil || nina.MaxAudience != playlists.Link {
		t.Errorf("%+v, %v", nina, err)
	}
}

func TestOnlyTheFirstIsTheFirst(t *testing.T) {
	t.Parallel()
	k := open(t)
	first, err := k.AddFirstAccount(t.Context(), playlists.Account{Name: "Alice", Admin: true})
	if err != nil || !first.Admin {
		t.Fatalf("%+v %v", first, err)
	}
	if a, err := k.AddFirstAccount(t.Context(), playlists.Account{Name: "Bob", Admin: true}); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("%+v %v", a, err)
	}
}
