#include "app/gui/presentation.h"

#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "views/paint/paint_qt.h"

#include <QCloseEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr int kFadeMs = 180, kTurnMs = 700;
constexpr double kLargest = 2.5; // a picture is not blown up beyond this

QFont sized(int pixels, bool strong)
{
    auto font = qtFont(strong ? FontRole::Strong : FontRole::Body);
    font.setPixelSize(std::max(pixels, 8));
    return font;
}

} // namespace

Presentation::Presentation(std::vector<PinnedFinding> findings, std::size_t from, bool still,
                           QWidget *parent)
    : QWidget(parent, Qt::Window),
      m_findings(std::move(findings)),
      m_at(m_findings.empty() ? 0 : std::min(from, m_findings.size() - 1)),
      m_before(m_at),
      m_still(still)
{
    setObjectName(QStringLiteral("presentation"));
    setWindowTitle(tr("Presentation – Flamewright"));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Presentation"));
    m_turn.setDuration(kTurnMs);
    m_turn.setEasingCurve(QEasingCurve::InOutCubic);
    connect(&m_turn, &QVariantAnimation::valueChanged, this, [this](const QVariant &value) {
        m_side = value.toDouble();
        update();
    });
    m_fade.setDuration(kFadeMs);
    connect(&m_fade, &QVariantAnimation::valueChanged, this, [this](const QVariant &value) {
        m_shown = value.toDouble();
        update();
    });
    if (!m_findings.empty())
        setAccessibleDescription(display(m_findings[m_at].sentence));
}

void Presentation::go(std::size_t to)
{
    if (to >= m_findings.size() || to == m_at)
        return;
    m_turn.stop();
    m_before = std::exchange(m_at, to);
    m_side = 0;
    setAccessibleDescription(display(m_findings[m_at].sentence));
    m_fade.stop();
    m_shown = 1;
    if (!m_still) {
        m_fade.setStartValue(0.0);
        m_fade.setEndValue(1.0);
        m_fade.start();
    }
    update();
}

void Presentation::step(int by)
{
    const auto to = static_cast<std::ptrdiff_t>(m_at) + by;
    if (to >= 0)
        go(static_cast<std::size_t>(to));
}

void Presentation::turn()
{
    if (m_findings.empty() || m_findings[m_at].sidePictures.size() != 2)
        return;
    const bool toB = m_turn.state() == QVariantAnimation::Running
                         ? m_turn.endValue().toDouble() == 0
                         : m_side < 0.5;
    m_turn.stop();
    if (m_still) {
        m_side = toB ? 1 : 0;
        update();
        return;
    }
    m_turn.setStartValue(m_side);
    m_turn.setEndValue(toB ? 1.0 : 0.0);
    m_turn.start();
}

int Presentation::unit() const
{
    return std::clamp(std::min(width() / 64, height() / 36), 12, 72);
}

void Presentation::paintPicture(QPainter &painter, const PinnedPicture &picture, const QRectF &box,
                                double opacity) const
{
    const auto w = static_cast<double>(picture.size.width),
               h = static_cast<double>(picture.size.height);
    if (!(w > 0) || !(h > 0) || box.isEmpty() || opacity <= 0)
        return;
    const auto scale = std::min({box.width() / w, box.height() / h, kLargest});
    painter.save();
    painter.setClipRect(box);
    painter.setOpacity(opacity);
    painter.translate(box.left() + (box.width() - w * scale) / 2, box.top());
    painter.scale(scale, scale);
    painter.setClipRect(QRectF(0, 0, w, h), Qt::IntersectClip);
    paint(picture.light, painter);
    painter.restore();
}

