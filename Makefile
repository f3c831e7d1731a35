# Every target does the set-up that it needs; a second run installs nothing.

PACKAGES := libgmp-dev nettle-dev zlib1g-dev liblapacke-dev libopenblas-dev libfftw3-dev
SWIFT_FLAGS := -c release
# How long `make fuzz` spends on each reader.
FUZZ_SECONDS := 20
DOVETAIL = .build/release/dovetail

.PHONY: setup build demo test sanitize fuzz lint format bench sweeps clean

setup:
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing$$missing"; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi
	@command -v swift >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install"; exit 1; }

build: setup
	swift build $(SWIFT_FLAGS) --product dovetail

demo: build
	Examples/demo.sh $(DOVETAIL) build/demo

test: setup
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build

sanitize: setup
	Tests/sanitize.sh

fuzz: setup
	Fuzzing/run.sh $(FUZZ_SECONDS)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Fuzzing

format:
	swift format --in-place --recursive Package.swift Sources Tests Fuzzing

bench: build
	Benchmarks/run.sh $(DOVETAIL)

# Records Traces/methods: every method and strength on our own network, and on those of the data kit where it lies beside.
sweeps: build
	Traces/methods/record.sh $(DOVETAIL)

clean:
	swift package clean
	rm -rf build .build-address .build-thread .build-fuzz
