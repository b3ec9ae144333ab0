#include "app/gui/side_title.h"

#include "app/gui/compare_text.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/side_slot.h"

#include <QHBoxLayout>
#include <QPainter>

namespace flamewright {
namespace {

constexpr int kHeight = 34, kLeft = 12;

} // namespace

SideTitle::SideTitle(CaptureRole role, QWidget *parent)
    : QWidget(parent),
      m_role(role),
      m_name(new PlainLabel(TextStyle::Strong, TextTone::Primary, this)),
      m_date(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this))
{
    setFixedHeight(kHeight);
    m_name->setElide(Qt::ElideMiddle);
    m_date->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kLeft + kSideBadge + 8, 0, 12, 2);
    row->setSpacing(8);
    row->addWidget(m_name, 1);
    row->addWidget(m_date);
}

void SideTitle::setCaptures(const std::vector<CaptureInfo> &captures)
{
    const auto name = sideName(captures);
    m_name->setPlain(name.name);
    m_date->setPlain(name.date);
    setAccessibleName(name.name);
}

void SideTitle::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto c = colorsOf(palette());
    painter.fillRect(rect(), c.surface1);
    painter.fillRect(QRect(0, height() - 2, width(), 2),
                     m_role == CaptureRole::Baseline ? c.sideA : c.sideB);
    drawSideBadge(painter, QPoint(kLeft, (height() - 2 - kSideBadge) / 2), m_role, c);
}

} // namespace flamewright
