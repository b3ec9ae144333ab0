#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"

#include <algorithm>

// Which views suit what is shown, and what the others say.
namespace flamewright {

bool ViewArea::suits(const ViewKind &kind) const
{
    return !kind.subject || *kind.subject == m_subject;
}

const ViewKind *ViewArea::leadKind() const
{
    const auto at = std::find_if(m_kinds.begin(), m_kinds.end(), [this](const ViewKind &kind) {
        return kind.subject && suits(kind);
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
    switch (m_subject) {
    case Subject::Profile:
        pane->cover(tr("This capture is a profile"),
                    tr("%1 is about a load test. A profile has samples of what a program ran.")
                        .arg(kind.title),
                    button, lead->id);
        break;
    case Subject::LoadTest:
        pane->cover(tr("This capture is a load test"),
                    *kind.subject == Subject::Profile
                        ? tr("%1 is about samples of what a program ran. A load test has requests: "
                             "how long each took and how it ended.")
                              .arg(kind.title)
                        : tr("%1 is for files without requests. This one has them, so that "
                             "everything can be computed exactly.")
                              .arg(kind.title),
                    button, lead->id);
        break;
    case Subject::ToolFigures:
        pane->cover(tr("This load test has no requests"),
                    tr("Its tool wrote figures that it had computed, not the requests they were "
                       "computed from. They are shown as they are."),
                    button, lead->id);
        break;
    }
}

void ViewArea::setSubject(Subject subject)
{
    m_subject = subject;
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
