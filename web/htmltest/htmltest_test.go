package htmltest

import (
	"slices"
	"strings"
	"testing"
)

// around puts the content of a page into a sound one.
func around(content string) string {
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>T</title></head><body><main><h1>H</h1>` + content + `</main></body></html>`
}

func TestSoundPagesAreNotComplainedOf(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		``,
		`<!-- a comment --><p>One<br>two <b>three</b> &amp; <wbr>four &lt;p></p><hr>`,
		`<form action="/x"><label for="a">A</label> <input id="a" name="a"><label><input type="checkbox"> B</label>` +
			`<input type="hidden" name="h"><select aria-label="C"><option>1</option></select><button>Go</button></form>`,
		`<p id="hint">Hint</p><textarea aria-label="D" aria-describedby="hint">` + "\n" + `<p></textarea><a href="#hint">Up</a>`,
		`<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>`,
		`<svg viewBox="0 0 1 1" role="img" aria-label="P"><title>P</title><linearGradient><stop/></linearGradient><path d="M0 0"/></svg>`,
		`<noscript><p>Reload.</p></noscript><script src="/x.js"></script>`,
		`<details><summary>More</summary><p>Text</p></details><a href="/x"><img src="/c" alt="Cover"></a>`,
	} {
		if found := Check(around(content)); len(found) > 0 {
			t.Errorf("%s: %q", content, found)
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for content, says := range map[string]string{
		`<div>`:                                   `</main> closes`,
		`<b><i>x</b></i>`:                         `</b> closes`,
		`</p>`:                                    `</p> closes`,
		`<p><div>x</div></p>`:                     `<div> at depth 4 becomes <div> at depth 3`,
		`<p><ul><li>x</li></ul></p>`:              `<ul> at depth 4 becomes`,
		`<a href="/a">x<a href="/b">y</a></a>`:    `becomes <a> at depth 3`,
		`<table><tr><td>1</td></tr></table>`:      `becomes <tbody>`,
		`<table><div>x</div></table>`:             `becomes <div>`,
		`<div/><p>x</p>`:                          `becomes <p>`,
		`<form><form></form></form>`:              `a browser drops <form>`,
		`<tr></tr>`:                               `a browser drops <tr>`,
		`<image src="/x">`:                        `becomes <img>`,
		`<p class="a" class="b">x</p>`:            `two attributes class`,
		`<p id="a">x</p><p id="a">y</p>`:          `2 elements have the id "a"`,
		`<p id="">x</p>`:                          `1 elements have the id ""`,
		`<input name="n">`:                        `<input name="n"> has no label`,
		`<label>A</label><select></select>`:       `has no label`,
		`<label for="none">A</label>`:             `for="none"> names nothing`,
		`<p aria-describedby="none">x</p>`:        `aria-describedby="none"> names nothing`,
		`<section aria-labelledby=" "></section>`: `is empty`,
		`<a href="#none">x</a>`:                   `leads nowhere`,
		`<img src="/x">`:                          `<img src="/x"> has no alt`,
		`<a href="/x"><img src="/x" alt=""></a>`:  `says nothing`,
		`<button></button>`:                       `says nothing`,
		`<button><a href="/x">x</a></button>`:     `inside something that can be pressed`,
		`<a href="/x"><button>x</button></a>`:     `inside something that can be pressed`,
		`<iframe src="/x"></iframe>`:              `has no title`,
		`<h1>Again</h1>`:                          `there are 2 <h1>`,
		`<noscript><img src="/x"></noscript>`:     `has no alt`,
	} {
		found := Check(around(content))
		if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, says) }) {
			t.Errorf("%s: %q, want %q", content, found, says)
		}
	}
	for page, says := range map[string]string{
		`<p>x</p>`: `becomes <html>`,
		strings.Replace(around(""), ` lang="en"`, "", 1):             `<html> has no lang`,
		strings.Replace(around(""), `<title>T</title>`, "", 1):       `there are 0 <title>`,
		strings.Replace(around(""), `</body></html>`, "", 1):         `<html> is never closed`,
		strings.Replace(around(""), `</head>`, `<p>x</p></head>`, 1): `becomes <body>`,
	} {
		found := Check(page)
		if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, says) }) {
			t.Errorf("%s: %q, want %q", page, found, says)
		}
	}
}
