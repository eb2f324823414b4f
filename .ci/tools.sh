#!/usr/bin/env bash
# Makes sure that the programs are there which the tests start, and prints the flags of `go test` that use them all.
# A missing program is installed with apt-get, as root or through sudo, or with npm. Where that is impossible, the tests
# which need it are left out, and this script says so; with CI=true it fails instead.
set -euo pipefail
cd "$(dirname "$0")/.."

# A folder with a package-lock.json, and a file that says what of it is installed there.
peer=federation/fedifytest/peer
peer_installed=$peer/node_modules/.lock-$(cksum <$peer/package-lock.json | cut -d ' ' -f 1)

# Flag of go test, program (a name on PATH or a pattern of files), Debian package or npm-ci. A flag is used if its programs
# are all here.
needed="
-race            gcc                    gcc
-race            /usr/include/stdlib.h  libc6-dev
-tags=supysonic  supysonic-cli          supysonic
-tags=supysonic  gunicorn               gunicorn
-tags=supysonic  ffmpeg                 ffmpeg
-tags=fedify     npm                    npm
-tags=fedify     $peer_installed        npm-ci
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
	as_root "${apt[@]}" update >/dev/null && as_root "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
}

install_with_npm() {
	say "The tests need what $peer/package-lock.json names: installing with npm."
	(cd $peer && npm ci >/dev/null) && touch "$peer_installed"
}

mapfile -t packages < <(missing | awk '$3 != "npm-ci" {print $3}')
if [ ${#packages[@]} -gt 0 ]; then
	install_with_apt "${packages[@]}" || say "Installing failed."
fi
if missing | grep -q ' npm-ci$'; then
	install_with_npm || say "Installing failed."
fi

absent=$(missing)
if [ -n "$absent" ]; then
	say "################ NOT EVERYTHING IS TESTED ################"
	while read -r flag program package; do
		how="sudo apt-get install $package"
		if [ "$package" = npm-ci ]; then how="cd $peer && npm ci"; fi
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
