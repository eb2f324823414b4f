#!/usr/bin/env bash
# Makes sure that the programs are there which the tests start, and prints the flags of `go test` that use them all.
# A missing program is installed with apt-get, as root or through sudo, with npm or with Go. Where that is impossible, the tests
# which need it are left out, and this script says so; with CI=true it fails instead.
set -euo pipefail
cd "$(dirname "$0")/.."

# installed FOLDER: the file that says that all is there which FOLDER/package-lock.json names.
installed() { echo "$1/node_modules/.lock-$(cksum <"$1/package-lock.json" | cut -d ' ' -f 1)"; }

peer=federation/fedifytest/peer
driver=web/browsertest/driver

# Flag of go test, program (a name on PATH or a pattern of files), and where it comes from: a Debian package, a folder for npm ci,
# which ends in a slash, or a Go package with its version. A flag is used if its programs are all here.
needed="
-race            gcc                      gcc
-race            /usr/include/stdlib.h    libc6-dev
-tags=supysonic  supysonic-cli            supysonic
-tags=supysonic  gunicorn                 gunicorn
-tags=supysonic  ffmpeg                   ffmpeg
-tags=fedify     npm                      npm
-tags=fedify     $(installed $peer)       $peer/
-tags=pebble     .tools/pebble            github.com/letsencrypt/pebble/v2/cmd/pebble@v2.8.0
-tags=chromium   chromium-headless-shell  chromium-headless-shell
-tags=chromium   npm                      npm
-tags=chromium   $(installed $driver)     $driver/
"

say() { echo "$@" >&2; }

# missing prints the rows whose program is not here.
missing() {
	while read -r flag program package; do
		if [ -n "$flag" ] && ! command -v "$program" >/dev/null && ! compgen -G "$program" >/dev/null; then
			echo "$flag $program $package"
		fi
	done <<<"$needed"
}

# as_root never asks for a password: nobody may be there to type it.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_with_apt() {
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
	say "The tests need $*: installing with apt-get."
	as_root "${apt[@]}" update >/dev/null || return
	for package; do # one by one: a distribution that lacks one has the others
		as_root "${apt[@]}" install -y --no-install-recommends "$package" >/dev/null || say "There is no $package."
	done
}

install_with_npm() {
	say "The tests need what $1package-lock.json names: installing with npm."
	(cd "$1" && npm ci --loglevel=error >/dev/null </dev/null) && touch "$2"
}

install_with_go() {
	say "The tests need $1: installing with Go."
	GOBIN=$PWD/.tools go install "$1"
}

mapfile -t packages < <(missing | awk '$3 !~ "/$|@" {print $3}' | sort -u)
if [ ${#packages[@]} -gt 0 ]; then
	install_with_apt "${packages[@]}" || say "Installing failed."
fi
while read -r folder mark; do
	install_with_npm "$folder" "$mark" || say "Installing failed."
done < <(missing | awk '$3 ~ "/$" {print $3, $2}')

for package in $(missing | awk '$3 ~ "@" {print $3}'); do
	install_with_go "$package" || say "Installing failed."
done

absent=$(missing)
if [ -n "$absent" ]; then
	say "################ NOT EVERYTHING IS TESTED ################"
	while read -r flag program package; do
		how="sudo apt-get install $package"
		case $package in
		*/) how="cd $package && npm ci" ;;
		*@*) how="GOBIN=\$PWD/.tools go install $package" ;;
		esac
		say "$program is missing, so the tests run without $flag. To install it: $how"
	done <<<"$absent"
	say "##########################################################"
	if [ "${CI:-}" = true ]; then exit 1; fi
fi

flags='' tags=''
for flag in $(awk '{print $1}' <<<"$needed" | sort -u); do
	if grep -q "^$flag " <<<"$absent"; then continue; fi
	case $flag in
	-tags=*) tags+=${tags:+,}${flag#-tags=} ;; # a second -tags would replace the first
	*) flags+="$flag " ;;
	esac
done
echo "$flags${tags:+-tags=$tags}"
