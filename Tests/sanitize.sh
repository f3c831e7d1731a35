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
export TSAN_OPTIONS="suppressions=$PWD/Tests/thread-suppressions.txt"
for sanitizer in "$@"; do
  echo "== $sanitizer"
  flags=(-c release --sanitize="$sanitizer" --scratch-path ".build-$sanitizer")
  swift build "${flags[@]}" --product DovetailPackageTests
  swift test "${flags[@]}" --skip-build
done
