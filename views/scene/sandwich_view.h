#pragma once

#include "views/scene/flame_scene.h"
#include "views/scene/flame_view.h"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace flamewright {

// One function between its callers, which grow upwards, and what it calls, downwards, on one scale:
// the width is the function's total. The content is one column, moved by scrollY; the function
// stays in sight at the top or bottom when its row is moved out.
//
// Both profiles hold the same functions and below their roots the function alone: those of
// callersProfile() and of TransformKind::Focus. Nodes of the callees keep their ids, 0 is the
// function itself, nodes of the callers have kCallerBit set.
class SandwichView final : public FlameScene {
public:
    static constexpr std::uint32_t kCallerBit = 1u << 31;
    static constexpr bool isCaller(std::uint32_t node)
    {
        return node != kNoNode && (node & kCallerBit) != 0;
    }

    SandwichView() = default;
    SandwichView(std::shared_ptr<const Profile> callers, std::shared_ptr<const Profile> callees);
    // The same, with the work for large trees already done: both as FlameLayout::Sandwich.
    SandwichView(std::shared_ptr<const FlameData> callers,
                 std::shared_ptr<const FlameData> callees);

    void setColorScheme(ColorScheme scheme);
    void setReadable(bool on);
    void setAnnotated(bool on);
    void setLinks(const SourceLinks &links);
    const FlameView &callers() const { return m_callers; }
    const FlameView &callees() const { return m_callees; }

    std::string_view kind() const override { return "sandwich"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    bool isEmpty() const override { return m_callees.isEmpty(); }
    float contentHeight() const override;
    bool growsUp() const override { return false; }
    float restingScroll(float height) const override;
    float offsetOf(std::uint32_t node) const override;
    const Profile *profileOf(std::uint32_t node) const override;
    std::uint32_t indexOf(std::uint32_t node) const override;
    std::uint32_t focus() const override { return m_focus; }
    void setFocus(std::uint32_t node) override;
    std::uint32_t selected() const override { return m_selected; }
    void setSelected(std::uint32_t node) override;
    void setHovered(std::optional<FlameBox> box) override { m_hovered = box; }
    void setSearch(const SearchResult &result) override;
    void setValueStyle(ValueStyle style) override;
    void highlight(FunctionId function) override;

    std::optional<FlameBox> boxAt(const Viewport &viewport, PointF at) const override;
    RectF rectOf(std::uint32_t node, const Viewport &viewport) const override;
    std::pair<double, double> rangeOf(const FlameBox &box) const override;
    FlameTooltip tooltip(const FlameBox &box) const override;
    std::string summary() const override { return m_callees.summary(); }
    std::uint32_t parentOf(std::uint32_t node) const override;
    std::uint32_t neighbourOf(std::uint32_t node, Step step) const override;

private:
    // How a viewport is divided.
    struct Parts {
        float middle = 0; // top of the function's row
        Viewport callers, callees;
        float calleesTop = 0;
    };
    Parts partsOf(const Viewport &viewport) const;
    float callersHeight() const;
    float calleesHeight() const;
    std::uint32_t toNode(const FlameView &half, std::uint32_t index) const;
    const FlameView &half(std::uint32_t node) const
    {
        return isCaller(node) ? m_callers : m_callees;
    }
    void paintFunction(const Viewport &viewport, float top, Theme theme, const TextMetrics &metrics,
                       DisplayList &out) const;

    FlameView m_callers, m_callees;
    std::uint32_t m_focus = 0, m_selected = kNoNode;
    std::optional<FlameBox> m_hovered;
};

} // namespace flamewright
