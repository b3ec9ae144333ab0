#pragma once

#include <QWidget>

class QPushButton;

namespace flamewright {

class PlainLabel;

// Why a view has nothing to show, in words, and a button for the view that has.
class EmptyHint : public QWidget {
    Q_OBJECT

public:
    explicit EmptyHint(QWidget *parent = nullptr);

    // An empty `view`: no button.
    void say(const QString &title, const QString &why, const QString &button = {},
             const QString &view = {});
    QString text() const;
    QPushButton *button() const { return m_button; }

Q_SIGNALS:
    void viewRequested(const QString &id);

private:
    PlainLabel *m_title, *m_why;
    QPushButton *m_button;
    QString m_view;
};

} // namespace flamewright
