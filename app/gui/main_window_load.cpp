#include "app/gui/action_registry.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/inspector.h"
#include "app/gui/load_inspector.h"
#include "app/gui/main_window.h"
#include "app/gui/panels.h"
#include "app/gui/session_keeper.h"
#include "app/gui/trace_inspector.h"
#include "app/gui/view_area.h"

#include <QStackedWidget>

// How the window follows what its captures are about, and what can be done with load tests.
namespace flamewright {

void MainWindow::followSubject()
{
    bool any = false, load = false, requests = false, benchmarks = true, trace = false,
         spans = false;
    std::vector<Subject> also;
    for (const auto id : m_scope.scope().captures) {
        const auto *capture = m_document.find(id);
        if (!capture)
            continue;
        any = true;
        load = load || isLoadTest(*capture);
        requests = requests || capture->requests > 0;
        benchmarks = benchmarks && isBenchmarks(*capture);
        trace = trace || isTrace(*capture);
        if (capture->samples > 0)
            also.push_back(Subject::Profile);
        if (capture->slices > 0)
            also.push_back(Subject::Trace);
        if (hasServices(*capture)) {
            also.push_back(Subject::Spans);
            spans = true;
        }
    }
    if (!any)
        return;
    const auto subject = requests     ? Subject::LoadTest
                         : load       ? Subject::ToolFigures
                         : benchmarks ? Subject::Benchmarks
                         : trace      ? (spans ? Subject::Spans : Subject::Trace)
                                      : Subject::Profile;
    const bool moved = subject != m_views->subject();
    m_views->setSubject(subject, std::move(also));
    if (!m_keeper->begin(subject) && moved)
        m_views->showSuitable();
    QWidget *inspector = m_inspector;
    if (load)
        inspector = m_loadInspector;
    else if (subject == Subject::Spans)
        inspector = m_traceInspector;
    m_inspectors->setCurrentWidget(inspector);
    m_panels->panel(QStringLiteral("functions"))
        ->setUseful(m_views->shows(Subject::Profile) && !comparesInFront());
    m_panels->panel(QStringLiteral("inspector"))->setUseful(hasInspector());
}

// What it would say of benchmarks stands in the table, of slices below the timeline.
bool MainWindow::hasInspector() const
{
    if (comparesInFront())
        return false;
    return m_views->subject() != Subject::Benchmarks && m_views->subject() != Subject::Trace;
}

std::vector<CaptureId> MainWindow::loadTests() const
{
    std::vector<CaptureId> out;
    for (const auto &capture : m_document.captures()) {
        if (capture.requests > 0 && capture.state != CaptureState::Importing)
            out.push_back(capture.id);
    }
    return out;
}

void MainWindow::addLoadActions()
{
    auto &a = *m_actions;
    const auto needsLoad = [this] {
        return m_load.isAbout() ? QString() : tr("Show a load test first.");
    };
    a.beginMenu(tr("&View/&Load test"));
    const auto by = [&](const char *id, const QString &text, LatencyBy what, bool patterns) {
        a.add({.id = QStringLiteral("load.by.") + QLatin1String(id),
               .text = text,
               .run =
                   [this, what, patterns] {
                       auto choice = m_load.choice();
                       choice.question.by = what;
                       choice.question.patterns = patterns;
                       choice.question.tag.clear();
                       m_load.setChoice(std::move(choice));
                   },
               .whyNot = needsLoad,
               .checked =
                   [this, what, patterns] {
                       const auto &question = m_load.choice().question;
                       return question.by == what &&
                              (what != LatencyBy::Endpoint || question.patterns == patterns);
                   },
               .words = tr("group requests percentiles")});
    };
    by("endpoint", tr("Group by &endpoint"), LatencyBy::Endpoint, false);
    by("pattern", tr("Group by URL &pattern, without ids"), LatencyBy::Endpoint, true);
    by("status", tr("Group by &status"), LatencyBy::Status, false);
    by("phase", tr("Group by p&hase"), LatencyBy::Phase, false);
    by("worker", tr("Group by &worker"), LatencyBy::Worker, false);
    by("capture", tr("Group by &capture"), LatencyBy::Capture, false);
    a.beginSection();
    a.add({.id = QStringLiteral("load.failures"),
           .text = tr("&Failures included"),
           .run = [this] { m_load.setFailures(!m_load.choice().failures); },
           .whyNot = needsLoad,
           .checked = [this] { return m_load.choice().failures; },
           .words = tr("errors successes percentiles")});
    a.beginSection();
    a.add({.id = QStringLiteral("load.together"),
           .text = tr("Show all load tests &together"),
           .run =
               [this] {
                   m_scope.showCaptures(loadTests());
                   m_load.setBy(LatencyBy::Capture);
               },
           .whyNot =
               [this] {
                   return loadTests().size() > 1 ? QString()
                                                 : tr("There is no other load test to show.");
               },
           .words = tr("compare before after overlay")});
}

} // namespace flamewright
