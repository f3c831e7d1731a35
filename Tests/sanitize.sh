#!/usr/bin/env bash
# The tests of readers and interpreter under AddressSanitizer (the C loops with traps on undefined behaviour as well) and
# ThreadSanitizer. Only these tests are built: with all targets each build would take twice as long.
# usage: sanitize.sh [address] [thread]
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- address thread
export DOVETAIL_SANITIZED=Networks,Execution
# Leaks are not looked for: LeakSanitizer takes constants held by static variables for leaks, such as a `Data`, whose
# pointer carries tag bits.
# Swift's own backtraces are turned off since they hold a crash for minutes; the sanitizers print one.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
# What a sanitizer finds goes to files, shown last: among the lines of all tests it would be lost.
reports=$(mktemp -d)
trap 'cat "$reports"/* 2>/dev/null || true; rm -rf "$reports"' EXIT
export TSAN_OPTIONS="log_path=$reports/thread"
for sanitizer in "$@"; do
  echo "== $sanitizer"
  flags=(-c release --sanitize="$sanitizer" --scratch-path ".build-$sanitizer")
  swift build "${flags[@]}" --product DovetailPackageTests
  swift test "${flags[@]}" --skip-build
done
