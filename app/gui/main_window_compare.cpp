#include "app/gui/action_registry.h"
#include "app/gui/captures_sidebar.h"
#include "app/gui/compare_bar.h"
#include "app/gui/compare_pane.h"
#include "app/gui/compare_text.h"
#include "app/gui/main_window.h"
#include "app/gui/session_keeper.h"
#include "app/gui/side_pane.h"
#include "app/gui/view_area.h"

// What can be done with two sides, and how the window follows them.
namespace flamewright {

void MainWindow::connectComparing()
{
    connect(m_compareBar, &CompareBar::filesDropped, this,
            [this](CaptureRole role, const QStringList &paths) { importFiles(paths, role); });
    connect(&m_document, &Document::opened, this, [this] {
        m_hadBoth = m_sidesKnown = m_offerCompareViews = false;
        m_compare.select({});
    });
    connect(&m_compare, &CompareModel::sidesChanged, this, &MainWindow::followSides);
    connect(&m_compare, &CompareModel::comparisonChanged, this, &MainWindow::followComparison);
    connect(m_views, &ViewArea::currentChanged, this, &MainWindow::arrange);
    for (const auto signal : {&CompareModel::sectionChanged, &CompareModel::busyChanged})
        connect(&m_compare, signal, m_actions, &ActionRegistry::refresh);
}

bool MainWindow::comparesInFront() const
{
    const auto *front = m_views->current();
    return qobject_cast<const ComparePane *>(front) || qobject_cast<const SidePane *>(front);
}

void MainWindow::followSides()
{
    const bool both = m_compare.hasBoth();
    // Whoever left a session looking at something else finds it so again.
    if (both && !m_hadBoth && (m_sidesKnown || !m_keeper->hasOwnLayout()))
        m_offerCompareViews = true;
    m_hadBoth = both;
    m_sidesKnown = m_sidesKnown || !m_document.captures().empty();
    arrange();
}

void MainWindow::followComparison()
{
    m_actions->refresh();
    if (m_offerCompareViews && m_compare.comparison()) {
        m_offerCompareViews = false;
        openCompareViews();
    }
}

void MainWindow::openCompareViews()
{
    QStringList kinds;
    for (const auto &section : m_compare.comparison()->sections)
        kinds << QString::fromStdString(section.kind);
    const auto views = viewsComparing(kinds);
    for (const auto &view : views)
        m_views->show(view);
    if (!views.isEmpty())
        m_views->show(views.front());
}

// What is chosen in the list of captures; nothing there: what is shown.
void MainWindow::useAs(CaptureRole role)
{
    auto captures = m_sidebar->selected();
    if (captures.empty())
        captures = m_scope.scope().captures;
    m_compareBar->setSide(role, captures);
}

void MainWindow::addCompareActions()
{
    auto &a = *m_actions;
    const auto needsSides = [this] {
        return m_compare.hasBoth() ? QString() : tr("Drop a capture on A and one on B first.");
    };
    const auto needsAnswer = [this, needsSides] {
        if (m_compare.comparison())
            return QString();
        const auto why = needsSides();
        if (!why.isEmpty())
            return why;
        return m_compare.error().isEmpty() ? tr("Still comparing.") : m_compare.error();
    };
    a.beginMenu(tr("&Compare"));
    a.add({.id = QStringLiteral("compare.useA"),
           .text = tr("Use as &A (baseline)"),
           .run = [this] { useAs(CaptureRole::Baseline); },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("before side role runs")});
    a.add({.id = QStringLiteral("compare.useB"),
           .text = tr("Use as &B (candidate)"),
           .run = [this] { useAs(CaptureRole::Candidate); },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("after side role runs")});
    a.add({.id = QStringLiteral("compare.swap"),
           .text = tr("&Swap A and B"),
           .keys = {QKeySequence(Qt::Key_X)},
           .run = [this] { m_compareBar->swap(); },
           .whyNot = needsSides,
           .words = tr("exchange before after turn round")});
    a.add({.id = QStringLiteral("compare.clear"),
           .text = tr("&Neither: take everything off"),
           .run =
               [this] {
                   Document::Roles roles;
                   for (const auto role : {CaptureRole::Baseline, CaptureRole::Candidate}) {
                       for (const auto &capture : m_compare.side(role))
                           roles.emplace_back(capture.id, CaptureRole::None);
                   }
                   m_document.setRoles(roles);
               },
           .whyNot =
               [this] {
                   return m_compare.side(CaptureRole::Baseline).empty() &&
                                  m_compare.side(CaptureRole::Candidate).empty()
                              ? tr("Nothing is on A or B.")
                              : QString();
               },
           .words = tr("clear sides stop comparing")});
    a.beginSection();
    a.addChoices({.id = QStringLiteral("normaliseMenu"),
                  .menu = tr("&Compare/&Divide figures by"),
                  .phrase = tr("Compare: %1"),
                  .none = {},
                  .list = [this] {
                      std::vector<ActionRegistry::Choice> out;
                      for (const auto by :
                           {NormaliseBy::Automatic, NormaliseBy::Nothing, NormaliseBy::Total,
                            NormaliseBy::WallTime, NormaliseBy::CpuTime, NormaliseBy::Work}) {
                          const auto name = nameOf(by);
                          out.push_back({QString::fromLatin1(name.data(),
                                                             static_cast<qsizetype>(name.size())),
                                         titleOf(by), [this, by] { m_compare.normaliseBy(by); },
                                         by == m_compare.normalisedBy()});
                      }
                      return out;
                  }});
    a.add({.id = QStringLiteral("compare.remarks"),
           .text = tr("Are they c&omparable?"),
           .run = [this] { m_compareBar->openRemarks(); },
           .whyNot = needsAnswer,
           .words = tr("differences kernel cpu mix grave remarks")});
    a.add({.id = QStringLiteral("compare.confirm"),
           .text = tr("Compare any&way"),
           .run = [this] { m_compare.confirm(!m_compare.isConfirmed()); },
           .whyNot =
               [this, needsAnswer] {
                   const auto why = needsAnswer();
                   return !why.isEmpty() || m_compare.isConfirmed() ||
                                  m_compare.comparison()->isBlocked()
                              ? why
                              : tr("Nothing keeps them from being compared.");
               },
           .checked = [this] { return m_compare.isConfirmed(); },
           .words = tr("confirm grave differences verdicts blocked")});
    a.add({.id = QStringLiteral("compare.cancel"),
           .text = tr("S&top comparing"),
           .run = [this] { m_compare.cancel(); },
           .whyNot = [this] { return m_compare.busy() ? QString() : tr("Nothing is running."); },
           .words = tr("cancel")});
    a.beginSection();
    a.add({.id = QStringLiteral("compare.views"),
           .text = tr("&Open the views of the comparison"),
           .run = [this] { openCompareViews(); },
           .whyNot = needsAnswer,
           .words = tr("changes difference flame graph percentiles side by side")});
}

} // namespace flamewright
