#include "app/gui/side_slot.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/compare_text.h"
#include "app/gui/icons.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QToolButton>
#include <QUrl>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kHeight = 28, kGap = 8, kClear = 20;

QStringList filesIn(const QMimeData *data)
{
    QStringList out;
    for (const auto &url : data->urls()) {
        if (url.isLocalFile())
            out << url.toLocalFile();
    }
    return out;
}

} // namespace

std::vector<CaptureId> capturesIn(const QMimeData *data)
{
    std::vector<CaptureId> out;
    for (const auto &id : data->data(QLatin1String(kCapturesMime)).split(' ')) {
        bool ok = false;
        if (const auto raw = id.toUInt(&ok); ok)
            out.push_back(CaptureId{raw});
    }
    return out;
}

void drawSideBadge(QPainter &painter, QPoint at, CaptureRole role, const Colors &colors)
{
    const bool base = role == CaptureRole::Baseline;
    const QRect badge(at, QSize(kSideBadge, kSideBadge));
    painter.setPen(Qt::NoPen);
    painter.setBrush(base ? colors.sideA : colors.sideB);
    painter.drawRoundedRect(badge, 4, 4);
    auto letter = typeFont(TextStyle::Caption);
    letter.setWeight(QFont::Bold);
    painter.setFont(letter);
    painter.setPen(colors.surface1);
    painter.drawText(badge, Qt::AlignCenter, base ? QStringLiteral("A") : QStringLiteral("B"));
}

SideName sideName(const std::vector<CaptureInfo> &captures)
{
    if (captures.empty())
        return {};
    std::optional<std::int64_t> earliest;
    for (const auto &capture : captures) {
        if (const auto at = capture.startedAtNs(); at && (!earliest || *at < *earliest))
            earliest = at;
    }
    const auto first = captureName(captures.front());
    return {captures.size() == 1 ? first
                                 : SideSlot::tr("%1 + %2 more").arg(first).arg(captures.size() - 1),
            sideDate(earliest)};
}

SideSlot::SideSlot(CaptureRole role, QWidget *parent)
    : QAbstractButton(parent),
      m_role(role),
      m_clear(new QToolButton(this))
{
    setAcceptDrops(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setFixedHeight(kHeight);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    const bool base = role == CaptureRole::Baseline;
    setObjectName(base ? QStringLiteral("sideA") : QStringLiteral("sideB"));
    m_clear->setObjectName(base ? QStringLiteral("clearA") : QStringLiteral("clearB"));
    m_clear->setProperty("chipCross", true);
    m_clear->setIcon(glyphIcon(Glyph::Close));
    m_clear->setIconSize({10, 10});
    m_clear->setCursor(Qt::ArrowCursor);
    m_clear->setFocusPolicy(Qt::NoFocus); // Delete does the same
    m_clear->setAccessibleName(base ? tr("Take everything off A") : tr("Take everything off B"));
    setPlainToolTip(m_clear, m_clear->accessibleName());
    connect(m_clear, &QToolButton::clicked, this, &SideSlot::clearRequested);
    setCaptures({});
}

void SideSlot::setCaptures(const std::vector<CaptureInfo> &captures)
{
    const auto letter = m_role == CaptureRole::Baseline ? tr("A, baseline") : tr("B, candidate");
    auto [name, date] = sideName(captures);
    m_name = std::move(name);
    m_date = std::move(date);
    QStringList names;
    for (const auto &capture : captures)
        names << captureName(capture);
    m_clear->setVisible(isFilled());
    setAccessibleName(isFilled() ? tr("%1: %2").arg(letter, shownText())
                                 : tr("%1: empty").arg(letter));
    auto lines = QStringList{letter} + names;
    if (!m_date.isEmpty())
        lines << m_date;
    lines << (isFilled() ? tr("Click to choose others, Delete to take them off")
                         : tr("Drop captures or files here, or click to choose"));
    setPlainToolTip(this, lines.join(QLatin1Char('\n')));
    updateGeometry();
    update();
}

QString SideSlot::shownText() const
{
    return m_date.isEmpty() ? m_name : m_name + QStringLiteral(" · ") + m_date;
}

QSize SideSlot::sizeHint() const
{
    const QFontMetrics body(typeFont(TextStyle::Body)), caption(typeFont(TextStyle::Caption));
    const auto name = isFilled() ? m_name : tr("Drop a capture here");
    auto width = 6 + kSideBadge + kGap + body.horizontalAdvance(cappedForLayout(name)) + 12;
    if (!m_date.isEmpty())
        width += kGap + caption.horizontalAdvance(m_date);
    if (isFilled())
        width += kClear;
    return {std::min(width, 380), kHeight};
}

void SideSlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto c = colorsOf(palette());
    const auto side = m_role == CaptureRole::Baseline ? c.sideA : c.sideB;
    auto tint = side;
    tint.setAlphaF(m_over ? 0.22f : 0.08f);
    const auto box = QRectF(rect()).adjusted(.5, .5, -.5, -.5);
    const bool strong = m_over || hasFocus() || underMouse();
    QPen edge(strong ? side : c.border, m_over || hasFocus() ? 1.5 : 1);
    if (!isFilled())
        edge.setStyle(Qt::DashLine);
    painter.setPen(edge);
    painter.setBrush(isFilled() || m_over ? tint : c.surface1);
    painter.drawRoundedRect(box, 6, 6);

    drawSideBadge(painter, QPoint(6, (height() - kSideBadge) / 2), m_role, c);
    const auto left = 6 + kSideBadge + kGap;
    auto right = width() - 10 - (isFilled() ? kClear - 4 : 0);
    if (!m_date.isEmpty()) {
        painter.setFont(typeFont(TextStyle::Caption));
        painter.setPen(c.text2);
        const auto wide = painter.fontMetrics().horizontalAdvance(m_date);
        if (right - left - wide - kGap > 60) {
            painter.drawText(QRect(right - wide, 0, wide + 1, height()), Qt::AlignVCenter, m_date);
            right -= wide + kGap;
        }
    }
    painter.setFont(typeFont(isFilled() ? TextStyle::Strong : TextStyle::Body));
    painter.setPen(isFilled() ? c.text1 : c.text2);
    painter.drawText(QRect(left, 0, right - left, height()), Qt::AlignVCenter | Qt::TextSingleLine,
                     elided(painter.fontMetrics(), isFilled() ? m_name : tr("Drop a capture here"),
                            Qt::ElideMiddle, right - left));
}

void SideSlot::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    m_clear->setGeometry(width() - kClear - 4, (height() - kClear) / 2, kClear, kClear);
}

void SideSlot::keyPressEvent(QKeyEvent *event)
{
    if (isFilled() && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        Q_EMIT clearRequested();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void SideSlot::dragEnterEvent(QDragEnterEvent *event)
{
    if (capturesIn(event->mimeData()).empty() && filesIn(event->mimeData()).isEmpty())
        return;
    m_over = true;
    update();
    // Captures stay where they are: they only get a role.
    event->setDropAction(Qt::CopyAction);
    event->accept();
}

void SideSlot::dragLeaveEvent(QDragLeaveEvent *)
{
    m_over = false;
    update();
}

void SideSlot::dropEvent(QDropEvent *event)
{
    m_over = false;
    update();
    event->setDropAction(Qt::CopyAction);
    event->accept();
    if (const auto captures = capturesIn(event->mimeData()); !captures.empty())
        Q_EMIT capturesDropped(captures);
    else if (const auto files = filesIn(event->mimeData()); !files.isEmpty())
        Q_EMIT filesDropped(files);
}

} // namespace flamewright
