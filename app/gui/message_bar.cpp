#include "app/gui/message_bar.h"

#include "app/gui/icons.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

TextTone toneOf(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Info: return TextTone::Accent;
    case MessageKind::Warning: return TextTone::Warn;
    case MessageKind::Error: return TextTone::Error;
    }
    return TextTone::Primary;
}

QString kindWord(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Info: return MessageBar::tr("Note");
    case MessageKind::Warning: return MessageBar::tr("Attention");
    case MessageKind::Error: return MessageBar::tr("Error");
    }
    return {};
}

} // namespace

MessageBar::MessageBar(MessageKind kind, const QString &sentence, const QString &details,
                       QWidget *parent)
    : QFrame(parent),
      m_sentence(sentence),
      m_details(details)
{
    setObjectName(QStringLiteral("messageBar"));
    setProperty("kind", kind == MessageKind::Error     ? QStringLiteral("error")
                        : kind == MessageKind::Warning ? QStringLiteral("warning")
                                                       : QStringLiteral("info"));
    setAccessibleName(kindWord(kind) + QStringLiteral(": ") + sentence);

    auto *word = new PlainLabel(TextStyle::Strong, toneOf(kind), this);
    word->setElide(Qt::ElideNone);
    word->setPlain(kindWord(kind));
    auto *label = new PlainLabel(TextStyle::Body, TextTone::Primary, this);
    label->setPlain(sentence);

    m_actions = new QHBoxLayout;
    m_actions->setSpacing(4);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 4, 4, 4);
    row->setSpacing(12);
    row->addWidget(word);
    row->addWidget(label, 1);
    row->addLayout(m_actions);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);

    if (!details.isEmpty() && details != sentence) {
        m_toggle = addAction(tr("Details"));
        m_toggle->setCheckable(true);
        connect(m_toggle, &QPushButton::clicked, this, &MessageBar::toggleDetails);
        auto *copy = addAction(tr("Copy details"));
        connect(copy, &QPushButton::clicked, this, &MessageBar::copyDetails);
        m_detailsBox = new QPlainTextEdit(this);
        m_detailsBox->setPlainText(details);
        m_detailsBox->setReadOnly(true);
        m_detailsBox->setTabChangesFocus(true);
        m_detailsBox->setFixedHeight(64);
        m_detailsBox->setAccessibleName(tr("Details"));
        m_inset = new QWidget(this);
        auto *inset = new QVBoxLayout(m_inset);
        inset->setContentsMargins(12, 0, 12, 8);
        inset->addWidget(m_detailsBox);
        m_inset->hide();
        column->addWidget(m_inset);
    }
    auto *close = new QToolButton(this);
    close->setIcon(glyphIcon(Glyph::Close));
    close->setAccessibleName(tr("Dismiss"));
    setPlainToolTip(close, tr("Dismiss"));
    close->setFocusPolicy(Qt::TabFocus);
    connect(close, &QToolButton::clicked, this, &MessageBar::dismiss);
    row->addWidget(close);
}

QPushButton *MessageBar::addAction(const QString &text)
{
    auto *button = new QPushButton(text, this);
    button->setProperty("link", true);
    m_actions->addWidget(button);
    return button;
}

void MessageBar::toggleDetails()
{
    if (!m_inset)
        return;
    m_inset->setVisible(m_inset->isHidden());
    m_toggle->setChecked(!m_inset->isHidden());
}

void MessageBar::copyDetails()
{
    QGuiApplication::clipboard()->setText(m_sentence + QLatin1Char('\n') + m_details);
}

void MessageBar::dismiss()
{
    Q_EMIT dismissed();
    hide();
    deleteLater();
}

} // namespace flamewright
