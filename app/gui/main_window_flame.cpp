#include "app/gui/action_registry.h"
#include "app/gui/call_tree_pane.h"
#include "app/gui/filter_chips.h"
#include "app/gui/filter_editor.h"
#include "app/gui/flame_menu.h"
#include "app/gui/flame_pane.h"
#include "app/gui/main_window.h"
#include "app/gui/scope_bar.h"
#include "app/gui/view_area.h"
#include "views/qt/flame_widget.h"

namespace flamewright {

void MainWindow::addFlameActions()
{
    const auto needsFlame = [this] {
        return flamePane() ? needsCapture() : tr("No flame graph is open.");
    };
    auto &a = *m_actions;
    a.beginSection();
    const auto layout = [&](const char *id, const QString &text, int key, FlameLayout value) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .keys = {QKeySequence(key)},
               .run = [this, value] { flamePane()->setLayout(value); },
               .whyNot = needsFlame,
               .checked =
                   [this, value] {
                       const auto *flame = flamePane();
                       return flame && flame->layoutShown() == value;
                   },
               .words = tr("layout flame graph")});
    };
    layout("flame.icicle", tr("&Icicle"), Qt::Key_1, FlameLayout::Icicle);
    layout("flame.flame", tr("&Flame"), Qt::Key_2, FlameLayout::Flame);
    layout("flame.inverted", tr("I&nverted"), Qt::Key_3, FlameLayout::Inverted);
    layout("flame.leftHeavy", tr("&Left-heavy"), Qt::Key_4, FlameLayout::LeftHeavy);
    layout("flame.chart", tr("Along &time"), Qt::Key_5, FlameLayout::Chart);
    layout("flame.sandwich", tr("&Sandwich"), Qt::Key_6, FlameLayout::Sandwich);
    a.add({.id = QStringLiteral("flame.everything"),
           .text = tr("Show &everything"),
           .keys = {QKeySequence(tr("Ctrl+Home"))},
           .run = [this] { flamePane()->flame()->resetZoom(); },
           .whyNot = needsFlame,
           .words = tr("zoom reset fit")});
    addFlameLooks(needsFlame);
    addFilterActions();
}

void MainWindow::addFlameLooks(const std::function<QString()> &needsFlame)
{
    auto &a = *m_actions;
    a.beginMenu(tr("&View/&Colour by"));
    const auto color = [&](const char *id, const QString &text, ColorScheme scheme) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .run = [this, scheme] { flamePane()->setColors(scheme); },
               .whyNot = needsFlame,
               .checked =
                   [this, scheme] {
                       const auto *flame = flamePane();
                       return flame && flame->colors() == scheme;
                   },
               .words = tr("color scheme flame graph")});
    };
    color("flame.colorName", tr("&Name"), ColorScheme::Name);
    color("flame.colorModule", tr("&Module"), ColorScheme::Module);
    color("flame.colorPackage", tr("&Package"), ColorScheme::Package);
    color("flame.colorKind", tr("&Kind"), ColorScheme::Kind);
    color("flame.colorSelf", tr("&Self time"), ColorScheme::Self);
    a.beginMenu(tr("&View"));
    a.add({.id = QStringLiteral("flame.readable"),
           .text = tr("S&hort names"),
           .run = [this] { flamePane()->setReadable(!flamePane()->readable()); },
           .whyNot = needsFlame,
           .checked =
               [this] {
                   const auto *flame = flamePane();
                   return flame && flame->readable();
               },
           .words = tr("readable names templates packages")});
}

// What is done to the stacks: a new filter, and those of the selected frame.
void MainWindow::stepToMatch(int step)
{
    // In the view in front, if it has an order of its own.
    if (auto *tables = qobject_cast<CallTreePane *>(m_views->current()))
        tables->selectMatch(step);
    else if (auto *flame = flamePane())
        flame->selectMatch(step);
}

void MainWindow::addFilterActions()
{
    auto &a = *m_actions;
    const auto needsSelection = [this] {
        return m_profile.selection().node != 0 ? QString() : tr("No frame is selected.");
    };
    const auto needsMatch = [this] {
        const auto &found = m_profile.search();
        return found && found->nodeCount > 0 ? QString() : tr("Nothing was searched and found.");
    };
    a.beginMenu(tr("&Scope/&Filter"));
    a.add({.id = QStringLiteral("filter.add"),
           .text = tr("&Add a filter…"),
           .keys = {QKeySequence(tr("Ctrl+L"))},
           .run = [this] { m_scopeBar->filters()->addFilter(); },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("transform keep drop hide collapse focus")});
    a.add({.id = QStringLiteral("filter.clear"),
           .text = tr("&Remove all filters"),
           .run = [this] { m_scope.setTransforms({}); },
           .whyNot =
               [this] {
                   return m_scope.scope().transforms.empty() ? tr("There are no filters.")
                                                             : QString();
               }});
    a.beginSection();
    for (std::size_t i = 0; i < kTransformKinds; ++i) {
        const auto kind = static_cast<TransformKind>(i);
        const auto name = nameOf(kind);
        a.add({.id = QStringLiteral("filter.") +
                     QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())),
               .text = tr("Selected frame: %1").arg(transformVerb(kind)),
               .run =
                   [this, kind] {
                       const auto &profile = m_profile.profile();
                       const auto wanted =
                           profile ? transformFor(kind, *profile, m_profile.selection().node)
                                   : std::nullopt;
                       if (wanted)
                           m_scope.addTransform(*wanted);
                   },
               .whyNot = needsSelection});
    }
    a.beginMenu(tr("&Scope/F&ound"));
    const auto found = [&](const char *id, const QString &text, const QString &keys, int step) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .keys = {QKeySequence(keys)},
               .run = [this, step] { stepToMatch(step); },
               .whyNot = needsMatch,
               .words = tr("search match")});
    };
    found("search.next", tr("&Next match"), tr("F3"), 1);
    found("search.previous", tr("&Previous match"), tr("Shift+F3"), -1);
    const auto filter = [&](const char *id, const QString &text, TransformKind kind) {
        a.add({.id = QString::fromLatin1(id),
               .text = text,
               .run = [this, kind] { m_scopeBar->filterFound(kind); },
               .whyNot = needsMatch});
    };
    filter("search.keep", tr("&Keep only stacks with a match"), TransformKind::Keep);
    filter("search.drop", tr("&Drop stacks with a match"), TransformKind::Drop);
}

} // namespace flamewright
