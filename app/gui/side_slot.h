#pragma once

#include "capture/session/session.h"

#include <QAbstractButton>
#include <QStringList>

#include <vector>

class QMimeData;
class QPainter;
class QToolButton;

namespace flamewright {

struct Colors;

inline constexpr int kSideBadge = 18; // pixels
// The letter of a side on its colour: A blue, B orange, always.
void drawSideBadge(QPainter &painter, QPoint at, CaptureRole role, const Colors &colors);
// What the captures of a side are called together, and when the first was recorded.
struct SideName {
    QString name, date; // empty: none; not known
};
SideName sideName(const std::vector<CaptureInfo> &captures);

// What is dragged in the list of captures: their ids, of this program's own session only.
inline constexpr char kCapturesMime[] = "application/x-flamewright-captures";
std::vector<CaptureId> capturesIn(const QMimeData *data);

// One side of a comparison: its letter in its colour, what it is made of, when it was recorded.
// Captures and files are dropped on it; a click opens the list of what it may be.
class SideSlot final : public QAbstractButton {
    Q_OBJECT

public:
    SideSlot(CaptureRole role, QWidget *parent);

    void setCaptures(const std::vector<CaptureInfo> &captures);
    bool isFilled() const { return !m_name.isEmpty(); }
    QString shownText() const; //, for tests
    QToolButton *clearButton() const { return m_clear; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {150, 28}; }

Q_SIGNALS:
    void capturesDropped(const std::vector<flamewright::CaptureId> &captures);
    void filesDropped(const QStringList &paths);
    void clearRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    CaptureRole m_role;
    QString m_name, m_date;
    QToolButton *m_clear;
    bool m_over = false; // something is held over it
};

} // namespace flamewright
