package web

import (
	"fmt"
	"net/http"
	"strings"
)

// collectors gather pages to train language models with, or to answer from them without naming where that stands. They are
// the names that they publish themselves; ai.robots.txt and GoToSocial keep longer lists.
var collectors = []string{
	"AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User", "Claude-Web", "ClaudeBot", "cohere-ai",
	"cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot", "ImagesiftBot", "Kangaroo Bot", "Meta-ExternalAgent",
	"OAI-SearchBot", "omgili", "omgilibot", "PanguBot", "PerplexityBot", "Timpibot", "VelenPublicWebCrawler", "Webzio-Extended", "YouBot",
}

// robots refuses collectors and lets all others read: search engines are told page by page what they may list, and previews
// of links come from programs that obey this file too.
func robots(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	for _, name := range collectors {
		fmt.Fprintf(&b, "User-agent: %s\n", name)
	}
	b.WriteString("Disallow: /\n\nUser-agent: *\nDisallow:\n")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(b.String())) // a reader who left is no error of ours
}
