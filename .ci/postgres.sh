#!/usr/bin/env bash
# postgres.sh COMMAND...: runs a command with SONGFERRY_TEST_POSTGRES, the address of a PostgreSQL server that is made for it and
# thrown away afterwards. PostgreSQL is installed with apt-get where it is missing. Where that is impossible the command is left out, and
# this script says so; with CI=true it fails instead. PostgreSQL does not run as root: then another user of this machine, postgres,
# runs it.
set -euo pipefail

programs() { compgen -G "/usr/lib/postgresql/*/bin" | sort -V | tail -n 1 || true; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
install() {
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
	as_root "${apt[@]}" update >/dev/null && as_root "${apt[@]}" install -y --no-install-recommends postgresql >/dev/null
}
if [ -z "$(programs)" ]; then
	echo "The tests need postgresql: installing with apt-get." >&2
	install || echo "Installing failed." >&2
fi
bin=$(programs)
if [ -z "$bin" ]; then
	echo "################ NOT EVERYTHING IS TESTED ################" >&2
	echo "PostgreSQL is missing, so nothing is tested with it. To install it: sudo apt-get install postgresql" >&2
	if [ "${CI:-}" = true ]; then exit 1; fi
	exit 0
fi
folder=$(mktemp -d)
user=$(id -un)
if [ "$user" = root ]; then
	user=postgres
	chown "$user" "$folder"
fi
as_user() { if [ "$user" = "$(id -un)" ]; then (cd "$folder" && "$@"); else (cd "$folder" && setpriv --reuid="$user" --regid="$user" --init-groups "$@"); fi; }
end() {
	as_user "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop || true
	rm -rf "$folder"
}
trap end EXIT

# Nothing is to outlive it, so nothing need reach the disk.
as_user "$bin/initdb" -D "$folder/data" -U songferry -A trust -E UTF8 --locale=C >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo 54399)
as_user "$bin/pg_ctl" -D "$folder/data" -s -w -l "$folder/log" \
	-o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=500 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start
SONGFERRY_TEST_POSTGRES="postgres://songferry@127.0.0.1:$port/postgres?sslmode=disable" "$@"
