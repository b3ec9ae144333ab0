#include "views/scene/service_map_view.h"

#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/picture_heading.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flamewright {
namespace {

constexpr float kNodeWidth = 190, kNodeHeight = 52;
constexpr float kColumn = 230; // from node to node, at least, for the labels of edges
constexpr float kRowGap = 40;
constexpr float kMargin = 24;
constexpr int kCurvePoints = 24;
constexpr float kNear = 5; // pixels from an edge

std::string shown(const std::string &text)
{
    return CaptureText(text).toDisplay(256);
}

std::string number(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

// One failure in thousands is said, but does not colour the picture.
bool failsOften(std::uint64_t errors, std::uint64_t of)
{
    return errors > 0 && errors >= of / 100;
}

PointF between(PointF a, PointF b, float t)
{
    return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

PointF cubic(PointF a, PointF b, PointF c, PointF d, float t)
{
    const auto ab = between(a, b, t), bc = between(b, c, t), cd = between(c, d, t);
    return between(between(ab, bc, t), between(bc, cd, t), t);
}

float distance(PointF p, PointF a, PointF b)
{
    const auto dx = b.x - a.x, dy = b.y - a.y;
    const auto length = dx * dx + dy * dy;
    const auto t =
        length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0;
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

} // namespace

struct ServiceMapView::Paint {
    const Viewport &viewport;
    const Palette &colors;
    Theme theme;
    const TextMetrics &metrics;
    DisplayList &out;
};

ServiceMapView::ServiceMapView(std::shared_ptr<const ServiceMap> map, ServiceColors colors)
    : m_map(std::move(map)),
      m_colors(std::move(colors))
{
    if (!m_map)
        return;
    findLayers();
    findBends();
    orderLayers();
}

// A node is one layer after the last of its callers; edges that close a circle do not count.
void ServiceMapView::findLayers()
{
    const auto n = m_map->nodes.size();
    m_places.assign(n, {});
    std::vector<std::vector<std::uint32_t>> callees(n);
    std::vector<std::uint32_t> callers(n, 0);
    for (const auto &edge : m_map->edges) {
        if (edge.from == edge.to)
            continue;
        callees[edge.from].push_back(edge.to);
        ++callers[edge.to];
    }
    std::vector<std::uint32_t> roots(n);
    std::iota(roots.begin(), roots.end(), 0u);
    std::stable_sort(roots.begin(), roots.end(), [&](std::uint32_t a, std::uint32_t b) {
        return callers[a] < callers[b]; // who is called by nobody is where it begins
    });
    // Depth first, without recursion: callees before their callers, edges to open nodes left out.
    enum class State : std::uint8_t { New, Open, Done };
    std::vector<State> state(n, State::New);
    std::vector<std::uint32_t> finished;
    std::vector<std::vector<std::uint32_t>> forward(n);
    struct Frame {
        std::uint32_t node;
        std::size_t next = 0;
    };
    std::vector<Frame> stack;
    for (const auto root : roots) {
        if (state[root] != State::New)
            continue;
        stack.push_back({root});
        state[root] = State::Open;
        while (!stack.empty()) {
            auto &frame = stack.back();
            if (frame.next == callees[frame.node].size()) {
                state[frame.node] = State::Done;
                finished.push_back(frame.node);
                stack.pop_back();
                continue;
            }
            const auto from = frame.node;
            const auto to = callees[from][frame.next++];
            if (state[to] == State::Open)
                continue;
            forward[from].push_back(to);
            if (state[to] == State::New) {
                state[to] = State::Open;
                stack.push_back({to});
            }
        }
    }
    std::uint32_t deepest = 0;
    for (auto node = finished.rbegin(); node != finished.rend(); ++node) {
        for (const auto to : forward[*node]) {
            m_places[to].layer = std::max(m_places[to].layer, m_places[*node].layer + 1);
            deepest = std::max(deepest, m_places[to].layer);
        }
    }
    m_layers.assign(n == 0 ? 0 : deepest + 1, {});
    for (std::uint32_t node = 0; node < n; ++node)
        m_layers[m_places[node].layer].push_back(node);
}

void ServiceMapView::findBends()
{
    m_bends.assign(m_map->edges.size(), {});
    for (std::size_t i = 0; i < m_map->edges.size(); ++i) {
        const auto &edge = m_map->edges[i];
        const auto last = m_places[edge.to].layer;
        for (auto layer = m_places[edge.from].layer + 1; layer < last; ++layer) {
            const auto item = static_cast<std::uint32_t>(m_places.size());
            m_places.push_back({layer, 0});
            m_layers[layer].push_back(item);
            m_bends[i].push_back(item);
        }
    }
}

// Nodes beside their callers, so that edges cross less.
void ServiceMapView::orderLayers()
{
    const auto number = [&] {
        for (const auto &layer : m_layers) {
            for (std::size_t i = 0; i < layer.size(); ++i)
                m_places[layer[i]].index = static_cast<std::uint32_t>(i);
        }
    };
    const auto heightOf = [&](std::uint32_t node) { // of its layer's middle, in nodes
        const auto size = static_cast<float>(m_layers[m_places[node].layer].size());
        return static_cast<float>(m_places[node].index) - (size - 1) / 2;
    };
    // From layer to layer.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> steps;
    for (std::size_t i = 0; i < m_map->edges.size(); ++i) {
        auto from = m_map->edges[i].from;
        const auto to = m_map->edges[i].to;
        for (const auto bend : m_bends[i]) {
            steps.emplace_back(from, bend);
            from = bend;
        }
        if (m_places[from].layer != m_places[to].layer)
            steps.emplace_back(from, to);
    }
    number();
    for (int round = 0; round < 4; ++round) {
        std::vector<float> sum(m_places.size(), 0), count(m_places.size(), 0);
        const bool fromCallers = round % 2 == 0;
        for (const auto &step : steps) {
            const auto of = fromCallers ? step.second : step.first;
            const auto other = fromCallers ? step.first : step.second;
            sum[of] += heightOf(other);
            ++count[of];
        }
        for (auto &layer : m_layers) {
            std::vector<std::pair<float, std::uint32_t>> keys;
            for (const auto node : layer)
                keys.emplace_back(count[node] > 0 ? sum[node] / count[node] : heightOf(node), node);
            std::stable_sort(keys.begin(), keys.end(),
                             [](const auto &a, const auto &b) { return a.first < b.first; });
            for (std::size_t i = 0; i < layer.size(); ++i)
                layer[i] = keys[i].second;
        }
        number();
    }
}

SizeF ServiceMapView::contentSize() const
{
    std::size_t most = 1;
    for (const auto &layer : m_layers)
        most = std::max(most, layer.size());
    const auto columns = static_cast<float>(std::max<std::size_t>(m_layers.size(), 1));
    // Room below for edges that lead back.
    return {2 * kMargin + columns * kNodeWidth + (columns - 1) * kColumn,
            2 * kMargin + static_cast<float>(most) * (kNodeHeight + kRowGap) + kNodeHeight};
}

RectF ServiceMapView::nodeRect(std::size_t node, const Viewport &viewport) const
{
    return rectOf(node, viewport);
}

RectF ServiceMapView::rectOf(std::size_t item, const Viewport &viewport) const
{
    const auto &place = m_places[item];
    const auto columns = static_cast<float>(m_layers.size());
    const auto rows = static_cast<float>(m_layers[place.layer].size());
    const auto snap = [&](float v) { return std::round(v * viewport.scale) / viewport.scale; };
    const auto room = viewport.size.width - 2 * kMargin - columns * kNodeWidth;
    const auto gap = columns > 1 ? std::clamp(room / (columns - 1), 24.0f, 2 * kColumn) : 0;
    const auto used = columns * kNodeWidth + (columns - 1) * gap;
    const auto left = std::max((viewport.size.width - used) / 2, kMargin);
    const auto step = kNodeHeight + kRowGap;
    const auto top = viewport.size.height / 2 - rows * step / 2 + kRowGap / 2;
    return {snap(left + static_cast<float>(place.layer) * (kNodeWidth + gap)),
            snap(top + static_cast<float>(place.index) * step - viewport.scrollY), kNodeWidth,
            kNodeHeight};
}

std::vector<PointF> ServiceMapView::edgeCurve(std::size_t edge, const Viewport &viewport) const
{
    const auto &of = m_map->edges[edge];
    const auto from = nodeRect(of.from, viewport), to = nodeRect(of.to, viewport);
    PointF a{from.right(), from.y + from.height / 2}, d{to.x, to.y + to.height / 2};
    std::vector<PointF> out;
    const auto curve = [&](PointF start, PointF first, PointF second, PointF end) {
        for (int i = out.empty() ? 0 : 1; i <= kCurvePoints; ++i)
            out.push_back(cubic(start, first, second, end, static_cast<float>(i) / kCurvePoints));
    };
    if (m_places[of.to].layer > m_places[of.from].layer) {
        const auto hop = [&](PointF start, PointF end) {
            const auto reach = (end.x - start.x) / 2;
            curve(start, {start.x + reach, start.y}, {end.x - reach, end.y}, end);
        };
        for (const auto bend : m_bends[edge]) {
            const auto through = rectOf(bend, viewport);
            const auto y = through.y + through.height / 2;
            hop(a, {through.x, y});
            a = {through.right(), y}; // straight on, beside the nodes of this layer
        }
        hop(a, d);
    } else {
        // Back, or beside: below both nodes.
        a = {from.x + from.width * 0.6f, from.bottom()};
        d = {to.x + to.width * 0.4f, to.bottom()};
        const auto low = std::max(from.bottom(), to.bottom()) + kRowGap;
        curve(a, {a.x, low}, {d.x, low}, d);
    }
    return out;
}

std::string ServiceMapView::edgeTitle(const ServiceEdge &edge) const
{
    return shown(m_map->nodes[edge.from].name) + " \u2192 " + shown(m_map->nodes[edge.to].name);
}

std::string ServiceMapView::edgeDetail(const ServiceEdge &edge) const
{
    return number(edge.calls) + (edge.calls == 1 ? " call" : " calls") + "\np50 " +
           formatDuration(edge.p50) + ", p95 " + formatDuration(edge.p95) + "\n" +
           number(edge.errors) + " failed (" +
           formatShare(static_cast<double>(edge.errors), static_cast<double>(edge.calls)) + ")";
}

std::string ServiceMapView::nodeDetail(const ServiceNode &node) const
{
    if (node.peer)
        return "called, has no spans of its own";
    return number(node.spans) + (node.spans == 1 ? " span" : " spans") + "\nself " +
           formatDuration(node.selfNs) + "\n" + number(node.errors) + " failed (" +
           formatShare(static_cast<double>(node.errors), static_cast<double>(node.spans)) + ")";
}

void ServiceMapView::paintNode(std::size_t node, Paint &paint) const
{
    const auto &of = m_map->nodes[node];
    const auto rect = nodeRect(node, paint.viewport);
    const auto color = of.peer ? paint.colors.otherLines : m_colors.of(of.name, paint.theme);
    if (m_annotated)
        paint.out.beginItem(ItemRole::Part, shown(of.name) + "\n" + nodeDetail(of));
    constexpr auto kRadius = static_cast<std::uint8_t>(tokens::k_radius_control);
    paint.out.fillRect(rect, paint.colors.surface1, kRadius);
    const bool often = failsOften(of.errors, of.spans);
    paint.out.strokeRect(rect, often ? paint.colors.error : paint.colors.border, often ? 2 : 1,
                         kRadius);
    paint.out.fillRect({rect.x + 8, rect.y + 10, 4, rect.height - 20}, color, 2);
    const auto line = [&](const std::string &text, FontRole font, Rgba ink, float y) {
        float width = 0;
        const auto cut = elided(text, font, rect.width - 30, paint.metrics, &width);
        if (!cut.empty())
            paint.out.text({rect.x + 20, y}, cut, ink, font, width);
    };
    line(shown(of.name), FontRole::Strong, paint.colors.text1, rect.y + 8);
    auto detail = of.peer ? std::string("no spans of its own")
                          : number(of.spans) + (of.spans == 1 ? " span" : " spans");
    if (of.errors > 0)
        detail += " \u00b7 " + number(of.errors) + " failed";
    line(detail, FontRole::Caption, of.errors > 0 ? paint.colors.error : paint.colors.text2,
         rect.y + 28);
    if (m_annotated)
        paint.out.endItem();
}

void ServiceMapView::paintEdge(std::size_t edge, Paint &paint) const
{
    const auto &of = m_map->edges[edge];
    const auto curve = edgeCurve(edge, paint.viewport);
    const auto color = failsOften(of.errors, of.calls) ? paint.colors.error : paint.colors.text3;
    // Wider for ten times the calls; one pixel for one.
    const auto width =
        1 +
        static_cast<float>(std::log10(static_cast<double>(std::max<std::uint64_t>(of.calls, 1)))) /
            2;
    if (m_annotated)
        paint.out.beginItem(ItemRole::Part, edgeTitle(of) + "\n" + edgeDetail(of));
    paint.out.polyline(curve, color, std::min(width, 4.0f));
    const auto tip = curve.back(), before = curve[curve.size() - 3];
    const auto angle = std::atan2(tip.y - before.y, tip.x - before.x);
    for (const float side : {-0.5f, 0.5f})
        paint.out.line(tip,
                       {tip.x - 9 * std::cos(angle + side), tip.y - 9 * std::sin(angle + side)},
                       color, std::min(width, 2.0f));
    if (m_annotated)
        paint.out.endItem();
}

void ServiceMapView::paintEdgeLabel(std::size_t edge, Paint &paint) const
{
    const auto &of = m_map->edges[edge];
    const auto curve = edgeCurve(edge, paint.viewport);
    auto middle = curve[curve.size() / 2];
    if (const auto &bends = m_bends[edge]; !bends.empty()) {
        const auto through = rectOf(bends[bends.size() / 2], paint.viewport);
        middle = {through.x + through.width / 2, through.y + through.height / 2};
    }
    const auto font = FontRole::Caption;
    const auto height = paint.metrics.lineHeight(font);
    std::vector<std::pair<std::string, Rgba>> lines{{number(of.calls) +
                                                         (of.calls == 1 ? " call" : " calls") +
                                                         " \u00b7 p95 " + formatDuration(of.p95),
                                                     paint.colors.text1}};
    if (of.errors > 0)
        lines.emplace_back(
            number(of.errors) + " failed (" +
                formatShare(static_cast<double>(of.errors), static_cast<double>(of.calls)) + ")",
            paint.colors.error);
    float widest = 0;
    for (const auto &[text, color] : lines)
        widest = std::max(widest, paint.metrics.width(text, font));
    const auto high = height * static_cast<float>(lines.size());
    const RectF box{middle.x - widest / 2 - 4, middle.y - high / 2 - 1, widest + 8, high + 2};
    paint.out.fillRect(box, paint.colors.surface0, 3);
    auto y = box.y + 1;
    for (const auto &[text, color] : lines) {
        const auto width = paint.metrics.width(text, font);
        paint.out.text({middle.x - width / 2, y}, text, color, font, width);
        y += height;
    }
}

void ServiceMapView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                           DisplayList &out) const
{
    const auto &colors = palette(theme);
    out.fillRect({0, 0, viewport.size.width, viewport.size.height}, colors.surface0);
    Paint paint{viewport, colors, theme, metrics, out};
    if (isEmpty()) {
        const std::string text = "There are no services";
        const auto width = metrics.width(text, FontRole::Body);
        out.text({(viewport.size.width - width) / 2, viewport.size.height / 2 - 10}, text,
                 colors.text2, FontRole::Body, width);
        return;
    }
    for (std::size_t i = 0; i < m_map->edges.size(); ++i)
        paintEdge(i, paint);
    for (std::size_t i = 0; i < m_map->nodes.size(); ++i)
        paintNode(i, paint);
    for (std::size_t i = 0; i < m_map->edges.size(); ++i)
        paintEdgeLabel(i, paint);
}

std::optional<Hit> ServiceMapView::hitTest(const Viewport &viewport, PointF at) const
{
    if (isEmpty())
        return std::nullopt;
    for (std::size_t i = 0; i < m_map->nodes.size(); ++i) {
        if (nodeRect(i, viewport).contains(at))
            return Hit{i, shown(m_map->nodes[i].name), nodeDetail(m_map->nodes[i])};
    }
    std::optional<Hit> out;
    auto nearest = kNear;
    for (std::size_t i = 0; i < m_map->edges.size(); ++i) {
        const auto curve = edgeCurve(i, viewport);
        for (std::size_t p = 1; p < curve.size(); ++p) {
            const auto away = distance(at, curve[p - 1], curve[p]);
            if (away < nearest) {
                nearest = away;
                out = Hit{m_map->nodes.size() + i, edgeTitle(m_map->edges[i]),
                          edgeDetail(m_map->edges[i])};
            }
        }
    }
    return out;
}

ServiceMapPicture serviceMapPicture(std::shared_ptr<const ServiceMap> map,
                                    const ServiceColors &colors,
                                    const ServiceMapPictureOptions &options,
                                    const TextMetrics &metrics)
{
    ServiceMapPicture out;
    ServiceMapView view(std::move(map), colors);
    view.setAnnotated(options.annotated);
    const auto needs = view.contentSize();
    // Never narrower than its labels need: a map that is cut says nothing.
    out.size = {std::ceil(std::max(options.width, needs.width)),
                std::ceil(std::max(options.height, kPictureHeading + needs.height))};
    paintPictureHeading(options.title, options.subtitle, out.size, options.theme, metrics,
                        out.list);
    DisplayList body;
    view.paint(
        {.size = {out.size.width, out.size.height - kPictureHeading}, .scale = options.scale},
        options.theme, metrics, body);
    out.list.append(body, {0, kPictureHeading});
    return out;
}

} // namespace flamewright
