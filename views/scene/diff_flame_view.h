#pragma once

#include "views/scene/diff_flame_data.h"
#include "views/scene/flame_view.h"

#include <memory>
#include <string>
#include <string_view>

namespace flamewright {

// The flame graph of a difference: the frames of both sides in one tree, drawn, walked, zoomed and
// searched as any flame graph. The colour says whether there is evidence of a change and how large
// it is; that it went up or down, or that a frame is of one side only, is said by a mark too: an
// arrow or a word before the name, hatching for what is gone, an edge all around for what is new.
class DiffFlameView final : public FlameView {
public:
    explicit DiffFlameView(std::shared_ptr<const DiffFlameData> data = nullptr);

    const ProfileDiff *diff() const { return m_diff->diff().get(); }
    DiffWidth width() const { return m_diff->width(); }
    DiffColor color() const { return m_color; }
    // Both keep focus, selection and search. The first makes the data anew.
    void setWidth(DiffWidth width);
    void setColor(DiffColor color) { m_color = color; }
    void setLayout(FlameLayout layout) override; // Icicle, Flame, LeftHeavy

    std::string_view kind() const override { return "diff"; }
    FlameTooltip tooltip(const FlameBox &box) const override;
    // "all · A 9.51 ms · B 7.2 ms per request · -24 % (95 % interval -26 to -22 %)"
    std::string summary() const override;

protected:
    FrameColors colorsOf(const FlameBox &box, FrameLook look, Theme theme) const override;
    void paintMarks(const FlameBox &box, RectF inner, FrameColors colors, Theme theme,
                    DisplayList &out) const override;
    std::string labelOf(const FlameBox &box) const override;
    std::string_view emptyText() const override { return "No samples on either side"; }

private:
    std::string unit() const;
    std::string figure(double value) const;
    void addRows(std::string_view of, DiffColor value, std::uint32_t node, FlameTooltip &to) const;
    std::string evidence(DiffColor value, std::uint32_t node) const;

    std::shared_ptr<const DiffFlameData> m_diff;
    DiffColor m_color = DiffColor::Total;
};

// The marks of frames that are on one side only, for legends too; quiet where there is no evidence
// that it is more than chance.
void paintPresence(FramePresence presence, bool evident, RectF box, FrameColors colors,
                   const Palette &palette, DisplayList &out);

} // namespace flamewright
