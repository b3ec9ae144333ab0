#pragma once

#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace flamewright::testing {

// One input through one importer: it may refuse or complain, but what it stored must be sound.
inline int fuzzImporter(const Importer &importer, std::string_view bytes)
{
    const auto head = bytes.substr(0, kProbeBytes);
    (void)importer.probe(
        {.head = std::as_bytes(std::span(head)), .headIsAll = head.size() == bytes.size()});
    const auto imported = importBytes(importer, bytes);
    const bool bug =
        !imported.result.has_value() && imported.result.error().code() == Errc::Internal;
    if (!imported.broken.empty() || bug) {
        std::fprintf(stderr, "%s\n",
                     bug ? imported.result.error().text().c_str() : imported.broken.c_str());
        std::abort();
    }
    return 0;
}

} // namespace flamewright::testing

// A fuzz target for a format: FW_FUZZ_IMPORTER(makeFoldedStacks)
#define FW_FUZZ_IMPORTER(make)                                                                     \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)              \
    {                                                                                              \
        static const auto importer = ::flamewright::make();                                        \
        return ::flamewright::testing::fuzzImporter(*importer,                                     \
                                                    {reinterpret_cast<const char *>(data), size}); \
    }
