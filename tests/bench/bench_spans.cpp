// What simdjson itself needs for JSON lines, which is what importers of traces are measured against.
// Not a test: prints figures, asserts nothing about them.
//   bench_spans parse|walk FILE
// "parse" makes simdjson's tree of each line; "walk" visits every value by its on-demand parser.

#include "importers/io/input.h"
#include "importers/text/json_lines.h"

#include <cstdio>
#include <ctime>
#include <simdjson.h>
#include <string_view>

using namespace flamewright;

namespace {

std::uint64_t walk(simdjson::ondemand::value value)
{
    std::uint64_t seen = 0;
    simdjson::ondemand::object object;
    if (value.get_object().get(object) == simdjson::SUCCESS) {
        for (auto field : object) {
            simdjson::ondemand::value member;
            if (field.value().get(member) == simdjson::SUCCESS)
                seen += walk(member);
        }
        return seen;
    }
    simdjson::ondemand::array array;
    if (value.get_array().get(array) == simdjson::SUCCESS) {
        for (auto item : array) {
            simdjson::ondemand::value element;
            if (item.get(element) == simdjson::SUCCESS)
                seen += walk(element);
        }
        return seen;
    }
    return value.raw_json_token().empty() ? 0 : 1;
}

Result<std::uint64_t> readLines(ByteSource &source, bool walks)
{
    JsonLines lines(source, 64u << 20);
    simdjson::dom::parser tree;
    simdjson::ondemand::parser onDemand;
    std::uint64_t seen = 0;
    for (;;) {
        FW_ASSIGN(const auto line, lines.next());
        if (!line)
            return seen;
        if (!walks) {
            simdjson::dom::element root;
            seen += tree.parse(line->text.data(), line->text.size(), false).get(root) ==
                    simdjson::SUCCESS;
            continue;
        }
        simdjson::ondemand::document document;
        simdjson::ondemand::value value;
        if (onDemand.iterate(line->text.data(), line->text.size(), line->readable())
                    .get(document) == simdjson::SUCCESS &&
            document.get_value().get(value) == simdjson::SUCCESS)
            seen += walk(value);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view what = argc == 3 ? argv[1] : "";
    if (what != "parse" && what != "walk")
        return std::fprintf(stderr, "bench_spans parse|walk FILE\n"), 2;
    const auto file = openInputFile(argv[2]);
    if (!file)
        return std::fprintf(stderr, "%s\n", file.error().text().c_str()), 1;
    const auto input = openInput(file->get(), argv[2]);
    if (!input)
        return std::fprintf(stderr, "%s\n", input.error().text().c_str()), 1;
    const auto seen = readLines(**input, what == "walk");
    if (!seen)
        return std::fprintf(stderr, "%s\n", seen.error().text().c_str()), 1;
    std::printf("%llu %.3f\n", static_cast<unsigned long long>(*seen),
                static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
    return 0;
}
