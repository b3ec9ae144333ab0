#include "app/gui/plain_label.h"

#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

namespace flamewright {
namespace {

const char *toneName(TextTone tone)
{
    switch (tone) {
    case TextTone::Primary: return "text1";
    case TextTone::Secondary: return "text2";
    case TextTone::Muted: return "text3";
    case TextTone::Accent: return "accent";
    case TextTone::Ok: return "ok";
    case TextTone::Warn: return "warn";
    case TextTone::Error: return "error";
    case TextTone::Search: return "search";
    }
    return "text1";
}

} // namespace

PlainLabel::PlainLabel(TextStyle style, TextTone tone, QWidget *parent)
    : QLabel(parent),
      m_style(style)
{
    setTextFormat(Qt::PlainText);
    setFont(typeFont(style));
    setTone(tone);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void PlainLabel::setPlain(const QString &text)
{
    if (m_text == text)
        return;
    m_text = text;
    QLabel::setText(cappedForLayout(text));
    setAccessibleName(cappedForLayout(text));
    updateGeometry();
}

void PlainLabel::setTone(TextTone tone)
{
    setProperty("tone", QLatin1String(toneName(tone)));
    style()->unpolish(this);
    style()->polish(this);
    update();
}

void PlainLabel::setElide(Qt::TextElideMode mode)
{
    m_elide = mode;
    update();
}

void PlainLabel::setWrapping(bool on)
{
    m_wrapping = on;
    setWordWrap(on);
    setSizePolicy(on ? QSizePolicy::Preferred : QSizePolicy::Preferred,
                  on ? QSizePolicy::Minimum : QSizePolicy::Fixed);
}

QSize PlainLabel::sizeHint() const
{
    if (m_wrapping)
        return QLabel::sizeHint();
    const auto metrics = fontMetrics();
    const auto m = contentsMargins();
    return {metrics.horizontalAdvance(cappedForLayout(m_text)) + 2 + m.left() + m.right(),
            metrics.height() + m.top() + m.bottom()};
}

QSize PlainLabel::minimumSizeHint() const
{
    if (m_wrapping)
        return {0, QLabel::minimumSizeHint().height()};
    if (m_elide == Qt::ElideNone)
        return sizeHint();
    return {std::min(sizeHint().width(), fontMetrics().horizontalAdvance(QLatin1Char('m')) * 3),
            sizeHint().height()};
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    if (m_wrapping) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(palette().color(foregroundRole()));
    const auto box = contentsRect();
    painter.drawText(box, static_cast<int>(alignment()) | Qt::TextSingleLine,
                     elided(fontMetrics(), m_text, m_elide, box.width()));
}

void PlainLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
}

bool PlainLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && !m_wrapping && toolTip().isEmpty()) {
        if (fontMetrics().horizontalAdvance(cappedForLayout(m_text)) > contentsRect().width())
            QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), plainToolTip(m_text),
                               this);
        else
            QToolTip::hideText();
        return true;
    }
    return QLabel::event(event);
}

} // namespace flamewright
