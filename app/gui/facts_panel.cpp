#include "app/gui/facts_panel.h"

#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kNameWidth = 104;
constexpr int kValueWidth = 84; // longer ones get lines of their own

int wide(const QWidget *label, const QString &text)
{
    return label->fontMetrics().horizontalAdvance(cappedForLayout(text));
}

} // namespace

FactsPanel::FactsPanel(QWidget *parent) : QWidget(parent), m_scroll(new QScrollArea(this))
{
    setObjectName(QStringLiteral("inspector"));
    setAttribute(Qt::WA_StyledBackground);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->addWidget(m_scroll);
    begin();
    end();
}

void FactsPanel::begin()
{
    m_lines.clear();
    m_body = new QWidget;
    m_body->setObjectName(QStringLiteral("inspectorBody"));
    m_column = new QVBoxLayout(m_body);
    m_column->setContentsMargins(16, 12, 16, 16);
    m_column->setSpacing(4);
}

void FactsPanel::addTitle(const QString &text, const QString &subtitle)
{
    auto *title = new PlainLabel(TextStyle::Title, TextTone::Primary, m_body);
    title->setWrapping(true);
    title->setPlain(text);
    m_column->addWidget(title);
    m_lines << text;
    if (!subtitle.isEmpty())
        addSentence(subtitle);
    m_column->addSpacing(4);
}

void FactsPanel::addSection(const QString &title)
{
    auto *label = new PlainLabel(TextStyle::Section, TextTone::Primary, m_body);
    label->setPlain(title);
    m_column->addSpacing(10);
    m_column->addWidget(label);
    m_lines << title;
}

void FactsPanel::addFact(const QString &name, const QString &value, bool error)
{
    auto *key = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_body);
    key->setPlain(name);
    auto *figure =
        new PlainLabel(TextStyle::Body, error ? TextTone::Error : TextTone::Primary, m_body);
    figure->setPlain(value);
    m_lines << name + QStringLiteral(": ") + value;
    if (wide(figure, value) > kValueWidth || wide(key, name) > kNameWidth) {
        // What has no places to break at, such as an id, is shortened in the middle.
        const bool breaks = value.contains(QLatin1Char(' '));
        figure->setWrapping(breaks);
        if (!breaks)
            figure->setElide(Qt::ElideMiddle);
        m_column->addWidget(key);
        m_column->addWidget(figure);
        m_column->addSpacing(2);
        return;
    }
    key->setFixedWidth(kNameWidth);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(key);
    row->addWidget(figure, 1);
    m_column->addLayout(row);
}

void FactsPanel::addSentence(const QString &sentence)
{
    auto *label = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_body);
    label->setWrapping(true);
    label->setPlain(sentence);
    m_column->addWidget(label);
    m_lines << sentence;
}

void FactsPanel::end()
{
    m_column->addStretch(1);
    m_scroll->setWidget(m_body); // deletes the one before
}

} // namespace flamewright
