#include "app/gui/view_area.h"

#include "app/gui/tab_drag.h"
#include "app/gui/view_pane.h"

#include <QApplication>
#include <QJsonArray>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

// More than anybody can look at; a session may be a stranger's.
constexpr int kMaxGroups = 12, kMaxTabs = 48, kMaxDepth = 6;

void collectGroups(const QWidget *node, QList<TabGroup *> &out)
{
    if (const auto *splitter = qobject_cast<const QSplitter *>(node)) {
        for (int i = 0; i < splitter->count(); ++i)
            collectGroups(splitter->widget(i), out);
    } else if (const auto *group = qobject_cast<const TabGroup *>(node)) {
        out << const_cast<TabGroup *>(group);
    }
}

QString directionName(Qt::Orientation orientation)
{
    return orientation == Qt::Horizontal ? QStringLiteral("right") : QStringLiteral("down");
}

int boundedInt(const QJsonValue &value, int most)
{
    return std::clamp(value.toInt(), 0, most);
}

} // namespace

struct ViewArea::Budget {
    int groups = kMaxGroups, tabs = kMaxTabs;
};

ViewArea::ViewArea(const ViewContext &context, std::vector<ViewKind> kinds, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_kinds(std::move(kinds)),
      m_drag(new TabDrag(this, [this](TabGroup *from, QPoint at) { return dropAt(from, at); }))
{
    connect(m_drag, &TabDrag::dropped, this, &ViewArea::moveTab);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        for (auto *widget = now; widget && widget != this; widget = widget->parentWidget()) {
            auto *group = qobject_cast<TabGroup *>(widget);
            if (group && isAncestorOf(group))
                activate(group);
        }
    });
}

ViewArea::~ViewArea()
{
    disconnect(qApp, nullptr, this, nullptr);
}

void ViewArea::setActions(const QList<QAction *> &open, const QList<QAction *> &tab)
{
    m_openActions = open;
    m_tabActions = tab;
    reset();
}

TabGroup *ViewArea::makeGroup()
{
    auto *group = new TabGroup(this);
    group->setOpenActions(m_openActions);
    group->setTabActions(m_tabActions);
    m_drag->watch(group);
    connect(group, &TabGroup::touched, this, [this, group] { activate(group); });
    connect(group, &TabGroup::closeRequested, this, [this, group](int at) { close(group, at); });
    connect(group, &TabGroup::moved, this, &ViewArea::changed);
    connect(group, &TabGroup::currentChanged, this, [this, group] {
        if (m_restoring)
            return;
        if (group == m_active)
            Q_EMIT currentChanged();
        Q_EMIT changed();
    });
    return group;
}

