#pragma once

#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QMenu;
class QToolButton;

namespace flamewright {

class RequestsModel;
class PlainLabel;

// The header of every view of a load test: what requests are grouped by, whether failures count, the
// time that nobody should wait longer than, and what is shown. A view adds controls of its own.
class LoadControls : public QWidget {
    Q_OBJECT

public:
    explicit LoadControls(RequestsModel &load, QWidget *parent = nullptr);

    // Left of the summary.
    void addControl(QWidget *control);
    void setSummary(const QString &text);
    QString summary() const;
    // Views in which these mean nothing do without.
    void hideFailures();
    void hideSlo();
    QToolButton *groupButton() const { return m_by; }
    QToolButton *failuresButton() const { return m_failures; }
    QLineEdit *sloField() const { return m_slo; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow();
    void fillMenu();
    void takeSlo();

    RequestsModel &m_load;
    QToolButton *m_by, *m_failures;
    QLineEdit *m_slo;
    PlainLabel *m_summary;
    QHBoxLayout *m_own;
};

} // namespace flamewright
