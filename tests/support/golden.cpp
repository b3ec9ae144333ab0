#include "tests/support/import_contract.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace flamewright::testing {
namespace {

constexpr int kShownLines = 12;

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto cut = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, cut));
        text.remove_prefix(std::min(cut + 1, text.size()));
    }
    return lines;
}

std::string difference(std::string_view expected, std::string_view actual)
{
    const auto was = linesOf(expected), is = linesOf(actual);
    std::string out;
    int shown = 0;
    for (std::size_t i = 0; i < std::max(was.size(), is.size()) && shown < kShownLines; ++i) {
        const auto *before = i < was.size() ? &was[i] : nullptr;
        const auto *after = i < is.size() ? &is[i] : nullptr;
        if (before && after && *before == *after)
            continue;
        ++shown;
        out += "line " + std::to_string(i + 1) + "\n";
        if (before)
            out += "  - " + before->substr(0, 200) + "\n";
        if (after)
            out += "  + " + after->substr(0, 200) + "\n";
    }
    return out;
}

void write(const std::filesystem::path &path, std::string_view text)
{
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

} // namespace

std::string readFile(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

std::string compareGolden(const std::filesystem::path &golden, std::string_view actual)
{
    const auto *update = std::getenv("FW_UPDATE_GOLDEN");
    if (update && std::string_view(update) == "1") {
        write(golden, actual);
        return {};
    }
    auto actualPath = golden;
    actualPath += ".actual";
    if (!std::filesystem::exists(golden)) {
        write(actualPath, actual);
        return golden.string() + " is missing; look at .actual, then run with FW_UPDATE_GOLDEN=1";
    }
    const auto expected = readFile(golden);
    if (expected == actual) {
        std::filesystem::remove(actualPath);
        return {};
    }
    write(actualPath, actual);
    return "differs from " + golden.string() + ":\n" + difference(expected, actual);
}

} // namespace flamewright::testing
