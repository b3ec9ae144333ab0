#include "app/demo_captures.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace flamewright {
namespace {

constexpr std::array<std::string_view, 4> kEndings{".perf.data", ".pb.gz", ".jtl.gz",
                                                   ".otlp.jsonl.gz"};

bool isCapture(const std::filesystem::path &path)
{
    const auto name = path.filename().string();
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace

DemoCaptures findDemoCaptures(const std::filesystem::path &program)
{
    // build/PRESET/bin is three below the source tree.
    for (const auto *folder : {"../share/flamewright/demo", "../../../resources/demo"}) {
        const auto place = (program / folder).lexically_normal();
        DemoCaptures out;
        std::error_code error;
        for (std::filesystem::directory_iterator at(place, error), end; !error && at != end;
             at.increment(error)) {
            if (isCapture(at->path()))
                out.files.push_back(at->path());
        }
        if (out.files.empty())
            continue;
        std::sort(out.files.begin(), out.files.end());
        if (const auto symbols = place / "symbols"; std::filesystem::is_directory(symbols, error))
            out.symbols = symbols;
        return out;
    }
    return {};
}

} // namespace flamewright
