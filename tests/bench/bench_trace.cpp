// What traces cost: simdjson's plain parse of a whole file, which is the bound, and an import whose
// result goes nowhere. Not a test: prints figures, asserts nothing about them.
//   bench_trace raw FILE | import FILE
// Both print "bytes seconds" of CPU for bench_trace.py.

#include "importers/io/input.h"
#include "importers/run_import.h"

#include <cstdio>
#include <ctime>
#include <malloc.h>
#include <simdjson.h>
#include <string>

using namespace flamewright;

namespace {

double cpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Every value is visited; nothing is made of it.
bool walk(simdjson::ondemand::value value, std::uint64_t &seen)
{
    simdjson::ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS)
        return false;
    if (type == simdjson::ondemand::json_type::object) {
        simdjson::ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS)
            return false;
        for (auto field : object) {
            simdjson::ondemand::value member;
            if (field.value().get(member) != simdjson::SUCCESS || !walk(member, seen))
                return false;
        }
    } else if (type == simdjson::ondemand::json_type::array) {
        simdjson::ondemand::array array;
        if (value.get_array().get(array) != simdjson::SUCCESS)
            return false;
        for (auto item : array) {
            simdjson::ondemand::value member;
            if (item.get(member) != simdjson::SUCCESS || !walk(member, seen))
                return false;
        }
    } else {
        seen += value.raw_json_token().size();
    }
    return true;
}

int raw(const std::string &path)
{
    const auto begin = cpuSeconds();
    simdjson::padded_string text;
    if (simdjson::padded_string::load(path).get(text) != simdjson::SUCCESS)
        return 1;
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::value root;
    std::uint64_t seen = 0;
    if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
        document.get_value().get(root) != simdjson::SUCCESS || !walk(root, seen) || seen == 0)
        return 1;
    std::printf("%zu %.3f\n", text.size(), cpuSeconds() - begin);
    return 0;
}

class NoStore final : public ChunkStore {
public:
    Result<> putChunk(const Chunk &chunk) override
    {
        m_bytes += chunk.payload.size();
        return {};
    }
    Result<> putMeta(const CaptureMeta &) override { return {}; }
    std::uint64_t bytes() const { return m_bytes; }

private:
    std::uint64_t m_bytes = 0;
};

int import(const std::string &path)
{
    const auto begin = cpuSeconds();
    ImporterRegistry registry;
    addBuiltinImporters(registry);
    const auto file = openInputFile(path);
    if (!file.has_value())
        return 1;
    auto input = openInput(file->get(), path);
    if (!input.has_value())
        return 1;
    const auto probe = (*input)->probe();
    const auto found =
        probe.has_value() ? registry.detect(*probe) : std::vector<ImporterRegistry::Candidate>();
    if (found.empty())
        return 1;
    NoStore store;
    RecordSink sink(store);
    JobContext job;
    const ImportOptions options;
    const auto done = found[0].importer->run({**input, sink, job, options});
    const auto parsed = cpuSeconds();
    if (!done.has_value() || !sink.finish().has_value())
        return 1;
    for (const auto &note : sink.notes())
        std::fprintf(stderr, "%s %llu\n", note.code.c_str(),
                     static_cast<unsigned long long>(note.count));
    std::printf("%llu %.3f (%.3f before the end), %llu slices\n",
                static_cast<unsigned long long>(store.bytes()), cpuSeconds() - begin,
                parsed - begin, static_cast<unsigned long long>(sink.slicesAdded()));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    // As in the worker: what is freed is kept, or the kernel clears it again and again.
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 32 << 20);
    const std::string mode = argc == 3 ? argv[1] : "";
    if (mode == "raw")
        return raw(argv[2]);
    if (mode == "import")
        return import(argv[2]);
    std::fputs("bench_trace raw FILE | import FILE\n", stderr);
    return 2;
}
