// Symbols as text: perf-PID.map and kallsyms. The addresses asked come from the text itself.
#include "importers/symbols/address_text.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace flamewright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    std::vector<std::uint64_t> addresses = {0, 1};
    for (std::size_t i = 0; i < size && addresses.size() < 512; ++i) {
        const auto line = text.substr(i, 16);
        if (i == 0 || text[i - 1] == '\n') {
            const auto value = std::strtoull(std::string(line).c_str(), nullptr, 16);
            addresses.insert(addresses.end(), {value, value + 1, value + 0x40});
        }
    }
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    addresses.shrink_to_fit(); // so that reading behind the last one shows
    const auto check = [&](const TextAnswer &answer) {
        if (answer.names.size() != addresses.size())
            std::abort();
        for (const auto name : answer.names) {
            // Every name is a piece of the text.
            if (!name.empty() &&
                (name.data() < text.data() || name.data() + name.size() > text.data() + size))
                std::abort();
            const auto place = placeInName(name);
            if (place.file.size() > name.size())
                std::abort();
        }
    };
    check(findInPerfMap(text, addresses));
    const auto about = inspectKallsyms(text);
    check(findInKallsyms(text, 0, addresses));
    check(findInKallsyms(text, about.anchor, addresses));
    return 0;
}
