package browsertest

// Sees waits until the page shows a text. Capitals and the width of spaces do not matter.
func (tab *Tab) Sees(text string) {
	tab.t.Helper()
	tab.call(nil, "sees", map[string]any{"text": text})
}

// SeesNot waits until the page shows a text no longer.
func (tab *Tab) SeesNot(text string) {
	tab.t.Helper()
	tab.call(nil, "seesNot", map[string]any{"text": text})
}

// Text returns all that can be read.
func (tab *Tab) Text() string { return tab.ask("text", nil) }

// Title returns the title of the page.
func (tab *Tab) Title() string { return tab.ask("title", nil) }

// URL returns the address of the page.
func (tab *Tab) URL() string { return tab.ask("url", nil) }

// Value returns what stands in the field with this label.
func (tab *Tab) Value(label string) string { return tab.ask("value", map[string]any{"label": label}) }

// Focused returns the role and the name of what has the focus, as in `link "Songferry"`, "" if nothing has.
func (tab *Tab) Focused() string { return tab.ask("focused", nil) }

// Evaluate returns what a JavaScript expression is in the page. It is for what a person cannot read there.
func (tab *Tab) Evaluate(result any, expression string) {
	tab.t.Helper()
	tab.call(result, "evaluate", map[string]any{"expression": expression})
}

// Links returns the addresses that the content of the page links to.
func (tab *Tab) Links() (addresses []string) {
	tab.t.Helper()
	tab.call(&addresses, "links", nil)
	return addresses
}

// EachLook shows the page that is open to every kind of person: with a phone and a wide window, by day and by night. Each
// look is checked, and its picture taken. Then the tab looks as before.
func (tab *Tab) EachLook(name string) {
	tab.t.Helper()
	for _, wide := range []bool{false, true} {
		for _, dark := range []bool{false, true} {
			tab.look(wide, dark)
			tab.Screenshot(name + " " + map[bool]string{false: "360", true: "1200"}[wide] + map[bool]string{false: " light", true: " dark"}[dark])
		}
	}
	tab.look(tab.options.Wide, tab.options.Dark)
}

func (tab *Tab) look(wide, dark bool) {
	tab.t.Helper()
	tab.call(nil, "look", map[string]any{"viewport": windowOf(wide), "dark": dark})
}

func (tab *Tab) ask(call string, args map[string]any) (result string) {
	tab.t.Helper()
	tab.call(&result, call, args)
	return result
}