QSplitter *ViewArea::makeSplitter(Qt::Orientation orientation)
{
    auto *splitter = new QSplitter(orientation, this);
    splitter->setObjectName(QStringLiteral("viewSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(5);
    connect(splitter, &QSplitter::splitterMoved, this, &ViewArea::changed);
    return splitter;
}

const ViewKind *ViewArea::kindNamed(const QString &id) const
{
    const auto at = std::find_if(m_kinds.begin(), m_kinds.end(),
                                 [&](const ViewKind &kind) { return kind.id == id; });
    return at == m_kinds.end() ? nullptr : &*at;
}

ViewPane *ViewArea::makePane(const ViewKind &kind)
{
    auto *pane = kind.make(m_context, this);
    connect(pane, &ViewPane::stateChanged, this, &ViewArea::changed);
    connect(pane, &ViewPane::flameGraphRequested, this, &ViewArea::flameGraphRequested);
    connect(pane, &ViewPane::problem, this, &ViewArea::problem);
    connect(pane, &ViewPane::viewRequested, this, [this](const QString &id) {
        show(id);
        if (m_active)
            m_active->focusView();
    });
    coverUnsuitable(kind, pane);
    return pane;
}

QList<TabGroup *> ViewArea::groups() const
{
    QList<TabGroup *> out;
    collectGroups(m_root, out);
    return out;
}

QList<ViewPane *> ViewArea::panes() const
{
    QList<ViewPane *> out;
    for (const auto *group : groups()) {
        for (const auto &tab : group->tabs())
            out << tab.pane;
    }
    return out;
}

ViewPane *ViewArea::current() const
{
    return m_active ? m_active->currentPane() : nullptr;
}

QString ViewArea::currentKind() const
{
    return current() ? m_active->tabs()[m_active->current()].kind->id : QString();
}

void ViewArea::activate(TabGroup *group)
{
    if (!group || group == m_active)
        return;
    m_active = group;
    mark();
    Q_EMIT currentChanged();
    Q_EMIT changed();
}

void ViewArea::mark()
{
    const auto all = groups();
    for (auto *group : all)
        group->setMarked(group == m_active && all.size() > 1);
}

ViewPane *ViewArea::open(const QString &kind)
{
    const auto *found = kindNamed(kind);
    if (!found || !m_active || panes().size() >= kMaxTabs)
        return nullptr;
    auto *pane = makePane(*found);
    const auto at = m_active->current() + 1;
    m_active->insert(at, {found, pane});
    m_active->setCurrent(at);
    Q_EMIT currentChanged();
    Q_EMIT changed();
    return pane;
}

ViewPane *ViewArea::show(const QString &kind)
{
    for (auto *group : groups()) {
        for (int at = 0; at < group->count(); ++at) {
            if (group->tabs()[at].kind->id == kind) {
                group->setCurrent(at);
                activate(group);
                return group->tabs()[at].pane;
            }
        }
    }
    return open(kind);
}

void ViewArea::closeCurrent()
{
    if (current())
        close(m_active, m_active->current());
}

void ViewArea::close(TabGroup *group, int at)
{
    // Whoever asked may be a button on the tab: gone only when the event is over.
    group->take(at).pane->deleteLater();
    if (group->count() == 0)
        removeGroup(group);
    if (m_active)
        m_active->focusView();
    Q_EMIT currentChanged();
    Q_EMIT changed();
}

void ViewArea::removeGroup(TabGroup *group)
{
    const auto all = groups();
    if (all.size() == 1)
        return; // empty, it offers what can be opened
    auto *splitter = qobject_cast<QSplitter *>(group->parentWidget());
    if (group == m_active) {
        const auto at = all.indexOf(group);
        m_active = all[at == 0 ? 1 : at - 1];
    }
    group->setParent(this);
    group->hide();
    group->deleteLater();
    // A splitter with one part is no splitter.
    while (splitter->count() == 1 && splitter != m_root) {
        auto *parent = qobject_cast<QSplitter *>(splitter->parentWidget());
        const auto sizes = parent->sizes();
        parent->replaceWidget(parent->indexOf(splitter), splitter->widget(0));
        parent->setSizes(sizes);
        splitter->setParent(this);
        splitter->hide();
        splitter->deleteLater();
        splitter = parent;
    }
    mark();
}

bool ViewArea::canSplit() const
{
    return current() && groups().size() < kMaxGroups && panes().size() < kMaxTabs;
}

void ViewArea::split(Qt::Orientation orientation)
{
    if (!canSplit())
        return;
    auto *group = m_active.data();
    TabGroup::Tab tab;
    if (group->count() > 1) {
        tab = group->take(group->current());
    } else {
        tab.kind = group->tabs()[0].kind;
        tab.pane = makePane(*tab.kind);
        tab.pane->restore(group->currentPane()->state());
    }
    auto *fresh = makeGroupBeside(group, orientation, false);
    fresh->insert(0, tab);
    finishMove(group, fresh);
}

TabGroup *ViewArea::makeGroupBeside(TabGroup *group, Qt::Orientation orientation, bool before)
{
    auto *fresh = makeGroup();
    auto *parent = qobject_cast<QSplitter *>(group->parentWidget());
    auto sizes = parent->sizes();
    const auto at = parent->indexOf(group);
    if (parent->count() == 1)
        parent->setOrientation(orientation);
    if (parent->orientation() == orientation) {
        parent->insertWidget(before ? at : at + 1, fresh);
        sizes.insert(at + 1, sizes[at] / 2);
        sizes[at] -= sizes[at + 1];
        parent->setSizes(sizes);
    } else {
        auto *inner = makeSplitter(orientation);
        const auto half = (orientation == Qt::Horizontal ? group->width() : group->height()) / 2;
        parent->insertWidget(at, inner);
        inner->addWidget(group);
        inner->insertWidget(before ? 0 : 1, fresh);
        parent->setSizes(sizes);
        inner->setSizes({half, half});
    }
    return fresh;
}

void ViewArea::finishMove(TabGroup *from, TabGroup *to)
{
    m_active = to;
    if (from->count() == 0)
        removeGroup(from);
    mark();
    to->focusView();
    Q_EMIT currentChanged();
    Q_EMIT changed();
}

std::optional<TabDrop> ViewArea::dropAt(TabGroup *from, QPoint at) const
{
    for (auto *group : groups()) {
        const auto drop = tabDropAt(this, group, at);
        if (!drop)
            continue;
        const bool splits = drop->place != TabDrop::Place::Tabs;
        // A group's only tab is all of it already: it cannot be beside itself.
        if (splits && (groups().size() >= kMaxGroups || (group == from && from->count() == 1)))
            return std::nullopt;
        return drop;
    }
    return std::nullopt;
}

void ViewArea::moveTab(TabGroup *from, int at, const TabDrop &to)
{
    if (to.place == TabDrop::Place::Tabs && to.group == from) {
        from->bar()->moveTab(at, to.at > at ? to.at - 1 : to.at);
        from->focusView();
        return;
    }
    const auto tab = from->take(at);
    auto *group = to.group;
    auto place = to.at;
    if (to.place != TabDrop::Place::Tabs) {
        group = makeGroupBeside(to.group, to.isSideways() ? Qt::Horizontal : Qt::Vertical,
                                to.isBefore());
        place = 0;
    }
    group->insert(place, tab);
    group->setCurrent(place);
    finishMove(from, group);
}

void ViewArea::moveToNextGroup()
{
    const auto all = groups();
    if (all.size() < 2 || !current())
        return;
    auto *from = m_active.data();
    auto *to = all[(all.indexOf(from) + 1) % all.size()];
    to->insert(to->count(), from->take(from->current()));
    to->setCurrent(to->count() - 1);
    finishMove(from, to);
}

void ViewArea::step(int by)
{
    if (!m_active || m_active->count() == 0)
        return;
    const auto count = m_active->count();
    m_active->setCurrent(((m_active->current() + by) % count + count) % count);
    m_active->focusView();
}

void ViewArea::replaceRoot(QSplitter *root)
{
    auto *old = m_root;
    m_root = root;
    m_active = groups().value(0);
    layout()->addWidget(root);
    if (!old)
        return;
    layout()->removeWidget(old);
    old->hide();
    old->deleteLater();
}

void ViewArea::reset()
{
    if (restore(viewsFor(m_subject))) {
        Q_EMIT changed();
        return;
    }
    // Kinds of view that nobody lists.
    auto *root = makeSplitter(Qt::Horizontal);
    root->addWidget(makeGroup());
    replaceRoot(root);
    if (!m_kinds.empty())
        open(m_kinds.front().id);
    mark();
}

QJsonObject ViewArea::describe(const QWidget *node) const
{
    if (const auto *splitter = qobject_cast<const QSplitter *>(node)) {
        QJsonArray parts, sizes;
        for (int i = 0; i < splitter->count(); ++i)
            parts.append(describe(splitter->widget(i)));
        for (const auto size : splitter->sizes())
            sizes.append(size);
        return {{QStringLiteral("split"), directionName(splitter->orientation())},
                {QStringLiteral("sizes"), sizes},
                {QStringLiteral("parts"), parts}};
    }
    const auto *group = qobject_cast<const TabGroup *>(node);
    QJsonArray tabs;
    for (const auto &tab : group->tabs())
        tabs.append(QJsonObject{{QStringLiteral("view"), tab.kind->id},
                                {QStringLiteral("state"), tab.pane->state()}});
    return {{QStringLiteral("tabs"), tabs},
            {QStringLiteral("current"), std::max(0, group->current())}};
}

QJsonObject ViewArea::state() const
{
    if (!m_root)
        return {};
    return {{QStringLiteral("root"), describe(m_root)},
            {QStringLiteral("active"), static_cast<int>(groups().indexOf(m_active.data()))}};
}

// Null when nothing is left of it.
QWidget *ViewArea::build(const QJsonObject &node, int depth, Budget &budget)
{
    const auto parts = node.value(QStringLiteral("parts")).toArray();
    if (!parts.isEmpty()) {
        if (depth == kMaxDepth)
            return nullptr;
        const auto down = node.value(QStringLiteral("split")).toString() == QLatin1String("down");
        auto *splitter = makeSplitter(down ? Qt::Vertical : Qt::Horizontal);
        const auto saved = node.value(QStringLiteral("sizes")).toArray();
        QList<int> sizes;
        for (qsizetype i = 0; i < parts.size() && budget.groups > 0; ++i) {
            if (auto *part = build(parts[i].toObject(), depth + 1, budget)) {
                splitter->addWidget(part);
                sizes << std::max(1, boundedInt(saved.at(i), QWIDGETSIZE_MAX));
            }
        }
        if (splitter->count() == 0) {
            delete splitter;
            return nullptr;
        }
        splitter->setSizes(sizes);
        return splitter;
    }
    auto *group = makeGroup();
    --budget.groups;
    for (const auto &value : node.value(QStringLiteral("tabs")).toArray()) {
        const auto tab = value.toObject();
        const auto *kind = kindNamed(tab.value(QStringLiteral("view")).toString());
        if (!kind || budget.tabs == 0) {
            qWarning("a saved layout has a view that this program does not show");
            continue;
        }
        --budget.tabs;
        auto *pane = makePane(*kind);
        group->insert(group->count(), {kind, pane});
        pane->restore(tab.value(QStringLiteral("state")).toObject());
    }
    if (group->count() == 0) {
        delete group;
        return nullptr;
    }
    group->setCurrent(boundedInt(node.value(QStringLiteral("current")), group->count() - 1));
    return group;
}

bool ViewArea::restore(const QJsonObject &saved)
{
    if (saved == state())
        return true;
    m_restoring = true;
    Budget budget;
    auto *made = build(saved.value(QStringLiteral("root")).toObject(), 0, budget);
    m_restoring = false;
    if (!made)
        return false;
    auto *root = qobject_cast<QSplitter *>(made);
    if (!root) {
        root = makeSplitter(Qt::Horizontal);
        root->addWidget(made);
    }
    replaceRoot(root);
    const auto all = groups();
    m_active =
        all[boundedInt(saved.value(QStringLiteral("active")), static_cast<int>(all.size()) - 1)];
    mark();
    Q_EMIT currentChanged();
    return true;
}

} // namespace flamewright
