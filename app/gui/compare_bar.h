#pragma once

#include "app/gui/compare_model.h"
#include "app/gui/services.h"

#include <QTimer>
#include <QWidget>

class QToolButton;

namespace flamewright {

class Document;
class PlainLabel;
class SideSlot;

// What is compared with what, below the bar of the scope: both sides, what figures are divided by,
// and whether the two are comparable at all.
class CompareBar final : public QWidget {
    Q_OBJECT

public:
    CompareBar(Document &document, CompareModel &compare, QWidget *parent);

    SideSlot *slot(CaptureRole role) const
    {
        return role == CaptureRole::Baseline ? m_base : m_cand;
    }
    QToolButton *swapButton() const { return m_swap; }
    QToolButton *normaliseButton() const { return m_normalise; }
    QToolButton *remarksButton() const { return m_remarks; }
    // There is something to choose: the window decides whether it is seen.
    bool isUseful() const;
    QString statusText() const; // "Comparable", "3 differences" ...
    void openRemarks();

public Q_SLOTS:
    // These captures and no others are the side.
    void setSide(flamewright::CaptureRole role,
                 const std::vector<flamewright::CaptureId> &captures);
    void swap();

Q_SIGNALS:
    void filesDropped(flamewright::CaptureRole role, const QStringList &paths);

private:
    void follow();
    void followAnswer();
    void chooseSide(CaptureRole role);
    void chooseNormalisation();
    void say(const QString &text, const char *tone);

    Document &m_document;
    CompareModel &m_compare;
    SideSlot *m_base, *m_cand;
    QToolButton *m_swap, *m_normalise, *m_remarks, *m_cancel;
    PlainLabel *m_progress;
    QTimer m_tick; // of the progress
};

} // namespace flamewright
