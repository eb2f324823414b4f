#!/usr/bin/env bash
# Runs govulncheck. Its database is taken from the module golang.org/x/vulndb, so that nothing but the module proxy is asked.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(go list -m -f '{{.Version}}' golang.org/x/vulndb@latest)
(cd "$work" && go mod download "golang.org/x/vulndb@$version")
dir=$(go env GOMODCACHE)/golang.org/x/vulndb@$version
echo "Known on ${version:7:8}:"
go run "golang.org/x/vulndb/cmd/indexdb@$version" -vulns "$dir/data/osv" -out "$work/db"
go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 -db "file://$work/db" ./...
