
// What load tests cost: the plain parsers underneath the importers over a whole file, and the exact
// percentiles of many requests. Not a test: prints figures, asserts nothing about them.
//   bench_load csv FILE | json FILE | percentiles [MILLIONS]
// The first two print "bytes seconds" of CPU for bench_load.py.

#include "analysis/latency.h"
#include "importers/io/input.h"
#include "importers/text/csv_reader.h"
#include "importers/text/json_lines.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <simdjson.h>
#include <string>
#include <vector>

using namespace flamewright;

namespace {

double cpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Every field of every record is found; nothing is made of it.
Result<std::uint64_t> readCsv(ByteSource &source)
{
    CsvReader reader(source, {});
    std::uint64_t fields = 0;
    while (true) {
        FW_ASSIGN(const auto record, reader.next());
        if (!record)
            return fields;
        fields += record->fields.size();
    }
}

std::uint64_t walk(simdjson::ondemand::value value)
{
    simdjson::ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return value.raw_json_token().empty() ? 0 : 1;
    std::uint64_t seen = 0;
    for (auto field : object) {
        simdjson::ondemand::value member;
        if (field.value().get(member) == simdjson::SUCCESS)
            seen += walk(member);
    }
    return seen;
}

// Every member of every line is visited; nothing is made of it.
Result<std::uint64_t> readJson(ByteSource &source)
{
    JsonLines lines(source);
    simdjson::ondemand::parser parser;
    std::uint64_t seen = 0;
    while (true) {
        FW_ASSIGN(const auto line, lines.next());
        if (!line)
            return seen;
        simdjson::ondemand::document document;
        if (parser.iterate(line->text.data(), line->text.size(), line->readable()).get(document) !=
            simdjson::SUCCESS)
            continue;
        simdjson::ondemand::value value;
        if (document.get_value().get(value) == simdjson::SUCCESS)
            seen += walk(value);
    }
}

int parse(const std::string &what, const char *path)
{
    const auto file = openInputFile(path);
    if (!file)
        return std::fprintf(stderr, "%s\n", file.error().text().c_str()), 1;
    const auto input = openInput(file->get(), path);
    if (!input)
        return std::fprintf(stderr, "%s\n", input.error().text().c_str()), 1;
    const auto before = cpuSeconds();
    const auto seen = what == "csv" ? readCsv(**input) : readJson(**input);
    if (!seen)
        return std::fprintf(stderr, "%s\n", seen.error().text().c_str()), 1;
    std::printf("%llu %.3f\n", static_cast<unsigned long long>((*input)->rawBytesRead()),
                cpuSeconds() - before);
    return 0;
}

int percentiles(double millions)
{
    const auto rows = static_cast<std::size_t>(millions * 1e6);
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> latencies(16, 1);
    std::vector<std::int64_t> latency(rows);
    for (auto &value : latency)
        value = static_cast<std::int64_t>(latencies(random));
    const std::vector<std::uint32_t> group(rows, 0);
    std::vector<std::uint8_t> failed(rows);
    for (std::size_t i = 0; i < rows; ++i)
        failed[i] = i % 100 == 0 ? 1 : 0;
    auto before = cpuSeconds();
    const auto one = summarizeLatencies(latency);
    std::printf("p50 to p99.99 with intervals of %.1f M latencies: %.3f s CPU (p99.9 %lld ns)\n",
                millions, cpuSeconds() - before, static_cast<long long>(one.percentiles[4].value));
    before = cpuSeconds();
    const auto table = latencyTable(latency, group, failed, 1, false);
    std::printf("all, successes and failures of one endpoint:          %.3f s CPU (%llu failed)\n",
                cpuSeconds() - before,
                static_cast<unsigned long long>(table.groups[0].failed.count));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "";
    if ((what == "csv" || what == "json") && argc == 3)
        return parse(what, argv[2]);
    if (what == "percentiles")
        return percentiles(argc > 2 ? std::atof(argv[2]) : 10);
    std::fprintf(stderr, "bench_load csv FILE | json FILE | percentiles [MILLIONS]\n");
    return 2;
}
