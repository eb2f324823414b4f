#!/usr/bin/env bash
# Prints the licences of all that is linked into the program, on any system that it is built for.
set -euo pipefail
cd "$(dirname "$0")/.."

# modules prints path, version and folder of each.
modules() {
	for system in linux darwin windows; do
		GOOS=$system go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/songferry
	done | LC_ALL=C sort -u
}

# texts FOLDER prints the files there in which people put their terms.
texts() {
	find "$1" -maxdepth 1 -type f \( -iname 'LICEN[CS]E*' -o -iname 'COPYING*' -o -iname 'NOTICE*' -o -iname 'COPYRIGHT*' \) | LC_ALL=C sort
}

echo "Songferry is free software under the GNU Affero General Public License, version 3 or later."
echo "It contains the following, under their own terms."
while read -r path version folder; do
	printf '\n================ %s %s\n' "$path" "$version"
	found=$(texts "$folder")
	if [ -z "$found" ]; then
		echo "$path has no licence file" >&2
		exit 1
	fi
	while read -r file; do
		echo
		sed 's/\r$//' "$file"
	done <<<"$found"
done < <(
	echo "Go $(sed -n 's/^go //p' go.mod) $(go env GOROOT)"
	modules
)
