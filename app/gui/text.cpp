#include "app/gui/text.h"

#include "capture/base/capture_text.h"

#include <QAbstractButton>
#include <QMessageBox>
#include <QPainter>
#include <QWidget>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kLayoutChars = 1024;

int digitWidth(const QFontMetrics &metrics)
{
    int widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QChar(digit)));
    return widest;
}

} // namespace

QString display(std::string_view captured)
{
    return QString::fromStdString(CaptureText(captured).toDisplay());
}

QString displayBaseName(std::string_view path)
{
    const auto cut = path.find_last_of("/\\");
    if (cut != std::string_view::npos && cut + 1 < path.size())
        path.remove_prefix(cut + 1);
    return display(path);
}

QString cappedForLayout(const QString &text)
{
    if (text.size() <= kLayoutChars)
        return text;
    return text.left(kLayoutChars) + QChar(0x2026);
}

QString elided(const QFontMetrics &metrics, const QString &text, Qt::TextElideMode mode, int width)
{
    return metrics.elidedText(cappedForLayout(text), mode, width);
}

QString plainToolTip(const QString &text)
{
    if (text.isEmpty())
        return {};
    return QStringLiteral("<qt>") +
           cappedForLayout(text).toHtmlEscaped().replace(QLatin1Char('\n'),
                                                         QStringLiteral("<br>")) +
           QStringLiteral("</qt>");
}

void setPlainToolTip(QWidget *widget, const QString &text)
{
    widget->setToolTip(plainToolTip(text));
}

void setPlainButtonText(QAbstractButton *button, const QString &text, int width)
{
    const auto shown = elided(button->fontMetrics(), text, Qt::ElideMiddle, width);
    button->setText(QString(shown).replace(QLatin1Char('&'), QStringLiteral("&&")));
    setPlainToolTip(button, shown == text ? QString() : text);
}

void setPlainMessage(QMessageBox *box, const QString &question, const QString &explanation)
{
    box->setTextFormat(Qt::PlainText);
    box->setText(cappedForLayout(question));
    // The informative text has no format switch of its own; it is never from a capture.
    box->setInformativeText(explanation.toHtmlEscaped());
}

int tabularWidth(const QFontMetrics &metrics, const QString &text)
{
    const auto digit = digitWidth(metrics);
    int width = 0;
    for (const auto c : text)
        width += c.isDigit() ? digit : metrics.horizontalAdvance(c);
    return width;
}

void drawTabular(QPainter &painter, const QRect &box, const QString &text, Qt::Alignment alignment)
{
    const auto metrics = painter.fontMetrics();
    const auto digit = digitWidth(metrics);
    auto x = box.left();
    if (alignment & Qt::AlignRight)
        x = box.right() + 1 - tabularWidth(metrics, text);
    const auto y = box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent();
    for (const auto c : text) {
        const auto natural = metrics.horizontalAdvance(c);
        const auto advance = c.isDigit() ? digit : natural;
        painter.drawText(QPointF(x + (advance - natural) / 2.0, y), QString(c));
        x += advance;
    }
}

} // namespace flamewright
