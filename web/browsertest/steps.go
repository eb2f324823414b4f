package browsertest

// Goto opens a path of the origin, or another address.
func (tab *Tab) Goto(path string) {
	tab.t.Helper()
	tab.call(nil, "goto", map[string]any{"path": path})
}

// Reload asks for the page again.
func (tab *Tab) Reload() {
	tab.t.Helper()
	tab.call(nil, "reload", nil)
}

// Back goes back to the page before.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.call(nil, "back", nil)
}

// Click presses the button or link with this name. If there is none with exactly this one, a part of it is enough. The test
// fails if there are several: Within tells them apart.
func (tab *Tab) Click(name string) {
	tab.t.Helper()
	tab.call(nil, "click", map[string]any{"name": name})
}

// Fill writes into the field with this label.
func (tab *Tab) Fill(label, value string) {
	tab.t.Helper()
	tab.call(nil, "fill", map[string]any{"label": label, "value": value})
}

// Check ticks the box, or takes the choice, with this label.
func (tab *Tab) Check(label string) {
	tab.t.Helper()
	tab.call(nil, "check", map[string]any{"label": label, "on": true})
}

// Uncheck takes the tick away again.
func (tab *Tab) Uncheck(label string) {
	tab.t.Helper()
	tab.call(nil, "check", map[string]any{"label": label, "on": false})
}

// Select takes an option of the list with this label.
func (tab *Tab) Select(label, option string) {
	tab.t.Helper()
	tab.call(nil, "select", map[string]any{"label": label, "option": option})
}

// Upload gives a file to the field with this label.
func (tab *Tab) Upload(label, name, text string) {
	tab.t.Helper()
	tab.call(nil, "upload", map[string]any{"label": label, "name": name, "text": text})
}

// Download clicks and returns the file that comes.
func (tab *Tab) Download(name string) (fileName, text string) {
	tab.t.Helper()
	var file struct{ Name, Text string }
	tab.call(&file, "download", map[string]any{"name": name})
	return file.Name, file.Text
}

// Press presses a key by its name in the DOM, such as Enter, Escape, ArrowDown or Shift+Tab.
func (tab *Tab) Press(key string) {
	tab.t.Helper()
	tab.call(nil, "press", map[string]any{"key": key})
}

// Type writes a text with the keyboard to where the focus is.
func (tab *Tab) Type(text string) {
	tab.t.Helper()
	tab.call(nil, "type", map[string]any{"text": text})
}

// TabTo presses Tab until what has the focus has this name, or one that it is a part of, and returns what had the focus on
// the way, as in `link "Songferry"`. The test fails where nothing shows the focus.
func (tab *Tab) TabTo(name string) (way []string) {
	tab.t.Helper()
	tab.call(&way, "tabTo", map[string]any{"name": name})
	return way
}
