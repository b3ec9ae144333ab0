#include "views/scene/sandwich_view.h"

#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr auto kRow = static_cast<float>(tokens::k_row_frame);
constexpr std::uint32_t kHiddenRows = 2; // the root's and the function's of each half

// First node two below the root: what is next to the function.
std::uint32_t firstBeyond(const FlameView &view)
{
    const auto *profile = view.profile();
    if (!profile)
        return kNoNode;
    const auto &tree = profile->tree;
    for (std::uint32_t node = 1; node < tree.size(); node = tree.subtreeEnd[node]) {
        if (tree.subtreeEnd[node] > node + 1)
            return node + 1;
    }
    return kNoNode;
}

} // namespace

SandwichView::SandwichView(std::shared_ptr<const FlameData> callers,
                           std::shared_ptr<const FlameData> callees)
    : m_callers(std::move(callers)),
      m_callees(std::move(callees))
{
    m_callers.setGrowsUp(true);
}

SandwichView::SandwichView(std::shared_ptr<const Profile> callers,
                           std::shared_ptr<const Profile> callees)
    : SandwichView(std::make_shared<const FlameData>(std::move(callers), FlameLayout::Sandwich),
                   std::make_shared<const FlameData>(std::move(callees), FlameLayout::Sandwich))
{}

void SandwichView::setColorScheme(ColorScheme scheme)
{
    m_callees.setColorScheme(scheme);
    m_callers.setColorScheme(scheme, &m_callees.coloring());
}

void SandwichView::setReadable(bool on)
{
    m_callers.setReadable(on);
    m_callees.setReadable(on);
}

void SandwichView::setValueStyle(ValueStyle style)
{
    m_callers.setValueStyle(style);
    m_callees.setValueStyle(style);
}

void SandwichView::setAnnotated(bool on)
{
    m_callers.setAnnotated(on);
    m_callees.setAnnotated(on);
}

void SandwichView::setLinks(const SourceLinks &links)
{
    m_callers.setLinks(links);
    m_callees.setLinks(links);
}

float SandwichView::callersHeight() const
{
    return std::max(m_callers.contentHeight() - kHiddenRows * kRow, 0.0f);
}

float SandwichView::calleesHeight() const
{
    return std::max(m_callees.contentHeight() - kHiddenRows * kRow, 0.0f);
}

float SandwichView::contentHeight() const
{
    return callersHeight() + kRow + calleesHeight();
}

// The function in the middle, unless one half leaves room that the other can use.
float SandwichView::restingScroll(float height) const
{
    const auto above = std::min(callersHeight(), std::max(std::floor((height - kRow) / 2),
                                                          height - kRow - calleesHeight()));
    return callersHeight() - above;
}

SandwichView::Parts SandwichView::partsOf(const Viewport &viewport) const
{
    const auto height = viewport.size.height;
    const auto wanted = callersHeight() - viewport.scrollY;
    Parts out{.middle = std::clamp(wanted, 0.0f, std::max(height - kRow, 0.0f)),
              .callers = viewport,
              .callees = viewport};
    out.callers.size.height = out.middle;
    out.callers.scrollY = wanted - out.middle + kHiddenRows * kRow;
    out.calleesTop = out.middle + kRow;
    out.callees.size.height = std::max(height - out.calleesTop, 0.0f);
    out.callees.scrollY = out.middle - wanted + kHiddenRows * kRow;
    return out;
}

void SandwichView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                         DisplayList &out) const
{
    if (isEmpty())
        return m_callees.paint(viewport, theme, metrics, out);
    const auto parts = partsOf(viewport);
    DisplayList half;
    if (parts.callers.size.height > 0 && !m_callers.isEmpty())
        m_callers.paint(parts.callers, theme, metrics, half);
    out.append(half, {});
    half.clear();
    if (parts.callees.size.height > 0)
        m_callees.paint(parts.callees, theme, metrics, half);
    out.append(half, {0, parts.calleesTop});

    out.pushClip({0, 0, viewport.size.width, viewport.size.height});
    paintFunction(viewport, parts.middle, theme, metrics, out);
    if (m_hovered && m_hovered->rect.width > 0) {
        const auto &r = m_hovered->rect;
        out.strokeRect({r.x, r.y, std::max(r.width - 1, 3.0f), kRow - 1}, palette(theme).text1, 1,
                       tokens::k_radius_frame);
    }
    out.popClip();
}

void SandwichView::paintFunction(const Viewport &viewport, float top, Theme theme,
                                 const TextMetrics &metrics, DisplayList &out) const
{
    const auto whole = m_callees.rectOf(0, viewport);
    const auto left = std::max(whole.x, 0.0f);
    const auto right = std::min(whole.right(), viewport.size.width);
    // Number of samples and value, as the root says them after "all".
    const auto sums = rootLabel(*m_callees.profile(), m_callees.valueStyle())
                          .substr(std::string_view("all").size());
    m_callees.paintAs(1, {left, top, right - left, kRow}, sums, theme, metrics, out);
    const auto &colors = palette(theme);
    // Told from the frames above and below by lines as wide as the picture.
    out.fillRect({0, top - 1, viewport.size.width, 2}, colors.text1);
    out.fillRect({0, top + kRow - 2, viewport.size.width, 2}, colors.text1);
    if (m_selected == 0)
        out.strokeRect({left, top, std::max(right - left - 1, 3.0f), kRow - 1}, colors.accent, 2,
                       tokens::k_radius_frame);
}

const Profile *SandwichView::profileOf(std::uint32_t node) const
{
    return half(node).profile();
}

