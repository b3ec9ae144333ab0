#pragma once

#include "app/present/pinned_finding.h"

#include <QVariantAnimation>
#include <QWidget>

#include <cstddef>
#include <vector>

namespace flamewright {

// Pinned findings one after the other, full screen, in large type: the sentence above its picture.
// Where a finding has the view of both sides, A turns into B. Always light, as on paper: pictures
// are kept so, and projectors are kind to it.
//
// Keys: Right, Space, Page down: next; Left, Backspace, Page up: previous; Home, End; Tab: from A to
// B and back; Esc ends. A click is next, the right button previous.
class Presentation : public QWidget {
    Q_OBJECT

public:
    // `still`: jump where it would glide.
    Presentation(std::vector<PinnedFinding> findings, std::size_t from, bool still,
                 QWidget *parent = nullptr);

    std::size_t at() const { return m_at; }
    // 0: A, 1: B, between while it turns; of findings without sides always 0.
    double side() const { return m_side; }
    bool moving() const { return m_turn.state() == QVariantAnimation::Running; }
    void go(std::size_t to);
    void turn(); // between A and B

Q_SIGNALS:
    void ended(std::size_t at);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void step(int by);
    void paintFinding(QPainter &painter, const PinnedFinding &finding, double opacity) const;
    void paintFooter(QPainter &painter) const;
    // Fits a picture into a box, at most `scale` as large as it was made.
    void paintPicture(QPainter &painter, const PinnedPicture &picture, const QRectF &box,
                      double opacity) const;
    int unit() const; // of the type scale, px

    std::vector<PinnedFinding> m_findings;
    std::size_t m_at = 0, m_before = 0;
    double m_side = 0, m_shown = 1; // of what comes: how far it is there
    bool m_still;
    QVariantAnimation m_turn, m_fade;
};

} // namespace flamewright
