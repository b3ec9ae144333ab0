#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QAction;
class QMenu;
class QMenuBar;
class QWidget;

namespace flamewright {

// One thing that can be done in a window.
struct ActionSpec {
    QString id;   // "file.open": for recently used, never changed
    QString text; // with its mnemonic, as menus show it
    QList<QKeySequence> keys = {};
    std::function<void()> run;
    // Why it cannot be done now, as a sentence; empty: it can.
    std::function<QString()> whyNot = {};
    // Makes it a switch: whether it is on.
    std::function<bool()> checked = {};
    QString words = {}; // other words that people look for
};

// All that can be done in a window, in the order of its menus. Menus, command palette and list of
// keys are made from this and nothing else, so that none of them knows more than the others.
class ActionRegistry : public QObject {
    Q_OBJECT

public:
    struct Entry {
        ActionSpec spec;
        QString menu; // "&View/&Theme"
        int section = 0;
        QAction *action = nullptr;
        QString reason = {}; // why it is disabled

        QString title() const; // without mnemonic
        QString topic() const; // "View › Theme"
    };
    // What there is to choose from right now: captures, recent files, saved scopes.
    struct Choice {
        QString id;
        QString text;
        std::function<void()> run;
        bool checked = false;
    };
    struct Choices {
        QString id;     // also the object name of its menu
        QString menu;   // its submenu, as "&File/Open &recent"
        QString phrase; // "Show capture %1", for the palette
        QString none;   // "No recent files"
        std::function<std::vector<Choice>()> list;
        int section = 0;
    };

    // The actions become children of `window` and work everywhere in it.
    explicit ActionRegistry(QWidget *window);

    // What is added next goes into this menu, below a line when it is not the first.
    void beginMenu(const QString &path);
    void beginSection();
    QAction *add(ActionSpec spec);
    void addChoices(Choices choices);

    void fill(QMenuBar *bar);
    // Asks again what can be done. Called when the models changed: shortcuts of what cannot be
    // done must not work.
    void refresh();

    const std::vector<Entry> &entries() const { return m_entries; }
    const std::vector<Choices> &choices() const { return m_choices; }
    QAction *action(const QString &id) const; // null: there is none

private:
    struct Place {
        bool isChoices;
        std::size_t index;
    };
    QMenu *menuAt(QMenuBar *bar, const QString &path);
    void fillChoices(const Choices &choices, QMenu *menu);

    QWidget *m_window;
    QString m_menu;
    int m_section = 0;
    std::vector<Entry> m_entries;
    std::vector<Choices> m_choices;
    std::vector<Place> m_order;
};

// "Save &as…" -> "Save as…".
QString withoutMnemonic(QString text);

} // namespace flamewright
