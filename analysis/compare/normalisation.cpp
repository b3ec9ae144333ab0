#include "analysis/compare/normalisation.h"

#include <array>

namespace flamewright {
namespace {

struct Named {
    NormaliseBy by;
    std::string_view name;
};
constexpr std::array<Named, 6> kNames{{{NormaliseBy::Automatic, "auto"},
                                       {NormaliseBy::Nothing, "nothing"},
                                       {NormaliseBy::Total, "total"},
                                       {NormaliseBy::WallTime, "wall"},
                                       {NormaliseBy::CpuTime, "cpu"},
                                       {NormaliseBy::Work, "work"}}};

} // namespace

Result<NormaliseBy> normaliseBy(std::string_view text)
{
    for (const auto &one : kNames) {
        if (one.name == text)
            return one.by;
    }
    return fail(Errc::Usage,
                "'" + std::string(text) +
                    "' is nothing to divide by: auto, nothing, total, wall, cpu, work");
}

std::string_view nameOf(NormaliseBy by)
{
    for (const auto &one : kNames) {
        if (one.by == by)
            return one.name;
    }
    return "nothing";
}

std::string Normalisation::words() const
{
    if (by == NormaliseBy::Total)
        return "share of total";
    return per.empty() ? std::string() : "per " + per;
}

} // namespace flamewright
