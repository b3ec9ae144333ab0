#include "views/scene/track_rows.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kOpenAtFirst = 300; // tracks

char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains(std::string_view text, std::string_view part)
{
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return folded(a) == folded(b); }) != text.end();
}

TrackRef parentOf(const TraceSet &set, std::uint32_t node)
{
    const auto parent = set.nodes[node].parent;
    return parent == UINT32_MAX ? TrackRef{} : set.nodes[parent].ref;
}

std::vector<std::uint32_t> childrenOf(const TraceSet &set, std::uint32_t parent)
{
    std::vector<std::uint32_t> out;
    const auto count = static_cast<std::uint32_t>(set.nodes.size());
    const auto end = parent == UINT32_MAX ? count : std::min(set.nodes[parent].subtreeEnd, count);
    for (auto i = parent == UINT32_MAX ? 0 : parent + 1; i < end; i = set.nodes[i].subtreeEnd)
        out.push_back(i);
    return out;
}

double heightOf(const TrackNode &node, const TrackPlace &place)
{
    if (place.lanes > 0)
        return std::max(place.lanesTop + kTrackPadding + kLaneHeight * place.lanes, kGroupHeight);
    return node.counter && (!place.group || place.open) ? kCounterHeight : kGroupHeight;
}

} // namespace

TrackRows::TrackRows(const TraceSet &set, const TrackChoices &choices)
{
    const auto count = set.nodes.size();
    m_index.resize(count, 0);
    // What the filter means: a track it names, everything in it, and the groups around it.
    std::vector<std::uint8_t> shown(count, choices.filter.empty() ? 1 : 0);
    if (!choices.filter.empty()) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto &node = set.nodes[i];
            const auto up = node.parent;
            const bool named =
                contains(node.name, choices.filter) || (up != UINT32_MAX && shown[up] == 2);
            shown[i] = named ? 2 : 0;
        }
        for (std::size_t i = count; i-- > 0;) {
            if (shown[i] && set.nodes[i].parent != UINT32_MAX && !shown[set.nodes[i].parent])
                shown[set.nodes[i].parent] = 1;
        }
    }
    const auto placed = [&](std::uint32_t index, double y) {
        const auto &node = set.nodes[index];
        TrackPlace place{.node = index, .y = y};
        place.group = node.subtreeEnd > index + 1;
        place.open = !choices.filter.empty() || !choices.closed.contains(node.ref);
        place.lanes = place.open ? node.lanes : std::min(node.lanes, 1u);
        place.lanesTop = kTrackPadding + (node.samples ? kTickStrip : 0);
        place.height = heightOf(node, place);
        return place;
    };
    const std::set<TrackRef> pinned(choices.pinned.begin(), choices.pinned.end());
    std::vector<std::vector<std::uint32_t>> stack; // of children to come, last first
    const auto enter = [&](std::uint32_t parent) {
        auto children = childrenOf(set, parent);
        const auto own =
            choices.order.find(parent == UINT32_MAX ? TrackRef{} : set.nodes[parent].ref);
        if (own != choices.order.end()) {
            const auto rank = [&](std::uint32_t node) {
                return std::find(own->second.begin(), own->second.end(), set.nodes[node].ref) -
                       own->second.begin();
            };
            std::stable_sort(children.begin(), children.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
        }
        std::reverse(children.begin(), children.end());
        stack.push_back(std::move(children));
    };
    enter(UINT32_MAX);
    while (!stack.empty()) {
        if (stack.back().empty()) {
            stack.pop_back();
            continue;
        }
        const auto node = stack.back().back();
        stack.back().pop_back();
        if (!shown[node]) {
            m_hidden += set.nodes[node].subtreeEnd - node;
            continue;
        }
        const auto place = placed(node, m_height);
        if (!pinned.contains(set.nodes[node].ref)) {
            m_places.push_back(place);
            m_height += place.height;
            m_index[node] = static_cast<std::uint32_t>(m_places.size());
        }
        if (place.group && place.open)
            enter(node);
    }
    for (const auto &ref : choices.pinned) {
        if (const auto node = set.nodeOf(ref)) {
            m_pinned.push_back(placed(*node, m_pinnedHeight));
            m_pinnedHeight += m_pinned.back().height;
        }
    }
}

std::size_t TrackRows::at(double y) const
{
    const auto after =
        std::upper_bound(m_places.begin(), m_places.end(), y,
                         [](double value, const TrackPlace &p) { return value < p.y; });
    if (after == m_places.begin())
        return m_places.size();
    const auto place = std::prev(after);
    return y < place->y + place->height ? static_cast<std::size_t>(place - m_places.begin())
                                        : m_places.size();
}

const TrackPlace *TrackRows::placeOf(std::uint32_t node) const
{
    return node < m_index.size() && m_index[node] > 0 ? &m_places[m_index[node] - 1] : nullptr;
}

TrackChoices firstChoices(const TraceSet &set)
{
    TrackChoices out;
    if (set.nodes.size() <= kOpenAtFirst)
        return out;
    for (std::size_t i = 0; i < set.nodes.size(); ++i) {
        const auto &node = set.nodes[i];
        if (!node.isCapture() && node.subtreeEnd > i + 1)
            out.closed.insert(node.ref);
    }
    return out;
}

void moveTrack(const TraceSet &set, TrackChoices &choices, std::uint32_t node, int by)
{
    const auto parent = parentOf(set, node);
    auto &order = choices.order[parent];
    // Those that are not in it yet come last, as they are in the tree.
    for (const auto child : childrenOf(set, set.nodes[node].parent)) {
        if (std::find(order.begin(), order.end(), set.nodes[child].ref) == order.end())
            order.push_back(set.nodes[child].ref);
    }
    const auto at = std::find(order.begin(), order.end(), set.nodes[node].ref) - order.begin();
    const auto to = at + by;
    if (to >= 0 && to < std::ssize(order))
        std::swap(order[static_cast<std::size_t>(at)], order[static_cast<std::size_t>(to)]);
}

} // namespace flamewright
