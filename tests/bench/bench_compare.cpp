#include "app/compare/open_sides.h"
#include "importers/registry.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/resource.h>

// What comparing two captures costs, and what comes of it: bench_compare BASE CAND [ITEMS]. With files
// on both sides the import is in it, said apart; with sessions there is none.
using namespace flamewright;

namespace {

double seconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double peakMb()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

void print(const ComparedSection &section, std::size_t items)
{
    std::printf("%s %s, %s (%s), weight %.3f\n", section.kind.c_str(), section.title.c_str(),
                section.normalisation.words().c_str(), section.normalisation.source.c_str(),
                section.weight);
    for (const auto &one : section.sentences)
        std::printf("  > %s\n", one.c_str());
    for (std::size_t i = 0; i < section.items.size() && i < items; ++i) {
        const auto &one = section.items[i];
        const auto &c = one.change;
        std::printf(
            "  %-40.40s %-6s %12.5g %12.5g %-6s %+8.3f [%+.3f %+.3f] p %.2g %s n %llu %llu %s\n",
            one.name.c_str(), one.figure.c_str(), c.base.value_or(0), c.cand.value_or(0),
            one.unit.c_str(), c.ratio().value_or(0), c.relative ? c.relative->low : 0,
            c.relative ? c.relative->high : 0, c.adjustedP.value_or(1),
            std::string(nameOf(c.verdict)).c_str(), static_cast<unsigned long long>(c.baseCount),
            static_cast<unsigned long long>(c.candCount), c.why.c_str());
    }
    for (const auto &one : section.explanations) {
        std::printf("  %s: %.6g to %.6g\n", one.of.c_str(), one.base, one.cand);
        for (const auto &part : one.parts)
            std::printf("    %+12.5g %s %s\n", part.delta(), part.name.c_str(), part.note.c_str());
        std::printf("    %+12.5g remainder\n", one.remainder);
    }
    for (const auto &one : section.notes)
        std::printf("  note: %s\n", one.c_str());
    std::printf("  method: %s\n", section.method.c_str());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "bench_compare BASE CAND [ITEMS]\n");
        return 2;
    }
    ImporterRegistry importers;
    addBuiltinImporters(importers);
    const Workbench workbench(importers, {.isolation = Isolation::InProcess});
    JobContext job;
    const auto begin = seconds();
    SidesRequest request{.base = argv[1], .cand = argv[2]};
    const auto *symbols = std::getenv("FW_SYMBOLS");
    if (symbols != nullptr)
        request.imports.symbols.directories.emplace_back(symbols);
    const auto sides = openSides(workbench, request, job);
    if (!sides.has_value()) {
        std::fprintf(stderr, "%s\n", sides.error().text().c_str());
        return 3;
    }
    const auto opened = seconds();
    CompareOptions options;
    if (const auto *by = std::getenv("FW_BY"))
        options.by = normaliseBy(by).value();
    const auto compared = compare(workbench, sides->base, sides->cand, options, job);
    if (!compared.has_value()) {
        std::fprintf(stderr, "%s\n", compared.error().text().c_str());
        return 3;
    }
    const auto end = seconds();
    const auto items = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 20;
    for (const auto &section : compared->sections)
        print(section, items);
    for (const auto &one : compared->notCompared)
        std::printf("not compared: %s\n", one.c_str());
    std::printf("opened in %.2f s, compared in %.3f s, peak %.0f MB\n", opened - begin,
                end - opened, peakMb());
    return 0;
}
