#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/services.h"
#include "app/gui/text.h"
#include "app/gui/timeline_pane.h"
#include "views/paint/paint_qt.h"
#include "views/qt/tracks_widget.h"
#include "views/scene/tracks_picture.h"

#include <QJsonArray>
#include <QLineEdit>
#include <QSplitter>

// What the timeline's tab says, keeps and gives away.
namespace flamewright {
namespace {

constexpr QLatin1String kClosed("closed"), kPinned("pinned"), kFilter("filter"), kBegin("begin_ns"),
    kLength("length_ns"), kBelow("below");
constexpr float kPictureWidth = 1400;

QJsonArray arrayOf(const auto &refs)
{
    QJsonArray out;
    for (const auto &ref : refs)
        out.append(
            QJsonArray{static_cast<qint64>(ref.capture.raw), static_cast<qint64>(ref.track.raw)});
    return out;
}

std::vector<TrackRef> refsOf(const QJsonValue &value)
{
    std::vector<TrackRef> out;
    for (const auto &each : value.toArray()) {
        const auto pair = each.toArray();
        out.push_back({CaptureId{static_cast<std::uint32_t>(pair.at(0).toInteger())},
                       TrackId{static_cast<std::uint32_t>(pair.at(1).toInteger())}});
    }
    return out;
}

} // namespace

QJsonObject TimelinePane::state() const
{
    if (!m_model.set())
        return m_pending;
    const auto &view = m_tracks->view();
    QJsonObject out{{kClosed, arrayOf(view.choices().closed)},
                    {kPinned, arrayOf(view.choices().pinned)},
                    {kFilter, m_field->text()}};
    if (!(view.window() == view.whole())) {
        out.insert(kBegin, QString::number(view.window().begin));
        out.insert(kLength, view.window().length);
    }
    const auto sizes = m_splitter->sizes();
    if (sizes.size() == 2 && sizes[1] > 0)
        out.insert(kBelow, sizes[1]);
    return out;
}

void TimelinePane::restore(const QJsonObject &state)
{
    if (!m_model.set()) {
        m_pending = state;
        return;
    }
    auto choices = m_tracks->view().choices();
    if (state.contains(kClosed)) {
        const auto closed = refsOf(state.value(kClosed));
        choices.closed = {closed.begin(), closed.end()};
    }
    choices.pinned = refsOf(state.value(kPinned));
    choices.filter = state.value(kFilter).toString().toStdString();
    m_tracks->setChoices(std::move(choices));
    const QSignalBlocker quiet(m_field);
    m_field->setText(state.value(kFilter).toString());
    bool known = false;
    const auto begin = state.value(kBegin).toString().toLongLong(&known);
    if (const auto length = state.value(kLength).toDouble(); known && length > 0)
        m_tracks->setWindow({begin, 0, length});
    if (const auto below = state.value(kBelow).toInt(); below > 40 && below < 4000)
        m_splitter->setSizes({std::max(200, height() - below), below});
}

QString TimelinePane::summary() const
{
    return m_summary->plain();
}

QString TimelinePane::footer() const
{
    return m_footer->plain();
}

void TimelinePane::describe()
{
    const auto &set = m_model.set();
    const auto number = [](std::uint64_t n) { return grouped(static_cast<std::int64_t>(n)); };
    const auto &matches = m_model.matches();
    if (!m_model.searchError().isEmpty())
        m_found->setPlain(m_model.searchError());
    else if (!matches)
        m_found->setPlain({});
    else if (m_match)
        m_found->setPlain(tr("%1 of %2").arg(number(*m_match + 1), number(matches->count)));
    else
        m_found->setPlain(tr("%1 found").arg(number(matches->count)));
    if (!set) {
        m_summary->setPlain(m_model.error());
        m_footer->setPlain({});
        return;
    }
    std::uint64_t slices = 0;
    for (const auto &capture : set->captures)
        slices += capture.sliceCount;
    auto text = slices == 1 ? tr("1 slice") : tr("%1 slices").arg(number(slices));
    text += QStringLiteral(" \u00b7 ") + tr("%1 tracks").arg(number(set->nodes.size()));
    if (const auto hidden = m_tracks->view().rows().hidden(); hidden > 0)
        text += tr(" (%1 filtered out)").arg(number(hidden));
    if (set->axis == TraceSet::Axis::Together)
        text += QStringLiteral(" \u00b7 ") + tr("no common clock: drawn as if begun together");
    for (const auto &capture : set->captures) {
        if (capture.samples && capture.samples->step() > 1)
            text += QStringLiteral(" \u00b7 ") +
                    tr("sample ticks: one in %1").arg(number(capture.samples->step()));
    }
    m_summary->setPlain(text);

    const auto &area = m_tracks->view().area();
    const auto &stats = m_model.stats();
    if (m_model.statsBusy()) {
        m_footer->setPlain(tr("Counting\u2026"));
    } else if (!m_model.statsError().isEmpty()) {
        m_footer->setPlain(m_model.statsError());
    } else if (!stats) {
        m_footer->setPlain(tr("Drag over the tracks to choose a time"));
    } else {
        auto said =
            area ? tr("%1 chosen")
                       .arg(durationText(area->end - area->begin, m_context.document.valueStyle()))
                 : tr("all of the time");
        if (area && !area->nodes.empty())
            said += QStringLiteral(" \u00b7 ") +
                    (area->nodes.size() == 1 ? tr("1 track")
                                             : tr("%1 tracks").arg(number(area->nodes.size())));
        said += QStringLiteral(" \u00b7 ") + tr("%1 slices").arg(number(stats->slices));
        m_footer->setPlain(said);
    }
}

std::optional<ViewPicture> TimelinePane::picture(Theme theme) const
{
    const auto &set = m_model.set();
    if (!set || set->empty())
        return std::nullopt;
    const auto &view = m_tracks->view();
    const TracksPictureOptions options{
        .title = set->captures.size() == 1
                     ? set->captures.front().name
                     : tr("%1 captures").arg(set->captures.size()).toStdString(),
        .subtitle = m_summary->plain().toStdString(),
        .theme = theme,
        .width = kPictureWidth,
        .range = std::pair(view.window().begin, view.window().end())};
    const QtTextMetrics metrics;
    auto made = tracksPicture(view, options, metrics);
    return ViewPicture{std::move(made.list), made.size, options.theme, QStringLiteral("timeline")};
}

std::function<QString()> TimelinePane::data() const
{
    const auto stats = m_model.stats();
    if (!stats)
        return {};
    return [stats] { return sliceStatsAsText(*stats); };
}

} // namespace flamewright
