#include "app/gui/shortcuts_dialog.h"

#include "app/gui/action_registry.h"
#include "app/gui/typography.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <span>

namespace flamewright {
namespace {

// What the views do by themselves, without an action.
struct Gesture {
    const char *keys;
    const char *what;
    const char *keysIfWheelZooms = nullptr; // where they are others
};
constexpr Gesture kFlameGraph[] = {
    {"Ctrl+Wheel, + −", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom"), "Wheel, + −"},
    {"Wheel", QT_TRANSLATE_NOOP("ShortcutsDialog", "Scroll"), "Ctrl+Wheel"},
    {"Drag", QT_TRANSLATE_NOOP("ShortcutsDialog", "Move the view")},
    {"Double-click, Enter", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom to the frame")},
    {"Backspace", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom to its caller")},
    {"Home", QT_TRANSLATE_NOOP("ShortcutsDialog", "Show everything")},
    {"Arrows", QT_TRANSLATE_NOOP("ShortcutsDialog", "Caller, callee, neighbours")},
    {"Esc", QT_TRANSLATE_NOOP("ShortcutsDialog", "Clear the search, then the selection")},
};

constexpr Gesture kHeatMap[] = {
    {"Drag", QT_TRANSLATE_NOOP("ShortcutsDialog", "Choose a time")},
    {"Shift+Drag", QT_TRANSLATE_NOOP("ShortcutsDialog", "Choose a further time")},
    {"Ctrl+Wheel, + −", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom in time"), "Wheel, + −"},
    {"Wheel, Page Up, Page Down", QT_TRANSLATE_NOOP("ShortcutsDialog", "Move in time"),
     "Ctrl+Wheel, Page Up, Page Down"},
    {"Backspace", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom out")},
    {"Home", QT_TRANSLATE_NOOP("ShortcutsDialog", "Show all of the time")},
    {"Arrows", QT_TRANSLATE_NOOP("ShortcutsDialog", "Walk over the cells, with Shift choose them")},
    {"Enter", QT_TRANSLATE_NOOP("ShortcutsDialog", "Take what is chosen")},
    {"Esc", QT_TRANSLATE_NOOP("ShortcutsDialog", "Clear what is chosen, then the zoom")},
};

constexpr Gesture kPlots[] = {
    {"Drag, Shift+Drag", QT_TRANSLATE_NOOP("ShortcutsDialog", "Choose a time, a further one")},
    {"Click",
     QT_TRANSLATE_NOOP("ShortcutsDialog", "Take what is under the pointer: time or group")},
    {"Ctrl+Wheel, + −, W S", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom in time"),
     "Wheel, + −, W S"},
    {"Wheel, A D, Page Up, Page Down", QT_TRANSLATE_NOOP("ShortcutsDialog", "Move in time"),
     "Ctrl+Wheel, A D, Page Up, Page Down"},
    {"Backspace, Home", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom out, show all of the time")},
    {"Left, Right", QT_TRANSLATE_NOOP("ShortcutsDialog",
                                      "From value to value, with Shift choose the time between")},
    {"Enter", QT_TRANSLATE_NOOP("ShortcutsDialog", "Take what is chosen")},
    {"Esc, Double-click", QT_TRANSLATE_NOOP("ShortcutsDialog", "All of the time again")},
};

constexpr Gesture kTimeline[] = {
    {"Ctrl+Wheel, W S, + −", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom in time"),
     "Wheel, W S, + −"},
    {"Shift+Wheel, A D, Left, Right", QT_TRANSLATE_NOOP("ShortcutsDialog", "Move in time")},
    {"Drag, Alt+Drag",
     QT_TRANSLATE_NOOP("ShortcutsDialog", "Choose a time, edges of slices or not")},
    {"Alt+Drag on a capture", QT_TRANSLATE_NOOP("ShortcutsDialog", "Move its clock")},
    {"F, Home, Backspace",
     QT_TRANSLATE_NOOP("ShortcutsDialog", "Fit what is chosen, everything, the time before")},
    {"Arrows", QT_TRANSLATE_NOOP("ShortcutsDialog", "From slice to slice")},
    {"[ ]", QT_TRANSLATE_NOOP("ShortcutsDialog", "To the other end of a flow")},
    {", .", QT_TRANSLATE_NOOP("ShortcutsDialog", "Previous and next one found")},
    {"M", QT_TRANSLATE_NOOP("ShortcutsDialog", "Write a note")},
    {"Esc", QT_TRANSLATE_NOOP("ShortcutsDialog", "Clear what is chosen")},
};

constexpr Gesture kRequests[] = {
    {"Click, Ctrl+Click", QT_TRANSLATE_NOOP("ShortcutsDialog", "Show only these endpoints")},
    {"Esc", QT_TRANSLATE_NOOP("ShortcutsDialog", "Show all of them")},
    {"Ctrl+C", QT_TRANSLATE_NOOP("ShortcutsDialog", "Copy the rows, unrounded")},
};

QStandardItem *item(const QString &text)
{
    auto *made = new QStandardItem(text);
    made->setEditable(false);
    return made;
}

QStandardItem *heading(QStandardItemModel *model, const QString &text)
{
    auto *made = item(text);
    made->setFont(typeFont(TextStyle::Section));
    made->setSelectable(false);
    model->appendRow(made);
    return made;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const ActionRegistry &actions, WheelChoice wheel, QWidget *parent)
    : QDialog(parent),
      m_model(new QStandardItemModel(this))
{
    setWindowTitle(tr("Keyboard and mouse"));
    resize(560, 640);
    m_model->setHorizontalHeaderLabels({tr("Action"), tr("Keys")});
    const auto add = [this, wheel](const QString &view, std::span<const Gesture> gestures) {
        auto *head = heading(m_model, view);
        for (const auto &gesture : gestures) {
            const auto *keys = wheel == WheelChoice::Zooms && gesture.keysIfWheelZooms
                                   ? gesture.keysIfWheelZooms
                                   : gesture.keys;
            head->appendRow({item(tr(gesture.what)), item(QString::fromUtf8(keys))});
        }
    };
    add(tr("Flame graph"), kFlameGraph);
    add(tr("Heat map"), kHeatMap);
    add(tr("Timeline"), kTimeline);
    add(tr("Plots of load tests"), kPlots);
    add(tr("Requests and errors"), kRequests);
    QString topic;
    QStandardItem *section = nullptr;
    QHash<QString, QStandardItem *> sections;
    for (const auto &entry : actions.entries()) {
        topic = entry.topic();
        section = sections.value(topic);
        if (!section) {
            section = heading(m_model, topic);
            sections.insert(topic, section);
        }
        QStringList keys;
        for (const auto &sequence : entry.action->shortcuts())
            keys << sequence.toString(QKeySequence::NativeText);
        section->appendRow({item(entry.title()), item(keys.join(QStringLiteral(", ")))});
    }

    auto *shown = new QSortFilterProxyModel(this);
    shown->setSourceModel(m_model);
    shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    shown->setFilterKeyColumn(-1);
    shown->setRecursiveFilteringEnabled(true);
    auto *filter = new QLineEdit(this);
    filter->setPlaceholderText(tr("Filter actions and keys"));
    filter->setAccessibleName(tr("Filter actions and keys"));
    filter->setClearButtonEnabled(true);
    auto *list = new QTreeView(this);
    list->setObjectName(QStringLiteral("keyList"));
    list->setAccessibleName(tr("Actions and their keys"));
    list->setModel(shown);
    list->setRootIsDecorated(false);
    list->setIndentation(16);
    list->setItemsExpandable(false);
    list->setUniformRowHeights(true);
    list->expandAll();
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list->header()->setStretchLastSection(false);
    connect(filter, &QLineEdit::textChanged, this, [shown, list](const QString &text) {
        shown->setFilterFixedString(text);
        list->expandAll();
    });
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(filter);
    column->addWidget(list, 1);
    column->addWidget(buttons);
}

} // namespace flamewright
