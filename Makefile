# `make` lists what there is.

FUZZTIME ?= 10s
SOURCES = $(wildcard cmd federation migrations playlists subsonicbridge web)

# The race detector also turns checkptr on, which looks at every unsafe pointer. Only SQLite has them, by the million: the
# tests would take half as long again for it.
CHECKED = '-gcflags=all=-d=checkptr=0'

help: ## this list
	@grep -hE '^[a-z0-9-]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.* ## /make \1\t/' | expand -t 18

test: format ## everything CI checks: format, vet, all tests with the race detector, then test-postgres; installs what they need (.ci/tools.sh)
	@flags=$$(.ci/tools.sh) && set -x && go vet $$flags ./... && go test $$flags $(CHECKED) -timeout 70m ./...
	@$(MAKE) --no-print-directory test-postgres

test-postgres: ## the tests of what is kept, and the journeys of two bridges, on PostgreSQL instead of SQLite; installs it where it is missing
	@journeys=$$(grep -lE 'newPerson|playKilling|serversDisk' cmd/songferry/*_test.go | xargs sed -n 's/^func \(Test[A-Za-z0-9]*\).*/\1/p' | paste -sd'|') && set -x && \
	.ci/postgres.sh sh -c "go test -count=1 -timeout 20m -tags postgres ./migrations ./playlists ./playlists/lease ./playlists/notify ./federation ./subsonicbridge ./web && \
	go test -count=1 -timeout 20m -tags postgres -run '^($$journeys)$$' ./cmd/songferry"

test-releases: ## processes of an older release (OLDER=its commit) and of this one at work on one database; on PostgreSQL: .ci/postgres.sh make test-releases …
	@folder=$(if $(OLDER),,$(error say which: OLDER=its commit))$$(mktemp -d) && trap 'git worktree remove --force '$$folder EXIT && git worktree add -q --detach $$folder $(OLDER) && \
	(cd $$folder && CGO_ENABLED=0 go build -buildvcs=false -o older ./cmd/songferry) && \
	SONGFERRY_TEST_OLDER=$$folder/older go test -tags 'releases postgres' -count=1 -timeout 20m -v -run '^TestOneProcessAfterTheOther' ./cmd/songferry

e2e: ## only the packages whose tests start real programs, with their output
	@flags=$$(.ci/tools.sh) && packages=$$(grep -rl --include='*_test.go' '^//go:build' $(SOURCES) | xargs dirname | sort -u | sed 's,^,./,') && \
	set -x && go test $$flags -count=1 -v -timeout 20m $$packages

format: ## say which files gofmt would change
	@files=$$(gofmt -l $(SOURCES)) && if [ -n "$$files" ]; then echo "gofmt -w" $$files; exit 1; fi

lint: ## what staticcheck finds, and whether the tests compile that CI does not run
	go vet -tags 'load soak measure releases postgres' ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags chromium,fedify,pebble,supysonic ./...

vulnerabilities: ## known ones that the program reaches, and where they are mended; a new one is no fault of a commit, so CI does not ask
	@.ci/vulnerabilities.sh

build: ## the program, ./songferry, without cgo
	CGO_ENABLED=0 go build -buildvcs=auto -trimpath -o songferry ./cmd/songferry

RELEASES = linux/amd64 linux/arm64 linux/arm darwin/amd64 darwin/arm64 windows/amd64

release: ## the program for other machines, in dist/, with checksums; one commit and one Go give the same bytes anywhere
	@rm -rf dist && mkdir dist && for target in $(RELEASES); do \
		os=$${target%/*} arch=$${target#*/} && ending=$$([ $$os = windows ] && echo .exe || true) && echo $$target && \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch GOARM=7 go build -buildvcs=true -trimpath -ldflags='-s -w' -o dist/songferry-$$os-$$arch$$ending ./cmd/songferry || exit; \
	done && cd dist && sha256sum songferry-* | tee SHA256SUMS

licences: ## rewrite the licences that the program shows, after its libraries have changed
	@.ci/licences.sh >licences.tmp && mv licences.tmp cmd/songferry/licences.txt

run: ## a server to play with on http://localhost:8080, its data in ./songferry-data
	SONGFERRY_URL=http://localhost:8080 SONGFERRY_LOG_LEVEL=debug go run ./cmd/songferry serve

demo: ## two bridges with invented music: Alice publishes, Bob follows and imports
	go run ./cmd/songferry demo

fuzz: ## each fuzz target for FUZZTIME (10s)
	@.ci/fuzz.sh $(FUZZTIME)

bench: ## every benchmark
	go test -run '^$$' -bench . -benchmem ./...

load: ## what readers, followers, deliveries, polls and edits cost the real program, beside what nothing can be faster than; LOAD=Delivery: only that
	go test -tags load -run '^TestLoadOf$(LOAD)' -count=1 -timeout 90m -v ./cmd/songferry | grep -vE '^=== '

load-postgres: ## the same on PostgreSQL
	.ci/postgres.sh $(MAKE) load

soak: ## an hour of a large bridge in SONGFERRY_SOAK (10m): does anything grow? SONGFERRY_SOAK_SCALE=0.1 takes a tenth of it
	go test -tags soak -run 'Soak' -count=1 -timeout 90m -v ./cmd/songferry

bench-match: ## how well and how fast tracks are matched; the data sets' folder is named by SONGFERRY_MATCH_DATA
	go test -tags measure -run Measure -count=1 -timeout 30m -v ./playlists/match | grep -vE '^(===|---) '

cover: ## how much of the code the tests run; `go tool cover -html=cover.out` shows which
	flags=$$(.ci/tools.sh) && go test $$flags -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out | tail -n 1

clean: ## remove what was built, never ./songferry-data
	rm -rf songferry cover.out dist

.PHONY: help test test-postgres test-releases e2e format lint vulnerabilities build release licences run demo fuzz bench load load-postgres soak bench-match cover clean
