#pragma once

#include <QFontMetrics>
#include <QString>

#include <string_view>

class QAbstractButton;
class QMessageBox;
class QPainter;
class QRect;
class QWidget;

// Captured text on the screen. Everything that a capture says goes through display(); everything
// shown goes through widgets or helpers that draw plain text.
namespace flamewright {

// Bytes of a capture as one line of text: invalid UTF-8, controls, bidirectional overrides and
// stacks of combining marks become visible escapes; at most 4 KiB.
QString display(std::string_view captured);
// The last part of a path, for narrow columns; the whole path belongs in the tooltip.
QString displayBaseName(std::string_view path);

// At most 1 KiB, cut before layout: laying out long lines is what makes Qt slow.
QString cappedForLayout(const QString &text);
QString elided(const QFontMetrics &metrics, const QString &text, Qt::TextElideMode mode, int width);

// Qt tooltips have no plain-text switch: escaped and marked as markup, so that it is shown
// verbatim.
QString plainToolTip(const QString &text);
void setPlainToolTip(QWidget *widget, const QString &text);

// A button's text: shortened to `width` pixels with the whole of it as tooltip, and no mnemonics:
// an & in a capture's name is an &.
void setPlainButtonText(QAbstractButton *button, const QString &text, int width);

// A question in a box: plain text, whatever names are in it.
void setPlainMessage(QMessageBox *box, const QString &question, const QString &explanation);

// Right-aligned digits of equal width (Inter's digits are proportional without the tnum feature,
// which Qt 6.4 cannot switch on). Anything but digits keeps its width.
void drawTabular(QPainter &painter, const QRect &box, const QString &text,
                 Qt::Alignment alignment = Qt::AlignRight | Qt::AlignVCenter);
int tabularWidth(const QFontMetrics &metrics, const QString &text);

} // namespace flamewright
