#include "app/gui/flame_chips.h"

#include "app/gui/chip_button.h"
#include "app/gui/icons.h"

#include <QCoreApplication>
#include <QToolButton>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("FlameChips", text);
}

} // namespace

QToolButton *shortNamesChip(QWidget *parent)
{
    auto *chip = textChip(tr("Short names"),
                          tr("Template arguments, allocators, hashes and packages shortened. "
                             "The tooltip has the whole name."),
                          parent);
    chip->setCheckable(true);
    chip->setAccessibleName(tr("Readable names"));
    return chip;
}

QToolButton *unzoomChip(QWidget *parent)
{
    auto *chip = new QToolButton(parent);
    chip->setProperty("chip", true);
    chip->setProperty("active", true);
    chip->setIcon(glyphIcon(Glyph::Close));
    chip->setIconSize({10, 10});
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setLayoutDirection(Qt::RightToLeft);
    chip->setFocusPolicy(Qt::TabFocus);
    chip->hide();
    return chip;
}

} // namespace flamewright
