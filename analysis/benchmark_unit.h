#pragma once

#include <string>
#include <string_view>

namespace flamewright {

// A unit as benchmark tools write it ("ns/op", "us", "MB/s", "p99-ns") in its base ("s/op", "s",
// "B/s", "p99-s"), so that values of different tools and files can be compared and written with
// prefixes.
struct BenchmarkUnit {
    std::string base;
    double factor = 1;   // values times it are in the base
    bool binary = false; // prefixes of 1024: bytes
};
BenchmarkUnit benchmarkUnit(std::string_view unit);

// The same unit as cells of a table write it where `metric` says the rest: of "ns/op" the seconds, of
// "allocs/op" nothing, of "MB/s" all, which would be wrong without the "/s". Other metrics keep it.
BenchmarkUnit unitBeside(const BenchmarkUnit &unit, std::string_view metric);

// A value in the base of its unit with four significant digits: "46.55 ns/op", "322.1 MiB/s",
// "12.35k allocs/op", "0.1936".
std::string formatBenchmark(double value, const BenchmarkUnit &unit);

} // namespace flamewright
