#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"

#include <QCoreApplication>

#include <algorithm>

// Which views suit what is shown, and what the others say.
namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ViewArea", text);
}

QString titleOf(Subject captures)
{
    switch (captures) {
    case Subject::LoadTest:
    case Subject::ToolFigures: return tr("This capture is a load test");
    case Subject::Benchmarks: return tr("This capture holds benchmarks");
    case Subject::Trace: return tr("This capture is a trace");
    case Subject::Spans: return tr("This capture holds distributed traces");
    case Subject::Profile: break;
    }
    return tr("This capture is a profile");
}

QString aboutOf(Subject view)
{
    switch (view) {
    case Subject::LoadTest: return tr("%1 is about the requests of a load test.");
    case Subject::ToolFigures: return tr("%1 is about a load test.");
    case Subject::Benchmarks: return tr("%1 is about repeated measurements.");
    case Subject::Trace: return tr("%1 is about what began and ended when.");
    case Subject::Spans: return tr("%1 is about requests that pass through services.");
    case Subject::Profile: break;
    }
    return tr("%1 is about samples of what a program ran.");
}

QString heldBy(Subject captures)
{
    switch (captures) {
    case Subject::LoadTest:
    case Subject::ToolFigures:
        return tr("A load test has requests: how long each took and how it ended.");
    case Subject::Benchmarks:
        return tr("Benchmarks have values that a tool measured, repetition by repetition.");
    case Subject::Spans:
        return tr("Distributed traces have spans: what services did for one request.");
    case Subject::Trace:
        return tr("A trace has slices or spans: what began and ended when, and where.");
    case Subject::Profile: break;
    }
    return tr("A profile has samples of what a program ran.");
}

} // namespace

bool ViewArea::suits(const ViewKind &kind) const
{
    return !kind.subject || shows(*kind.subject);
}

bool ViewArea::shows(Subject subject) const
{
    return subject == m_subject || std::find(m_also.begin(), m_also.end(), subject) != m_also.end();
}

const ViewKind *ViewArea::leadKind() const
{
    const auto at = std::find_if(m_kinds.begin(), m_kinds.end(), [this](const ViewKind &kind) {
        return kind.subject && *kind.subject == m_subject;
    });
    return at == m_kinds.end() ? nullptr : &*at;
}

void ViewArea::coverUnsuitable(const ViewKind &kind, ViewPane *pane) const
{
    const auto *lead = suits(kind) ? nullptr : leadKind();
    if (!lead) {
        pane->cover({}, {}, {}, {});
        return;
    }
    const auto button = tr("Open %1").arg(lead->title);
    if (m_subject == Subject::ToolFigures)
        pane->cover(tr("This load test has no requests"),
                    tr("Its tool wrote figures that it had computed, not the requests they were "
                       "computed from. They are shown as they are."),
                    button, lead->id);
    else if (m_subject == Subject::LoadTest && *kind.subject == Subject::ToolFigures)
        pane->cover(titleOf(m_subject),
                    tr("%1 is for files without requests. This one has them, so that everything "
                       "can be computed exactly.")
                        .arg(kind.title),
                    button, lead->id);
    else
        pane->cover(titleOf(m_subject),
                    aboutOf(*kind.subject).arg(kind.title) + QLatin1Char(' ') + heldBy(m_subject),
                    button, lead->id);
}

void ViewArea::setSubject(Subject subject, std::vector<Subject> also)
{
    m_subject = subject;
    m_also = std::move(also);
    for (auto *group : groups()) {
        for (const auto &tab : group->tabs())
            coverUnsuitable(*tab.kind, tab.pane);
    }
}

void ViewArea::showSuitable()
{
    bool any = false;
    for (auto *group : groups()) {
        const auto &tabs = group->tabs();
        const auto good = [this](const TabGroup::Tab &tab) { return suits(*tab.kind); };
        const auto at = std::find_if(tabs.begin(), tabs.end(), good);
        any = any || at != tabs.end();
        if (at != tabs.end() && !good(tabs[std::max(0, group->current())]))
            group->setCurrent(static_cast<int>(at - tabs.begin()));
    }
    if (const auto *lead = leadKind(); lead && !any)
        open(lead->id);
}

} // namespace flamewright
