#!/bin/sh
# run.sh [SECONDS [TARGET...]]: builds the fuzz preset and runs each target (default: all) for
# SECONDS (default 300). New inputs stay in build/fuzz/found/; a finding is printed, kept in
# build/fuzz/crashes/ and makes the exit code 1. Ends with one ledger line per target.
# FUZZ_MAX_LEN (default 8192) bounds the length of inputs.
set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:-300}
[ $# -gt 0 ] && shift
cmake --preset fuzz >/dev/null || exit 2
if [ $# -eq 0 ]; then
    set -- $(cd tests/fuzz && ls fuzz_*.cpp | sed 's/^fuzz_//; s/\.cpp$//')
fi
targets=$(printf 'fuzz_%s ' "$@")
# shellcheck disable=SC2086
cmake --build --preset fuzz --target $targets || exit 2
mkdir -p build/fuzz/crashes
status=0
ledger=
for name in "$@"; do
    found=build/fuzz/found/$name
    log=build/fuzz/$name.log
    mkdir -p "$found"
    echo "== $name: $seconds s"
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1 \
        build/fuzz/fuzz/fuzz_"$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 \
        -max_len=${FUZZ_MAX_LEN:-8192} -print_final_stats=1 -artifact_prefix=build/fuzz/crashes/"$name"- \
        "$found" tests/fuzz/corpus/"$name" >"$log" 2>&1
    code=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    cover=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
    if [ $code -ne 0 ]; then
        status=1
        tail -40 "$log"
        result=FOUND
    else
        result=nothing
    fi
    ledger="$ledger| $(date -u +%Y-%m-%d) | $name | $seconds s | ${runs:-?} | ${cover:-?} | $result |
"
done
printf '%s' "$ledger"
exit $status