void Presentation::paintFinding(QPainter &painter, const PinnedFinding &finding,
                                double opacity) const
{
    const auto c = themeColors(false);
    const int u = unit();
    const QRect all = rect().adjusted(3 * u, 2 * u, -3 * u, -3 * u);
    painter.save();
    painter.setOpacity(opacity);
    // Long sentences in smaller type, so that the picture keeps half of the screen.
    const auto text = cappedForLayout(display(finding.sentence));
    int size = 2 * u;
    QRect words;
    for (;; size -= 2) {
        painter.setFont(sized(size, true));
        words = painter.boundingRect(QRect(all.left(), all.top(), all.width(), 100'000),
                                     Qt::TextWordWrap, text);
        const bool alone = !finding.picture && finding.sidePictures.empty();
        if (words.height() <= all.height() * (alone ? 80 : 38) / 100 || size <= u)
            break;
    }
    painter.setPen(c.text1);
    painter.drawText(words.adjusted(0, 0, u, 0), Qt::TextWordWrap, text);
    int below = words.bottom() + u;
    if (!finding.note.empty()) {
        painter.setFont(sized(u * 5 / 4, false));
        painter.setPen(c.text2);
        const auto note =
            painter.boundingRect(QRect(all.left(), below, all.width(), all.height() / 5),
                                 Qt::TextWordWrap, cappedForLayout(display(finding.note)));
        painter.drawText(note, Qt::TextWordWrap, cappedForLayout(display(finding.note)));
        below = note.bottom() + u;
    }
    const bool sides = finding.sidePictures.size() == 2;
    if (sides) {
        painter.setFont(sized(u * 5 / 4, true));
        const auto label = [&](const QString &name, const QColor &color, double strength, int x) {
            painter.setOpacity(opacity * (0.3 + 0.7 * strength));
            painter.setPen(color);
            painter.drawText(QRect(x, below, all.width() / 2, 2 * u),
                             Qt::AlignLeft | Qt::AlignVCenter, name);
        };
        const auto a = tr("A  before"), b = tr("B  after");
        label(a, c.sideA, 1 - m_side, all.left());
        label(b, c.sideB, m_side, all.left() + painter.fontMetrics().horizontalAdvance(a) + 2 * u);
        below += 5 * u / 2;
    }
    painter.restore();
    const QRectF box(all.left(), below, all.width(), std::max(all.bottom() - below, 0));
    if (sides) {
        // Both are there all the time, one over the other, so that what is alike does not flicker.
        paintPicture(painter, finding.sidePictures[0], box, opacity * (m_side < 1 ? 1 : 0));
        paintPicture(painter, finding.sidePictures[1], box, opacity * m_side);
    } else if (finding.picture) {
        paintPicture(painter, *finding.picture, box, opacity);
    }
}

void Presentation::paintFooter(QPainter &painter) const
{
    const auto c = themeColors(false);
    const int u = unit();
    const QRect foot(3 * u, height() - 2 * u - u / 2, width() - 6 * u, 2 * u);
    painter.setFont(sized(u * 3 / 4, false));
    painter.setPen(c.text3);
    auto keys = tr("← → findings   Esc ends");
    if (m_findings[m_at].sidePictures.size() == 2)
        keys = tr("Tab A ↔ B   ") + keys;
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, keys);
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter,
                     tr("%1 of %2").arg(m_at + 1).arg(m_findings.size()));
}

void Presentation::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), themeColors(false).surface1);
    if (m_findings.empty())
        return;
    if (m_shown < 1)
        paintFinding(painter, m_findings[m_before], 1 - m_shown);
    paintFinding(painter, m_findings[m_at], m_shown);
    paintFooter(painter);
}

void Presentation::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_PageDown: return step(1);
    case Qt::Key_Left:
    case Qt::Key_Up:
    case Qt::Key_Backspace:
    case Qt::Key_PageUp: return step(-1);
    case Qt::Key_Home: return go(0);
    case Qt::Key_End: return go(m_findings.empty() ? 0 : m_findings.size() - 1);
    case Qt::Key_Tab: return turn();
    case Qt::Key_Escape:
    case Qt::Key_Q: close(); return;
    default: QWidget::keyPressEvent(event);
    }
}

void Presentation::mousePressEvent(QMouseEvent *event)
{
    step(event->button() == Qt::RightButton ? -1 : 1);
}

void Presentation::closeEvent(QCloseEvent *event)
{
    Q_EMIT ended(m_at);
    QWidget::closeEvent(event);
}

} // namespace flamewright
