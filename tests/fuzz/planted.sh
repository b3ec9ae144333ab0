#!/bin/sh
# planted.sh [--check] [TARGET...]: shows that each fuzz target finds a planted defect. A defect is
# planted/<target>.patch, which puts one mistake into a parser. It is applied to a copy of the
# sources (build/planted/src), never to this tree. --check only looks whether the patches apply.
# PLANTED_SECONDS (default 120) is how long a target may search.
set -u
cd "$(dirname "$0")/../.." || exit 2
check=
[ "${1:-}" = --check ] && check=1 && shift
[ $# -eq 0 ] && set -- $(ls tests/fuzz/planted/*.patch | sed 's/.*\///; s/\.patch$//')
status=0
if [ -n "$check" ]; then
    for target in $(cd tests/fuzz && ls fuzz_*.cpp | sed 's/^fuzz_//; s/\.cpp$//'); do
        [ -f "tests/fuzz/planted/$target.patch" ] ||
            { echo "$target: no planted/$target.patch"; status=1; }
    done
    for name in "$@"; do
        patch -p1 --dry-run -s -f -i tests/fuzz/planted/"$name".patch >/dev/null ||
            { echo "$name.patch does not apply any more"; status=1; }
    done
    [ $status -eq 0 ] && echo "all patches apply"
    exit $status
fi
src=build/planted/src
for name in "$@"; do
    mkdir -p $src
    # Only what differs is copied, so that the second build is short.
    rm -rf build/planted/new && mkdir build/planted/new
    cp -a CMakeLists.txt CMakePresets.json capture importers analysis views app resources tests build/planted/new/
    (cd build/planted/new && patch -p1 -s -f --no-backup-if-mismatch \
        -i ../../../tests/fuzz/planted/"$name".patch) ||
        { echo "$name: the patch does not apply"; status=1; continue; }
    for path in CMakeLists.txt CMakePresets.json capture importers analysis views app resources tests; do
        (cd build/planted/new && find "$path" -type f) | while read -r file; do
            cmp -s build/planted/new/"$file" $src/"$file" && continue
            mkdir -p "$src/$(dirname "$file")"
            cp build/planted/new/"$file" $src/"$file"
        done
    done
    (cd $src && cmake --preset fuzz >/dev/null && cmake --build --preset fuzz --target fuzz_"$name") \
        >build/planted/"$name".build.log 2>&1 ||
        { echo "$name: does not build, see build/planted/$name.build.log"; status=1; continue; }
    rm -rf build/planted/found && mkdir build/planted/found
    # Every seed alone, for half of the time, then all together: what is found in one seed's branch
    # of the format makes the others' turns rare.
    seconds=${PLANTED_SECONDS:-120}
    seeds=$(find tests/fuzz/corpus/"$name" -type f | wc -l)
    started=$(date +%s)
    runs=0
    found=
    for seed in tests/fuzz/corpus/"$name"/* tests/fuzz/corpus/"$name"; do
        rm -rf build/planted/seeds && mkdir build/planted/seeds
        if [ -d "$seed" ]; then
            cp "$seed"/* build/planted/seeds/
            limit=$((seconds / 2))
        else
            cp "$seed" build/planted/seeds/
            limit=$((seconds / 2 / seeds + 1))
        fi
        $src/build/fuzz/fuzz/fuzz_"$name" -max_total_time=$limit -timeout=10 -rss_limit_mb=3000 \
            -max_len="${FUZZ_MAX_LEN:-8192}" -print_final_stats=1 \
            -artifact_prefix=build/planted/found/ build/planted/seeds \
            >build/planted/"$name".log 2>&1 || found=$(basename "$seed")
        runs=$((runs + $(sed -n 's/^stat::number_of_executed_units: *//p' build/planted/"$name".log)))
        [ -n "$found" ] && break
    done
    length=$(($(date +%s) - started))
    if [ -z "$found" ]; then
        echo "$name: NOT FOUND within $length s, $runs runs"
        status=1
    else
        what=$(grep -m1 -E 'SUMMARY|ERROR|terminate' build/planted/"$name".log)
        echo "$name: found after $length s, $runs runs, from $found: $what"
    fi
done
exit $status
