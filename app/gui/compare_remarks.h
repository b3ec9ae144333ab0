#pragma once

#include <QFrame>

class QPushButton;

namespace flamewright {

class CompareModel;

// What differs between the two sides besides what is compared, gravest first, and the button that
// says: compare anyway. Closes with Esc.
class CompareRemarks final : public QFrame {
    Q_OBJECT

public:
    CompareRemarks(CompareModel &compare, QWidget *parent);

    QPushButton *confirmButton() const { return m_confirm; }
    void showBelow(QWidget *anchor); // its right edge is the anchor's

private:
    QWidget *buildList();

    CompareModel &m_compare;
    QPushButton *m_confirm = nullptr;
};

} // namespace flamewright
