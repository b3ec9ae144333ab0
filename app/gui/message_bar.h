#pragma once

#include <QFrame>

class QHBoxLayout;
class QPlainTextEdit;
class QPushButton;

namespace flamewright {

enum class MessageKind : unsigned char { Info, Warning, Error };

// A message in the window instead of a box over it: a sentence, details folded, dismiss. Buttons
// can be added for what can be done about it.
class MessageBar : public QFrame {
    Q_OBJECT

public:
    MessageBar(MessageKind kind, const QString &sentence, const QString &details,
               QWidget *parent = nullptr);

    QPushButton *addAction(const QString &text);
    const QString &sentence() const { return m_sentence; }
    const QString &details() const { return m_details; }

Q_SIGNALS:
    void dismissed();

public Q_SLOTS:
    void toggleDetails();
    void copyDetails();
    void dismiss();

private:
    QString m_sentence, m_details;
    QPlainTextEdit *m_detailsBox = nullptr;
    QWidget *m_inset = nullptr; // around the details
    QPushButton *m_toggle = nullptr;
    QHBoxLayout *m_actions;
};

} // namespace flamewright
