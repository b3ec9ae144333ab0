#pragma once

#include "app/gui/pinned_model.h"

#include <QWidget>

class QListView;
class QPushButton;

namespace flamewright {

class PinnedFindings;
class PlainLabel;

// The panel of pinned findings: read, edit, order, remove; a click restores the view.
class PinnedPanel : public QWidget {
    Q_OBJECT

public:
    PinnedPanel(PinnedFindings &findings, const std::vector<ViewKind> &views,
                QWidget *parent = nullptr);

    QListView *list() const { return m_list; }
    // Belongs into the title bar of the panel.
    QWidget *pinButton() const;
    // Shows a finding and lets its sentence be typed over.
    void edit(std::size_t at);
    int current() const;

Q_SIGNALS:
    void pinRequested();
    void presentRequested(int from);
    void reportRequested();
    void restoreRequested(std::size_t at);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void follow();
    void openMenu(const QPoint &at);
    void moveCurrent(int by);
    void removeCurrent();

    PinnedFindings &m_findings;
    PinnedModel m_model;
    QListView *m_list;
    QPushButton *m_pin, *m_present, *m_report, *m_undo;
    PlainLabel *m_hint;
};

} // namespace flamewright
