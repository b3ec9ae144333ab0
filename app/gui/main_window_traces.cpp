#include "app/gui/action_registry.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/main_window.h"
#include "app/gui/scope_bar.h"
#include "app/gui/timeline_pane.h"
#include "app/gui/view_area.h"
#include "app/same_time.h"
#include "app/track_source.h"
#include "views/qt/tracks_widget.h"

#include <QMenu>

#include <algorithm>

// What can be done with traces, and between captures that were recorded at the same time.
namespace flamewright {
namespace {

TimeRange hullOf(const std::vector<TimeRange> &times)
{
    auto out = times.front();
    for (const auto &range : times)
        out = {std::min(out.begin, range.begin), std::max(out.end, range.end)};
    return out;
}

TimeRange rangeOf(std::int64_t begin, std::int64_t length)
{
    const auto end = saturatingAdd(begin, std::max<std::int64_t>(length, 1));
    return {Timestamp{Duration{begin}}, Timestamp{Duration{end}}};
}

} // namespace

// The chosen span or trace where traces are looked at, else the times of the scope, else all of the
// capture.
std::optional<std::pair<CaptureId, TimeRange>> MainWindow::timeLookedAt() const
{
    const auto &scope = m_scope.scope();
    const auto *capture =
        scope.captures.empty() ? nullptr : m_document.find(scope.captures.front());
    if (!capture)
        return std::nullopt;
    const auto &study = m_traces.study();
    if (m_views->subject() == Subject::Spans && study && m_traces.trace() &&
        !study->rows().empty()) {
        const auto &trace = study->traces[*m_traces.trace()];
        const auto span = m_traces.span();
        const auto row = span.value_or(trace.root);
        const auto of = row < study->spans.capture.size() ? study->spans.capture[row] : 0;
        return std::pair{study->spans.captures[of],
                         span ? rangeOf(study->rows().begin[*span], study->rows().length[*span])
                              : rangeOf(trace.begin, trace.length)};
    }
    if (!scope.times.empty())
        return std::pair{capture->id, hullOf(scope.times)};
    if (capture->span)
        return std::pair{capture->id, *capture->span};
    return std::nullopt;
}

void MainWindow::showSameTime()
{
    const auto from = timeLookedAt();
    if (!from)
        return;
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("sameTimeMenu"));
    for (const auto &there : sameTimeIn(m_document.captures(), from->first, from->second)) {
        const auto *capture = m_document.find(there.capture);
        auto name = captureName(*capture);
        name.replace(QLatin1Char('&'), QStringLiteral("&&"));
        const auto *action = menu.addAction(
            tr("%1: %2").arg(name, captureSummary(m_services.workbench.importers(), *capture,
                                                  m_document.valueStyle())));
        connect(action, &QAction::triggered, this, [this, there] {
            auto next = m_scope.scope();
            next.captures = {there.capture};
            next.times = {there.range};
            next.tracks.clear();
            next.measure.clear();
            m_scope.setScope(std::move(next));
        });
    }
    menu.exec(m_scopeBar->mapToGlobal(QPoint(16, m_scopeBar->height())));
}

void MainWindow::addTraceActions()
{
    auto &a = *m_actions;
    a.add({.id = QStringLiteral("scope.sameTime"),
           .text = tr("Same &time in another capture…"),
           .keys = {QKeySequence(tr("Ctrl+Shift+J"))},
           .run = [this] { showSameTime(); },
           .whyNot = [this]() -> QString {
               const auto from = timeLookedAt();
               if (!from)
                   return tr("Show a capture with times first.");
               return sameTimeIn(m_document.captures(), from->first, from->second).empty()
                          ? tr("No other capture of this session was recorded then, or its wall "
                               "clock is not known.")
                          : QString();
           },
           .words = tr("correlate samples traces profile then jump wall clock")});
}

std::vector<CaptureId> MainWindow::withTracks() const
{
    std::vector<CaptureId> out;
    for (const auto &capture : m_document.captures()) {
        if (hasTracks(capture) && capture.state != CaptureState::Importing)
            out.push_back(capture.id);
    }
    return out;
}

void MainWindow::addTimelineActions()
{
    auto &a = *m_actions;
    const auto timeline = [this] { return m_views->find<TimelinePane>(); };
    const auto needsTimeline = [timeline] {
        const auto *pane = timeline();
        return pane && !pane->tracks()->view().isEmpty() ? QString()
                                                         : tr("No timeline with tracks is open.");
    };
    const auto needsMatch = [timeline] {
        const auto *pane = timeline();
        return pane && pane->hasMatches() ? QString()
                                          : tr("Nothing was searched and found in a timeline.");
    };
    const auto needsSlice = [timeline] {
        const auto *pane = timeline();
        return pane && pane->tracks()->view().selected()
                   ? QString()
                   : tr("No slice is selected in a timeline.");
    };
    a.beginMenu(tr("&View/T&imeline"));
    // Their keys are the timeline's own: they mean other things elsewhere.
    const auto act = [&](const char *id, const QString &text, Qt::Key key, const auto &whyNot,
                         const QString &words) {
        a.add({.id = QStringLiteral("timeline.") + QLatin1String(id),
               .text = text,
               .run = [timeline, key] { timeline()->tracks()->act(key); },
               .whyNot = whyNot,
               .words = words});
    };
    act("zoomIn", tr("Zoom &in"), Qt::Key_W, needsTimeline, tr("closer w"));
    act("zoomOut", tr("Zoom &out"), Qt::Key_S, needsTimeline, tr("farther s"));
    act("fit", tr("&Fit the selection"), Qt::Key_F, needsTimeline, tr("zoom area f"));
    act("everything", tr("Show &all of the time"), Qt::Key_Home, needsTimeline,
        tr("zoom reset fit home"));
    act("back", tr("&Back to the time before"), Qt::Key_Backspace, needsTimeline,
        tr("undo zoom backspace"));
    a.beginSection();
    const auto match = [&](const char *id, const QString &text, int step) {
        a.add({.id = QStringLiteral("timeline.") + QLatin1String(id),
               .text = text,
               .run = [timeline, step] { timeline()->stepMatch(step); },
               .whyNot = needsMatch,
               .words = tr("search find slices")});
    };
    match("next", tr("&Next match"), 1);
    match("previous", tr("&Previous match"), -1);
    act("flowOn", tr("Follow the flow &onward"), Qt::Key_BracketRight, needsSlice, tr("arrow ]"));
    act("flowBack", tr("Follow the flow &back"), Qt::Key_BracketLeft, needsSlice, tr("arrow ["));
    a.add({.id = QStringLiteral("timeline.note"),
           .text = tr("Add a no&te"),
           .run = [timeline] { timeline()->addNote(); },
           .whyNot = needsTimeline,
           .words = tr("bookmark annotate m")});
    a.beginSection();
    a.add({.id = QStringLiteral("timeline.together"),
           .text = tr("Show all traces to&gether"),
           .run =
               [this] {
                   m_scope.showCaptures(withTracks());
                   m_views->show(QStringLiteral("timeline"));
               },
           .whyNot =
               [this] {
                   return withTracks().size() > 1 ? QString()
                                                  : tr("There is no other trace to show.");
               },
           .words = tr("compare captures one axis wall clock overlay")});
}

} // namespace flamewright