std::uint32_t SandwichView::indexOf(std::uint32_t node) const
{
    return node == 0 ? 1 : isCaller(node) ? node & ~kCallerBit : node;
}

// The function's own rows are the one in the middle.
std::uint32_t SandwichView::toNode(const FlameView &half, std::uint32_t index) const
{
    if (index == kNoNode || !half.profile() || index >= half.profile()->tree.size())
        return kNoNode;
    if (half.profile()->tree.depth[index] < kHiddenRows)
        return 0;
    return &half == &m_callers ? index | kCallerBit : index;
}

float SandwichView::offsetOf(std::uint32_t node) const
{
    const auto *profile = profileOf(node);
    if (node == 0 || !profile || indexOf(node) >= profile->tree.size())
        return callersHeight();
    const auto rows = static_cast<float>(profile->tree.depth[indexOf(node)]) - 1;
    return isCaller(node) ? callersHeight() - rows * kRow : callersHeight() + rows * kRow;
}

void SandwichView::setFocus(std::uint32_t node)
{
    m_focus = node == kNoNode ? 0 : node;
    m_callers.setFocus(isCaller(m_focus) ? indexOf(m_focus) : 0);
    m_callees.setFocus(isCaller(m_focus) ? 0 : m_focus);
}

void SandwichView::setSelected(std::uint32_t node)
{
    m_selected = node;
    const bool none = node == kNoNode || node == 0;
    m_callers.setSelected(!none && isCaller(node) ? indexOf(node) : kNoNode);
    m_callees.setSelected(!none && !isCaller(node) ? node : kNoNode);
}

void SandwichView::setSearch(const SearchResult &result)
{
    m_callers.setSearch(result);
    m_callees.setSearch(result);
}

void SandwichView::highlight(FunctionId function)
{
    m_callers.highlight(function);
    m_callees.highlight(function);
}

std::optional<FlameBox> SandwichView::boxAt(const Viewport &viewport, PointF at) const
{
    const RectF inside{0, 0, viewport.size.width, viewport.size.height};
    if (isEmpty() || !inside.contains(at))
        return std::nullopt;
    const auto parts = partsOf(viewport);
    if (at.y >= parts.middle && at.y < parts.calleesTop) {
        auto r = rectOf(0, viewport);
        const auto right = std::min(r.right(), viewport.size.width);
        r.x = std::max(r.x, 0.0f);
        r.width = right - r.x;
        return r.contains(at) ? std::optional(FlameBox{.node = 0, .rect = r}) : std::nullopt;
    }
    const bool above = at.y < parts.middle;
    const auto top = above ? 0.0f : parts.calleesTop;
    const auto &view = above ? m_callers : m_callees;
    auto box = view.boxAt(above ? parts.callers : parts.callees, {at.x, at.y - top});
    if (box) {
        box->node = toNode(view, box->node);
        box->rect.y += top;
    }
    return box;
}

std::optional<Hit> SandwichView::hitTest(const Viewport &viewport, PointF at) const
{
    const auto box = boxAt(viewport, at);
    if (!box)
        return std::nullopt;
    const auto tip = tooltip(*box);
    return Hit{box->node, tip.title, plainText(tip)};
}

RectF SandwichView::rectOf(std::uint32_t node, const Viewport &viewport) const
{
    const auto parts = partsOf(viewport);
    if (isCaller(node))
        return m_callers.rectOf(indexOf(node), parts.callers);
    auto r = m_callees.rectOf(node, parts.callees);
    r.y = node == 0 ? parts.middle : r.y + parts.calleesTop;
    return r;
}

std::pair<double, double> SandwichView::rangeOf(const FlameBox &box) const
{
    if (box.node == 0)
        return {0, 1};
    return half(box.node).rangeOf({.node = indexOf(box.node), .count = box.count});
}

FlameTooltip SandwichView::tooltip(const FlameBox &box) const
{
    if (isEmpty())
        return {};
    if (box.node != 0)
        return half(box.node).tooltip({.node = indexOf(box.node), .count = box.count});
    // The function as a whole: what is inlined elsewhere is a frame of its own in the tree.
    const auto &profile = *m_callees.profile();
    auto out = frameTooltip(profile, 0, 0, m_callees.valueStyle());
    const auto named = frameTooltip(profile, 1, 0);
    out.title = named.title;
    out.subtitle = named.subtitle;
    std::int64_t self = 0;
    for (std::uint32_t node = 1; node < profile.tree.size(); node = profile.tree.subtreeEnd[node])
        self = saturatingAdd(self, profile.tree.self[node]);
    if (out.rows.size() > 1) {
        const auto share = [self](std::int64_t whole) {
            return formatShare(static_cast<double>(self), static_cast<double>(whole));
        };
        out.rows[1].value = measureText(profile, self, m_callees.valueStyle());
        if (profile.whole)
            out.rows[1].ofFunction = share(profile.total);
        out.rows[1].ofAll = share(profile.whole ? profile.whole->total : profile.total);
    }
    return out;
}

std::uint32_t SandwichView::parentOf(std::uint32_t node) const
{
    if (node == 0 || node == kNoNode)
        return kNoNode;
    return toNode(half(node), half(node).parentOf(indexOf(node)));
}

std::uint32_t SandwichView::neighbourOf(std::uint32_t node, Step step) const
{
    if (node == kNoNode)
        return kNoNode;
    if (node == 0) {
        if (step == Step::Up)
            return toNode(m_callers, firstBeyond(m_callers));
        return step == Step::Down ? toNode(m_callees, firstBeyond(m_callees)) : kNoNode;
    }
    return toNode(half(node), half(node).neighbourOf(indexOf(node), step));
}

} // namespace flamewright
