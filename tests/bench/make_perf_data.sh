#!/bin/sh
# Makes a perf.data of at least 500,000 samples and 80 MB for the import benchmark:
#   make_perf_data.sh OUT [SECONDS]
# It records a program of two busy threads whose call stacks are 5 to 40 frames deep and differ
# much, at the highest rate that cpu-clock can do. Needs g++, perf and the right to use it.
set -eu
out=$1
seconds=${2:-40}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/busy.cpp" <<'EOF'
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <thread>
#include <utility>

using Step = std::uint64_t (*)(std::uint64_t, int);
extern const Step steps[64];

// One of 64 functions that spin a little and call another one, by the bits of a random number.
template <int N>
[[gnu::noinline]] std::uint64_t step(std::uint64_t state, int depth)
{
    for (int i = 0; i < 20 + N; ++i)
        state = state * 6364136223846793005u + 1442695040888963407u;
    if (depth > 0) {
        state ^= steps[(state >> 33) % 64](state, depth - 1);
        if ((state >> 20) % 4 == 0)
            state ^= steps[(state >> 40) % 64](state, depth - 2);
    }
    return state + N;
}

template <std::size_t... N>
constexpr auto table(std::index_sequence<N...>)
{
    struct { Step all[64]; } t{{&step<static_cast<int>(N)>...}};
    return t;
}
static constexpr auto kTable = table(std::make_index_sequence<64>());
const Step steps[64] = {
#define ROW(i) kTable.all[i], kTable.all[i + 1], kTable.all[i + 2], kTable.all[i + 3]
    ROW(0), ROW(4), ROW(8), ROW(12), ROW(16), ROW(20), ROW(24), ROW(28),
    ROW(32), ROW(36), ROW(40), ROW(44), ROW(48), ROW(52), ROW(56), ROW(60)};

int main(int, char **argv)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[1]));
    const auto run = [end](std::uint64_t state) {
        while (std::chrono::steady_clock::now() < end)
            state = steps[state % 64](state, 5 + static_cast<int>(state >> 50) % 12);
        return state;
    };
    std::uint64_t a = 0;
    std::thread other([&] { a = run(7); });
    const auto b = run(11);
    other.join();
    volatile std::uint64_t kept = a ^ b; // so that the work is not optimised away
    (void)kept;
    return 0; // perf record ends with this
}
EOF
g++ -std=c++20 -O1 -g -fno-omit-frame-pointer -fno-optimize-sibling-calls -pthread \
    "$dir/busy.cpp" -o "$dir/busy"
perf record -q -e cpu-clock -F max -g -m 1024 -o "$out" -- "$dir/busy" "$seconds"
ls -l "$out"
