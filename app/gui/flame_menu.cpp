#include "app/gui/flame_menu.h"

#include "analysis/flame_tree.h"
#include "analysis/search.h"
#include "app/export_samples.h"
#include "app/gui/filter_editor.h"
#include "app/gui/text.h"

#include <QMenu>

#include <sstream>

namespace flamewright {
namespace {

QString nameOf(const FunctionInfo &function)
{
    return function.name.empty() ? FlameMenuActions::tr("(unknown)") : display(function.name);
}

QString menuText(QString text)
{
    return cappedForLayout(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
}

// Keys of the flame graph, shown beside what they do.
const char *keyOf(TransformKind kind)
{
    switch (kind) {
    case TransformKind::Focus: return "f";
    case TransformKind::FocusSubtree: return "F";
    case TransformKind::Keep: return "k";
    case TransformKind::Drop: return "d";
    case TransformKind::Hide: return "h";
    case TransformKind::CollapseModule: return "C";
    case TransformKind::CollapseRecursion: return "r";
    case TransformKind::CollapseDirectRecursion: return "R";
    case TransformKind::CollapseSubtree: return "c";
    case TransformKind::KeepModules: return "M";
    case TransformKind::ShowFrom: return "S";
    }
    return "";
}

} // namespace

std::optional<Transform> transformFor(TransformKind kind, const Profile &profile,
                                      std::uint32_t node)
{
    if (node == 0 || node >= profile.tree.size())
        return std::nullopt;
    const auto &function = profile.at(node);
    switch (kind) {
    case TransformKind::FocusSubtree: return Transform{kind, pathPattern(profile, node)};
    case TransformKind::CollapseModule:
    case TransformKind::KeepModules:
        if (function.module.empty())
            return std::nullopt;
        return Transform{kind, "=" + function.module};
    case TransformKind::Focus:
    case TransformKind::Keep:
    case TransformKind::Drop:
    case TransformKind::Hide:
    case TransformKind::CollapseRecursion:
    case TransformKind::CollapseDirectRecursion:
    case TransformKind::CollapseSubtree:
    case TransformKind::ShowFrom: return Transform{kind, exactPattern(function)};
    }
    return std::nullopt;
}

void FlameMenuActions::fill(QMenu *menu, const Profile &profile, std::uint32_t index,
                            std::uint32_t node, bool sharesNodes)
{
    if (index == 0 || index >= profile.tree.size())
        return;
    const auto &function = profile.at(index);
    const auto add = [&](TransformKind kind, const QString &label) {
        const auto wanted = transformFor(kind, profile, index);
        auto *action = menu->addAction(label + QLatin1Char('\t') + QLatin1String(keyOf(kind)));
        action->setEnabled(wanted.has_value());
        if (wanted) {
            connect(action, &QAction::triggered, this,
                    [this, wanted = *wanted] { Q_EMIT transform(wanted); });
        }
    };
    menu->addSection(menuText(nameOf(function)));
    menu->addAction(tr("Zoom to this frame\tEnter"), this, [this, node] { Q_EMIT zoom(node); });
    menu->addAction(tr("Callers and callees\t6"), this, [this, node] { Q_EMIT sandwich(node); });
    menu->addSeparator();
    add(TransformKind::Focus, tr("Focus this function"));
    if (sharesNodes)
        add(TransformKind::FocusSubtree, tr("Focus this subtree"));
    add(TransformKind::Keep, tr("Keep only stacks with it"));
    add(TransformKind::Drop, tr("Drop stacks with it"));
    menu->addSeparator();
    add(TransformKind::Hide, tr("Hide it (merge into its caller)"));
    add(TransformKind::CollapseSubtree, tr("Collapse what it calls"));
    add(TransformKind::CollapseRecursion, tr("Collapse its recursion"));
    add(TransformKind::CollapseDirectRecursion, tr("Collapse direct recursion only"));
    menu->addSeparator();
    add(TransformKind::CollapseModule, tr("Collapse its module"));
    add(TransformKind::KeepModules, tr("Keep only its module"));
    menu->addSeparator();
    menu->addAction(
        tr("Search for this name"), this,
        [this, name = QString::fromStdString(exactPattern(function))] { Q_EMIT search(name); });
    auto *source = menu->addAction(tr("Open the source line"), this,
                                   [this, node] { Q_EMIT openSource(node); });
    source->setEnabled(!function.file.empty());
    auto *copy = menu->addMenu(tr("Copy"));
    copy->addAction(tr("Name"), this, [this, node] { Q_EMIT copyName(node); });
    copy->addAction(tr("Stack"), this, [this, node] { Q_EMIT copyStack(node); });
    if (sharesNodes)
        copy->addAction(tr("Folded stacks below"), this, [this, node] { Q_EMIT copyFolded(node); });
}

QString stackText(const Profile &profile, std::uint32_t node)
{
    QStringList lines;
    for (auto at = node; at != 0; at = profile.tree.parent[at])
        lines << nameOf(profile.at(at));
    return lines.join(QLatin1Char('\n'));
}

QString foldedText(const Profile &profile, std::uint32_t top)
{
    std::ostringstream out;
    exportFolded(profile, out, top);
    return QString::fromStdString(out.str());
}

} // namespace flamewright
