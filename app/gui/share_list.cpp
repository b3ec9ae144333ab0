#include "app/gui/share_list.h"

#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kRow = 32, kMost = 8;

} // namespace

ShareList::ShareList(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ShareList::show(std::shared_ptr<const Profile> profile, std::vector<Neighbour> rows,
                     std::int64_t base, ValueStyle style)
{
    m_profile = std::move(profile);
    m_rows = std::move(rows);
    m_base = base;
    m_style = style;
    m_more = m_rows.size() > kMost ? m_rows.size() - kMost : 0;
    m_rows.resize(std::min<std::size_t>(m_rows.size(), kMost));
    m_hover = m_current = -1;
    announce();
    updateGeometry();
    update();
}

int ShareList::rowCount() const
{
    return static_cast<int>(m_rows.size());
}

QString ShareList::nameOf(int row) const
{
    const auto id = m_rows[static_cast<std::size_t>(row)].function;
    if (id.raw == 0)
        return tr("(top of the stack)");
    const auto &name = m_profile->functions[id.raw].name;
    return name.empty() ? tr("(unknown)") : display(name);
}

QString ShareList::rowText(int row) const
{
    return nameOf(row) + QLatin1Char(' ') +
           shareText(m_rows[static_cast<std::size_t>(row)].total, m_base);
}

void ShareList::announce()
{
    QStringList rows;
    for (int i = 0; i < rowCount(); ++i)
        rows << cappedForLayout(rowText(i));
    setAccessibleDescription(rows.join(QStringLiteral(", ")));
}

QSize ShareList::sizeHint() const
{
    const auto rows = rowCount();
    return {160, rows == 0 ? 22 : rows * kRow + (m_more > 0 ? 20 : 0)};
}

void ShareList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto c = colorsOf(palette());
    const auto mono = typeFont(TextStyle::Mono), body = typeFont(TextStyle::Body),
               caption = typeFont(TextStyle::Caption);
    if (m_rows.empty()) {
        painter.setFont(body);
        painter.setPen(c.text3);
        painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft, tr("None"));
        return;
    }
    for (int i = 0; i < rowCount(); ++i) {
        const auto &row = m_rows[static_cast<std::size_t>(i)];
        const QRect box(0, i * kRow, width(), kRow);
        if (i == m_hover || (i == m_current && hasFocus())) {
            painter.setPen(i == m_current && hasFocus() ? QPen(c.accent) : QPen(Qt::NoPen));
            painter.setBrush(c.surface2);
            painter.drawRoundedRect(QRectF(box).adjusted(-3.5, .5, 3.5, -1.5), 4, 4);
        }
        const auto share = shareText(row.total, m_base);
        painter.setFont(body);
        const auto shareWidth = tabularWidth(painter.fontMetrics(), share);
        const QRect line(0, box.top() + 4, width(), 18);
        painter.setPen(c.text2);
        drawTabular(painter, line, share);
        painter.setFont(mono);
        painter.setPen(c.text1);
        const auto room = width() - shareWidth - 8;
        painter.drawText(QRect(0, line.top(), room, line.height()),
                         Qt::AlignVCenter | Qt::TextSingleLine,
                         elided(painter.fontMetrics(), nameOf(i), Qt::ElideRight, room));
        const QRectF track(0, line.bottom() + 3, width(), 3);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.grid);
        painter.drawRoundedRect(track, 1.5, 1.5);
        const auto part = std::clamp(ratioOf(row.total, m_base), 0.0, 1.0);
        painter.setBrush(c.sideA);
        painter.drawRoundedRect(QRectF(0, track.top(), std::max(2.0, track.width() * part), 3), 1.5,
                                1.5);
    }
    if (m_more > 0) {
        painter.setFont(caption);
        painter.setPen(c.text3);
        painter.drawText(QRect(0, rowCount() * kRow, width(), 20), Qt::AlignVCenter,
                         tr("and %1 more").arg(grouped(static_cast<std::int64_t>(m_more))));
    }
}

int ShareList::rowAt(QPoint at) const
{
    const auto row = at.y() < 0 ? -1 : at.y() / kRow;
    return row < rowCount() ? row : -1;
}

void ShareList::choose(int row)
{
    if (row < 0 || row >= rowCount())
        return;
    const auto function = m_rows[static_cast<std::size_t>(row)].function;
    if (function.raw != 0)
        Q_EMIT chosen(function);
}

void ShareList::mouseMoveEvent(QMouseEvent *event)
{
    const auto row = rowAt(event->position().toPoint());
    if (row == m_hover)
        return;
    m_hover = row;
    setCursor(row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void ShareList::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        choose(rowAt(event->position().toPoint()));
}

void ShareList::leaveEvent(QEvent *)
{
    m_hover = -1;
    update();
}

void ShareList::focusInEvent(QFocusEvent *)
{
    m_current = rowCount() > 0 ? 0 : -1;
    update();
}

void ShareList::focusOutEvent(QFocusEvent *)
{
    m_current = -1;
    update();
}

void ShareList::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Down: m_current = std::min(m_current + 1, rowCount() - 1); break;
    case Qt::Key_Up: m_current = std::max(m_current - 1, 0); break;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(m_current); return;
    default: QWidget::keyPressEvent(event); return;
    }
    update();
}

bool ShareList::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const auto row = rowAt(help->pos());
        if (row < 0) {
            QToolTip::hideText();
        } else {
            const auto &item = m_rows[static_cast<std::size_t>(row)];
            QToolTip::showText(help->globalPos(),
                               plainToolTip(nameOf(row) + QLatin1Char('\n') +
                                            inUnit(item.total, m_profile->unit, m_style) +
                                            QStringLiteral(" · ") +
                                            tr("%1 samples").arg(grouped(item.samples))),
                               this);
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace flamewright
