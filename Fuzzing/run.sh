#!/usr/bin/env bash
# Fuzzes every reader under AddressSanitizer for some seconds each, starting from the committed seeds and from what
# earlier runs found; a crash ends the run and leaves its input in the working folder.
# usage: run.sh [SECONDS [TARGET...]]
set -euo pipefail
seconds=${1:-20}
shift $(($# > 0 ? 1 : 0))
cd "$(dirname "$0")"
work=$(realpath ..)/.build-fuzz
driver=$(clang -print-resource-dir)/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a
[ -f "$driver" ] || { echo "libFuzzer is not there: $driver"; exit 1; }

# Every module counts its edges and comparisons, so that the fuzzer sees what a change of the input reaches.
swift build -c release --scratch-path "$work" --sanitize=address --product fuzz \
  -Xswiftc -sanitize-coverage=edge,trace-cmp,inline-8bit-counters,pc-table -Xlinker "$driver" -Xlinker -lstdc++
fuzz=$work/release/fuzz

# Leaks are not looked for: LeakSanitizer takes constants held by static variables for leaks, such as a `Data`, whose
# pointer carries tag bits.
# Swift's own backtraces are turned off since they hold a crash for minutes; AddressSanitizer prints one.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
[ $# -gt 0 ] || set -- $("$fuzz" --targets)
for target in "$@"; do
  echo "== fuzzing $target, $seconds s"
  mkdir -p "$work/corpus/$target"
  "$fuzz" "$target" "$work/corpus/$target" "Seeds/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2560 \
    -max_len=8192 -artifact_prefix="$work/$target-" >"$work/$target.log" 2>&1 ||
    { grep -v '^#' "$work/$target.log" | tail -n 80; exit 1; }
  grep DONE "$work/$target.log"
done
