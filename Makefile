# Everything needs Go and make only; run is the main job.
FUZZTIME ?= 20s
BENCHTIME ?= 1s

# of each of the two loads of make load
LOADTIME ?= 15s

.PHONY: run build load test lint prove bench bench-load fuzz cover servers clients pages nightly clean

run: build ## the conformance cases of every dialect against its own emulator, into out/
	bin/harness run --dialect all --out out

build: ## one static binary
	CGO_ENABLED=0 go build -trimpath -o bin/harness ./cmd/harness

load: build ## sequential against hashed keys, on an index that is parted into ranges of bounded rate and on one that is not
	bin/harness load --duration $(LOADTIME) --out out/load
	bin/harness load --duration $(LOADTIME) --partitions none --out out/load-unparted
	@echo "reports: out/load/report.html and out/load-unparted/report.html"

test: ## all tests of this module
	go test -timeout 20m ./...

lint: ## form, vet, staticcheck, and that go.mod is tidy
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w is needed for:" $$unformatted; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

prove: ## break every rule of the emulator in every way: a case must notice each
	go test -count=1 -timeout 60m -run '^TestProve$$' ./internal/selftest -prove 0

bench: ## everything that is measured, and signing beside the vendors' SDKs
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...
	cd test/signbench && GOMAXPROCS=1 go run .

bench-load: ## what the load generator costs and how well it keeps a plan, beside bare vegeta and wrk
	cd test/loadbench && go run .

fuzz: ## every fuzz target for FUZZTIME
	@set -e; for file in $$(grep -rl --include='*_test.go' '^func Fuzz' internal keygen load report suites vectors 2>/dev/null); do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' $$file); do \
			echo "$$target in $$(dirname $$file)"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) ./$$(dirname $$file); \
		done; \
	done

cover: ## test coverage into out/cover.html
	mkdir -p out
	go test -coverpkg ./... -coverprofile out/cover.out ./...
	go tool cover -html out/cover.out -o out/cover.html
	go tool cover -func out/cover.out | tail -1

servers: build ## the S3 cases against every real server that can be had here, side by side in out/servers
	HARNESS_BIN=bin/harness test/servers/run --out out/servers all

clients: build ## the vendors' own clients against the emulators
	cd test/clients && HARNESS_BIN=../../bin/harness go run .

pages: build ## every page in headless Chromium with axe-core; installs what it needs where root runs it
	test/report/run

nightly: lint prove fuzz servers clients pages ## what takes long: races, real servers, vendors' clients, a browser
	go test -race ./...
	cd test/clients && go test ./...
	cd test/oracle && go test ./...

clean:
	rm -rf bin out
