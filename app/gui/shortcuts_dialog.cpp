#include "app/gui/shortcuts_dialog.h"

#include "app/gui/plain_label.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QVBoxLayout>

namespace flamewright {
namespace {

struct Key {
    const char *keys;
    const char *what; // empty: a heading
};

constexpr Key kLeft[] = {
    {QT_TRANSLATE_NOOP("ShortcutsDialog", "Flame graph"), ""},
    {"Ctrl+Wheel, + −", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom")},
    {"Wheel", QT_TRANSLATE_NOOP("ShortcutsDialog", "Scroll")},
    {"Drag", QT_TRANSLATE_NOOP("ShortcutsDialog", "Move the view")},
    {"Double-click, Enter", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom to the frame")},
    {"Backspace", QT_TRANSLATE_NOOP("ShortcutsDialog", "Zoom to its caller")},
    {"Home, F", QT_TRANSLATE_NOOP("ShortcutsDialog", "Show everything")},
    {"Arrows", QT_TRANSLATE_NOOP("ShortcutsDialog", "Caller, callee, neighbours")},
    {"1, 2", QT_TRANSLATE_NOOP("ShortcutsDialog", "Icicle, flame")},
};
constexpr Key kRight[] = {
    {QT_TRANSLATE_NOOP("ShortcutsDialog", "Window"), ""},
    {"Ctrl+O", QT_TRANSLATE_NOOP("ShortcutsDialog", "Open captures or a session")},
    {"Ctrl+Shift+S", QT_TRANSLATE_NOOP("ShortcutsDialog", "Save the session as")},
    {"/, Ctrl+F", QT_TRANSLATE_NOOP("ShortcutsDialog", "Search")},
    {"Esc", QT_TRANSLATE_NOOP("ShortcutsDialog", "Clear the search, then the selection")},
    {"Alt+Left, Alt+Right", QT_TRANSLATE_NOOP("ShortcutsDialog", "Back and forward")},
    {"Ctrl+0", QT_TRANSLATE_NOOP("ShortcutsDialog", "Reset the scope")},
    {"Ctrl+T", QT_TRANSLATE_NOOP("ShortcutsDialog", "Choose processes and threads")},
    {"F2", QT_TRANSLATE_NOOP("ShortcutsDialog", "Rename the capture")},
    {"Ctrl+C", QT_TRANSLATE_NOOP("ShortcutsDialog", "Copy the function's name")},
    {"?", QT_TRANSLATE_NOOP("ShortcutsDialog", "This list")},
};

} // namespace

ShortcutsDialog::ShortcutsDialog(QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard and mouse"));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(2, 24);
    const auto fill = [&](std::span<const Key> keys, int column) {
        int row = 0;
        for (const auto &key : keys) {
            if (*key.what == '\0') {
                auto *head = new PlainLabel(TextStyle::Section, TextTone::Primary, this);
                head->setPlain(tr(key.keys));
                grid->addWidget(head, row++, column, 1, 2);
                continue;
            }
            auto *keysLabel = new PlainLabel(TextStyle::Mono, TextTone::Primary, this);
            keysLabel->setElide(Qt::ElideNone);
            keysLabel->setPlain(QString::fromUtf8(key.keys));
            auto *what = new PlainLabel(TextStyle::Body, TextTone::Secondary, this);
            what->setElide(Qt::ElideNone);
            what->setPlain(tr(key.what));
            grid->addWidget(keysLabel, row, column);
            grid->addWidget(what, row++, column + 1);
        }
    };
    fill(kLeft, 0);
    fill(kRight, 3);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(24);
    column->addLayout(grid);
    column->addWidget(buttons);
}

} // namespace flamewright
