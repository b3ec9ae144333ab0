#pragma once

#include "analysis/compare/profile_diff.h"
#include "views/scene/change_colors.h"
#include "views/scene/diff_options.h"
#include "views/scene/flame_view.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace flamewright {

enum class FramePresence : std::uint8_t { Both, OnlyBase, OnlyCand };

// The difference of two profiles with the places of its frames: what costs time to make, once per
// difference, width and layout. Never changes, so that a job may make it.
//
// A frame's width: of A or B the normalised total. Of the larger of both: at least its own larger
// side and all that it calls, so that every frame of both sides is seen, and no wider. `flame` is
// the union as a profile whose totals are widths (kWhole is all), not values of the measure, and
// whose samples are those of both sides.
class DiffFlameData {
public:
    static constexpr std::int64_t kWhole = std::int64_t{1} << 40;

    DiffFlameData(std::shared_ptr<const ProfileDiff> of, DiffWidth by, FlameLayout layout);

    const std::shared_ptr<const ProfileDiff> &diff() const { return m_diff; }
    DiffWidth width() const { return m_width; }
    const std::shared_ptr<const FlameData> &flame() const { return m_flame; }

    // Values of a node per what they were normalised by, in unitOf() the measure.
    struct Values {
        double base = 0, cand = 0;
        std::int64_t baseSamples = 0, candSamples = 0;
        double delta() const { return cand - base; }
    };
    Values total(std::uint32_t node) const;
    Values self(std::uint32_t node) const;
    Values of(DiffColor color, std::uint32_t node) const
    {
        return color == DiffColor::Self ? self(node) : total(node);
    }
    Verdict verdict(DiffColor color, std::uint32_t node) const;
    FramePresence presence(std::uint32_t node) const { return m_presence[node]; }
    ChangeShade shade(DiffColor color, std::uint32_t node) const;
    // Of frames that share a box: which way those with evidence went, taken together.
    ChangeShade shadeOf(DiffColor color, const FlameBox &box) const;
    // What is known of a function wherever it was called; nullptr: too small to be tested.
    const FunctionChange *changeOf(std::uint32_t function) const;

private:
    void measure();
    std::vector<double> widths() const;
    void makeFlame(FlameLayout layout);
    void sumUp();

    std::shared_ptr<const ProfileDiff> m_diff;
    DiffWidth m_width;
    std::shared_ptr<const FlameData> m_flame;
    double m_baseDivisor = 1, m_candDivisor = 1;
    std::vector<FramePresence> m_presence;
    std::vector<std::uint32_t> m_tableRow; // by function; UINT32_MAX: none
    // By position: sums of the evident changes before it, worse above 0.
    std::vector<double> m_totalBefore, m_selfBefore;
};

} // namespace flamewright
