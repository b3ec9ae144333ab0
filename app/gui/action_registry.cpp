#include "app/gui/action_registry.h"

#include "app/gui/text.h"

#include <QAction>
#include <QHash>
#include <QMenu>
#include <QMenuBar>

namespace flamewright {
namespace {

constexpr int kChoiceWidth = 480;

QMenu *childNamed(const QList<QAction *> &actions, const QString &title)
{
    for (const auto *action : actions) {
        if (action->menu() && action->menu()->title() == title)
            return action->menu();
    }
    return nullptr;
}

} // namespace

QString withoutMnemonic(QString text)
{
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == QLatin1Char('&'))
            text.remove(at, 1); // of "&&" the second one stays
    }
    return text;
}

QString ActionRegistry::Entry::title() const
{
    return withoutMnemonic(spec.text);
}

QString ActionRegistry::Entry::topic() const
{
    return withoutMnemonic(menu).replace(QLatin1Char('/'), QStringLiteral(" \u203a "));
}

ActionRegistry::ActionRegistry(QWidget *window) : QObject(window), m_window(window) {}

void ActionRegistry::beginMenu(const QString &path)
{
    m_menu = path;
    ++m_section;
}

void ActionRegistry::beginSection()
{
    ++m_section;
}

QAction *ActionRegistry::add(ActionSpec spec)
{
    auto *action = new QAction(spec.text, m_window);
    action->setObjectName(spec.id);
    action->setShortcuts(spec.keys);
    action->setMenuRole(QAction::NoRole);
    action->setCheckable(spec.checked != nullptr);
    m_window->addAction(action);
    connect(action, &QAction::triggered, this, [this, run = spec.run] {
        run();
        refresh();
    });
    m_order.push_back({false, m_entries.size()});
    m_entries.push_back({std::move(spec), m_menu, m_section, action});
    return action;
}

void ActionRegistry::addChoices(Choices choices)
{
    choices.section = m_section;
    m_order.push_back({true, m_choices.size()});
    m_choices.push_back(std::move(choices));
}

QMenu *ActionRegistry::menuAt(QMenuBar *bar, const QString &path)
{
    const auto steps = path.split(QLatin1Char('/'));
    auto *menu = childNamed(bar->actions(), steps.front());
    if (!menu) {
        menu = bar->addMenu(steps.front());
        connect(menu, &QMenu::aboutToShow, this, &ActionRegistry::refresh);
    }
    for (const auto &step : steps.mid(1)) {
        auto *below = childNamed(menu->actions(), step);
        menu = below ? below : menu->addMenu(step);
    }
    return menu;
}

void ActionRegistry::fill(QMenuBar *bar)
{
    QHash<QMenu *, int> sections; // of what was added last
    const auto separate = [&](QMenu *menu, int section) {
        if (!menu->isEmpty() && sections.value(menu) != section)
            menu->addSeparator();
        sections.insert(menu, section);
    };
    for (const auto &place : m_order) {
        if (!place.isChoices) {
            const auto &entry = m_entries[place.index];
            auto *menu = menuAt(bar, entry.menu);
            separate(menu, entry.section);
            menu->addAction(entry.action);
            continue;
        }
        const auto &choices = m_choices[place.index];
        const auto slash = choices.menu.lastIndexOf(QLatin1Char('/'));
        separate(menuAt(bar, choices.menu.left(slash)), choices.section);
        auto *menu = menuAt(bar, choices.menu);
        menu->setObjectName(choices.id);
        connect(menu, &QMenu::aboutToShow, this,
                [this, menu, index = place.index] { fillChoices(m_choices[index], menu); });
    }
    refresh();
}

void ActionRegistry::fillChoices(const Choices &choices, QMenu *menu)
{
    // What the registry has in this menu itself stays.
    for (auto *action : menu->actions()) {
        if (action->parent() == menu) {
            menu->removeAction(action);
            action->deleteLater();
        }
    }
    auto *first = menu->actions().value(0);
    const auto insert = [&](const QString &text) {
        auto *action = new QAction(text, menu);
        menu->insertAction(first, action);
        return action;
    };
    const auto offers = choices.list();
    for (const auto &offer : offers) {
        auto text = elided(menu->fontMetrics(), offer.text, Qt::ElideMiddle, kChoiceWidth);
        auto *action = insert(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(offer.checked);
        action->setChecked(offer.checked);
        connect(action, &QAction::triggered, this, [this, run = offer.run] {
            run();
            refresh();
        });
    }
    if (offers.empty())
        insert(choices.none)->setEnabled(false);
    if (first)
        insert({})->setSeparator(true);
}

void ActionRegistry::refresh()
{
    for (auto &entry : m_entries) {
        entry.reason = entry.spec.whyNot ? entry.spec.whyNot() : QString();
        entry.action->setEnabled(entry.reason.isEmpty());
        if (entry.spec.checked)
            entry.action->setChecked(entry.spec.checked());
    }
}

QAction *ActionRegistry::action(const QString &id) const
{
    for (const auto &entry : m_entries) {
        if (entry.spec.id == id)
            return entry.action;
    }
    return nullptr;
}

} // namespace flamewright
