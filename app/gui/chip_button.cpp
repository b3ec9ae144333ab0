#include "app/gui/chip_button.h"

#include "app/gui/icons.h"
#include "app/gui/text.h"

#include <QToolButton>

namespace flamewright {
namespace {

constexpr int kTextWidth = 200;

QToolButton *chip(QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("chip", true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

QToolButton *textChip(const QString &text, const QString &tip, QWidget *parent)
{
    auto *button = chip(parent);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    setPlainButtonText(button, text, kTextWidth);
    button->setAccessibleName(text);
    setPlainToolTip(button, tip);
    return button;
}

QToolButton *pickerChip(const QString &objectName, QWidget *parent)
{
    auto *button = chip(parent);
    button->setObjectName(objectName);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIcon(glyphIcon(Glyph::Down));
    button->setIconSize({12, 12});
    button->setLayoutDirection(Qt::RightToLeft); // the arrow after the text
    return button;
}

} // namespace flamewright
