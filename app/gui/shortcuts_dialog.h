#pragma once

#include <QDialog>

class QStandardItemModel;

namespace flamewright {

class ActionRegistry;

// Every action of the window with its keys, by menu, and what mouse and keys do in the views.
// Shown by '?'.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutsDialog(const ActionRegistry &actions, QWidget *parent = nullptr);

    const QStandardItemModel &model() const { return *m_model; }

private:
    QStandardItemModel *m_model;
};

} // namespace flamewright
