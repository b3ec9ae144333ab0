#pragma once

#include <QDialog>

namespace flamewright {

// The keys, by topic. Shown by '?'.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutsDialog(QWidget *parent = nullptr);
};

} // namespace flamewright
