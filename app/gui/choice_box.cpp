#include "app/gui/choice_box.h"

#include "app/gui/icons.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace flamewright {
namespace {

constexpr int kArrow = 12, kInset = 8;

} // namespace

ChoiceBox::ChoiceBox(QWidget *parent) : QComboBox(parent)
{
    // The delegate of combo boxes ignores what the style sheet says about rows.
    setItemDelegate(new QStyledItemDelegate(this));
}

void ChoiceBox::paintEvent(QPaintEvent *event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    const auto x = layoutDirection() == Qt::RightToLeft ? kInset : width() - kInset - kArrow;
    glyphIcon(Glyph::Down)
        .paint(&painter, {x, (height() - kArrow) / 2, kArrow, kArrow}, Qt::AlignCenter,
               isEnabled() ? QIcon::Normal : QIcon::Disabled);
}

} // namespace flamewright
