// Budget files come out of repositories: whatever they hold, they are read or refused with a place.
#include "app/check/budget.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace flamewright;

namespace {

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

bool isFinite(const std::optional<Quantity> &quantity)
{
    return !quantity || std::isfinite(quantity->value);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto file = parseBudgets(text, "b.toml");
    if (!file.has_value()) {
        require(file.error().text().compare(0, 7, "b.toml:") == 0, "an error without a place");
        return 0;
    }
    require(!file->budgets.empty(), "no budget and no error");
    for (const auto &budget : file->budgets) {
        require(!budget.name.empty() && budget.line > 0, "a budget of nothing");
        require(isFinite(budget.max) && isFinite(budget.min), "a limit without a value");
        if (budget.max) {
            for (const auto *unit : {"ns", "bytes", "share", "1/s", "s/op", "B/op", "allocs/op"})
                (void)inUnit(*budget.max, unit);
        }
    }
    return 0;
}
