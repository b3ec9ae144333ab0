#include "analysis/compare/headlines.h"

#include "analysis/compare/comparison.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kMost = 7;

} // namespace

std::vector<std::string> headlines(const Comparison &comparison)
{
    std::vector<std::string> out;
    // The first of each section, then the second of each ...
    for (std::size_t i = 0; out.size() < kMost; ++i) {
        bool any = false;
        for (const auto &section : comparison.sections) {
            if (i >= section.sentences.size() || out.size() >= kMost)
                continue;
            any = true;
            if (std::find(out.begin(), out.end(), section.sentences[i]) == out.end())
                out.push_back(section.sentences[i]);
        }
        if (!any)
            break;
    }
    if (out.empty())
        out.emplace_back("There is not enough evidence of a change.");
    return out;
}

} // namespace flamewright
