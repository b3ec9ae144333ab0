#include "views/scene/flame_picture.h"

#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace flamewright {
namespace {

constexpr float kMargin = 16;
constexpr float kHeading = 52;
constexpr float kFooter = 36;
constexpr float kLeastGraph = 120;

// Kinds that occur, in legend order.
std::vector<std::pair<std::string, FrameLook>> legend(const Profile &profile, bool searching)
{
    const std::pair<const char *, FrameLook> all[] = {
        {"user", {.kind = FrameKind::User}},
        {"kernel", {.kind = FrameKind::Kernel}},
        {"JIT", {.kind = FrameKind::Jit}},
        {"interpreted", {.kind = FrameKind::Interpreter}},
        {"guest, hypervisor, markers", {.kind = FrameKind::Guest}},
        {"no symbol", {.unresolved = true}},
        {"found", {.match = true}},
    };
    const auto occurs = [&](const FrameLook &look) {
        if (look.match)
            return searching;
        return std::any_of(
            profile.functions.begin() + 1, profile.functions.end(), [&](const FunctionInfo &f) {
                if (look.unresolved || f.unresolved)
                    return look.unresolved && f.unresolved;
                const FrameLook of{.kind = f.kind};
                return frameColors(of, Theme::Light).fill == frameColors(look, Theme::Light).fill;
            });
    };
    std::vector<std::pair<std::string, FrameLook>> out;
    if (profile.functions.empty())
        return out;
    for (const auto &[name, look] : all) {
        if (occurs(look))
            out.emplace_back(name, look);
    }
    return out;
}

// Draws the legend and whatever has to be said about what is not shown.
void footer(const FlamePictureOptions &options, const Profile *profile, std::uint32_t hiddenRows,
            SizeF size, const TextMetrics &metrics, DisplayList &out)
{
    const auto &colors = palette(options.theme);
    const auto y = size.height - 26;
    auto x = kMargin;
    if (profile) {
        for (const auto &[name, look] : legend(*profile, !options.search.nodes.empty())) {
            out.fillRect({x, y + 2, 12, 12}, frameColors(look, options.theme).fill, 2);
            const auto width = metrics.width(name, FontRole::Caption);
            out.text({x + 18, y}, name, colors.text2, FontRole::Caption, width);
            x += 18 + width + 16;
        }
    }
    if (hiddenRows > 0) {
        const auto text = formatCount(hiddenRows) + " deeper rows not shown";
        const auto width = metrics.width(text, FontRole::Caption);
        out.text({size.width - kMargin - width, y}, text, colors.warn, FontRole::Caption, width);
    }
}

// Moves a list, as drawn at the origin, into place.
void append(const DisplayList &from, float dx, float dy, DisplayList &out)
{
    for (const auto &c : from.commands()) {
        const RectF rect{c.rect.x + dx, c.rect.y + dy, c.rect.width, c.rect.height};
        const auto width = static_cast<float>(c.count) / 16;
        switch (c.op) {
        case Op::FillRect: out.fillRect(rect, c.color, c.radius); break;
        case Op::StrokeRect: out.strokeRect(rect, c.color, width, c.radius); break;
        case Op::Line:
            out.line({rect.x, rect.y}, {rect.right(), rect.bottom()}, c.color, width);
            break;
        case Op::Polyline: {
            std::vector<PointF> points(from.pointsOf(c).begin(), from.pointsOf(c).end());
            for (auto &p : points)
                p = {p.x + dx, p.y + dy};
            out.polyline(points, c.color, c.rect.x);
            break;
        }
        case Op::Text:
            out.text({rect.x, rect.y}, from.textOf(c), c.color, c.font, c.rect.width);
            break;
        case Op::PushClip: out.pushClip(rect); break;
        case Op::PopClip: out.popClip(); break;
        case Op::BeginItem: out.beginItem(c.role, from.textOf(c)); break;
        case Op::EndItem: out.endItem(); break;
        }
    }
}

} // namespace

FlamePicture flamePicture(const std::shared_ptr<const Profile> &profile,
                          const FlamePictureOptions &options, const TextMetrics &metrics)
{
    FlameView view(profile);
    view.setLayout(options.layout);
    view.setSearch(options.search);
    view.setAnnotated(options.annotated);

    FlamePicture out;
    const auto chrome = kHeading + kFooter;
    const auto wanted = std::max(view.contentHeight(), kLeastGraph) + chrome;
    const auto height = options.height > 0 ? options.height : std::min(wanted, options.maxHeight);
    out.size = {std::max(options.width, 200.0f), std::ceil(std::max(height, chrome + 40))};

    const auto &colors = palette(options.theme);
    out.list.fillRect({0, 0, out.size.width, out.size.height}, colors.surface0);
    const auto heading = [&](std::string_view text, FontRole font, Rgba color, float y) {
        float width = 0;
        const auto shown = elided(CaptureText(text).toDisplay(), font, out.size.width - 2 * kMargin,
                                  metrics, &width);
        out.list.text({kMargin, y}, shown, color, font, width);
    };
    heading(options.title, FontRole::Title, colors.text1, 8);
    heading(options.subtitle, FontRole::Body, colors.text2, 28);

    const auto row = static_cast<float>(tokens::k_row_frame);
    const SizeF graph{out.size.width - 2 * kMargin, out.size.height - chrome};
    DisplayList frames;
    view.paint({.size = graph, .scale = options.scale}, options.theme, metrics, frames);
    append(frames, kMargin, kHeading, out.list);
    const auto hidden = std::ceil(std::max(view.contentHeight() - graph.height, 0.0f) / row);
    footer(options, profile.get(), static_cast<std::uint32_t>(hidden), out.size, metrics, out.list);
    return out;
}

} // namespace flamewright
