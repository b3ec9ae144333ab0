#include "app/gui/empty_hint.h"

#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kWidth = 420;

} // namespace

EmptyHint::EmptyHint(QWidget *parent)
    : QWidget(parent),
      m_title(new PlainLabel(TextStyle::Title, TextTone::Primary, this)),
      m_why(new PlainLabel(TextStyle::Body, TextTone::Secondary, this)),
      m_button(new QPushButton(this))
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setElide(Qt::ElideRight);
    m_why->setWrapping(true);
    m_why->setAlignment(Qt::AlignCenter);
    m_why->setMaximumWidth(kWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(8);
    column->addStretch(1);
    column->addWidget(m_title);
    auto *middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(m_why, 4);
    middle->addStretch(1);
    column->addLayout(middle);
    column->addSpacing(8);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(2);
    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT viewRequested(m_view); });
    say({}, {});
}

void EmptyHint::say(const QString &title, const QString &why, const QString &button,
                    const QString &view)
{
    m_title->setPlain(title);
    m_why->setPlain(why);
    m_why->setVisible(!why.isEmpty());
    setPlainButtonText(m_button, button, kWidth);
    m_button->setVisible(!view.isEmpty());
    m_view = view;
}

QString EmptyHint::text() const
{
    return m_title->plain() + QLatin1Char('\n') + m_why->plain();
}

} // namespace flamewright
