#include "app/gui/compare_remarks.h"

#include "app/gui/compare_model.h"
#include "app/gui/compare_text.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWidth = 440, kMostHeight = 420;

PlainLabel *wrapped(const QString &text, TextTone tone, QWidget *parent,
                    TextStyle style = TextStyle::Body)
{
    auto *label = new PlainLabel(style, tone, parent);
    label->setWrapping(true);
    label->setPlain(text);
    return label;
}

TextTone toneOf(ComparabilityRemark::Weight weight)
{
    switch (weight) {
    case ComparabilityRemark::Weight::Grave: return TextTone::Error;
    case ComparabilityRemark::Weight::Warning: return TextTone::Warn;
    case ComparabilityRemark::Weight::Note: break;
    }
    return TextTone::Muted;
}

} // namespace

CompareRemarks::CompareRemarks(CompareModel &compare, QWidget *parent)
    : QFrame(parent, Qt::Popup),
      m_compare(compare)
{
    setObjectName(QStringLiteral("popup"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    const auto &comparison = *compare.comparison();
    const bool blocked = comparison.isBlocked();
    auto *title = new PlainLabel(TextStyle::Strong, TextTone::Primary, this);
    title->setPlain(blocked ? tr("Verdicts are withheld") : tr("Are A and B comparable?"));
    column->addWidget(title);
    if (blocked)
        column->addWidget(
            wrapped(tr("Figures of the two may not mean the same. They are shown, but "
                       "not judged until you say that you know."),
                    TextTone::Secondary, this));
    auto *area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *list = buildList();
    area->setWidget(list);
    const auto high = list->heightForWidth(kWidth - 40);
    area->setFixedHeight(std::min((high > 0 ? high : list->sizeHint().height()) + 12, kMostHeight));
    column->addWidget(area);

    if (blocked || compare.isConfirmed()) {
        auto *row = new QHBoxLayout;
        row->addStretch(1);
        m_confirm =
            new QPushButton(blocked ? tr("Compare anyway") : tr("Withhold verdicts again"), this);
        m_confirm->setObjectName(QStringLiteral("compareAnyway"));
        m_confirm->setProperty("primary", blocked);
        row->addWidget(m_confirm);
        column->addLayout(row);
        connect(m_confirm, &QPushButton::clicked, this, [this, blocked] {
            m_compare.confirm(blocked);
            close();
        });
    }
}

QWidget *CompareRemarks::buildList()
{
    auto *list = new QWidget(this);
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 4, 8, 4);
    column->setSpacing(4);
    const auto &comparison = *m_compare.comparison();
    bool any = false;
    for (const auto &section : comparison.sections) {
        if (section.remarks.empty())
            continue;
        any = true;
        if (comparison.sections.size() > 1)
            column->addWidget(
                wrapped(sectionTitle(section), TextTone::Secondary, list, TextStyle::Section));
        for (const auto &remark : section.remarks) {
            auto *head = new QHBoxLayout;
            auto *what = new PlainLabel(TextStyle::Strong, TextTone::Primary, list);
            what->setPlain(remarkTitle(remark.what));
            auto *weight = new PlainLabel(TextStyle::Caption, toneOf(remark.weight), list);
            weight->setPlain(weightText(remark.weight));
            head->addWidget(what);
            head->addStretch(1);
            head->addWidget(weight);
            column->addLayout(head);
            if (!remark.base.empty() || !remark.cand.empty()) {
                const auto side = [](const std::string &value) {
                    return value.empty() ? tr("not known") : display(value);
                };
                column->addWidget(
                    wrapped(tr("A %1   →   B %2").arg(side(remark.base), side(remark.cand)),
                            TextTone::Secondary, list));
            }
            column->addWidget(wrapped(display(remark.sentence), TextTone::Secondary, list));
            column->addSpacing(6);
        }
    }
    if (!any)
        column->addWidget(wrapped(tr("Nothing was found that differs: host, kernel, sampling, load "
                                     "and mix are alike as far as the captures say."),
                                  TextTone::Secondary, list));
    for (const auto &left : comparison.notCompared)
        column->addWidget(
            wrapped(tr("Not compared: %1").arg(display(left)), TextTone::Muted, list));
    column->addStretch(1);
    return list;
}

void CompareRemarks::showBelow(QWidget *anchor)
{
    adjustSize();
    auto at = anchor->mapToGlobal(QPoint(anchor->width() - width(), anchor->height() + 4));
    if (const auto *screen = anchor->screen())
        at.setX(std::max(at.x(), screen->availableGeometry().left() + 8));
    move(at);
    show();
    if (m_confirm)
        m_confirm->setFocus();
}

} // namespace flamewright
