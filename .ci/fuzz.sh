#!/usr/bin/env bash
# fuzz.sh TIME: runs each fuzz target for TIME, one after the other, because `go test -fuzz` takes only one. Left alone, it
# would spend a minute on making the first find shorter, and no time on others.
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' . |
	sed -E 's,^(.*)/[^/:]+:func (Fuzz[A-Za-z0-9_]*).*,\1 \2,' |
	while read -r dir target; do
		echo "$dir $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 10x "$dir" </dev/null
	done
