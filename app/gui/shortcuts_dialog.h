#pragma once

#include "app/gui/preferences.h"

#include <QDialog>

class QStandardItemModel;

namespace flamewright {

class ActionRegistry;

// Every action of the window with its keys, by menu, and what mouse and keys do in the views.
// Shown by '?'.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    ShortcutsDialog(const ActionRegistry &actions, WheelChoice wheel, QWidget *parent = nullptr);

    const QStandardItemModel &model() const { return *m_model; }

private:
    QStandardItemModel *m_model;
};

} // namespace flamewright
