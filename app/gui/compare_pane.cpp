#include "app/gui/compare_pane.h"

#include "app/gui/chip_button.h"
#include "app/gui/compare_model.h"
#include "app/gui/compare_text.h"
#include "app/gui/empty_hint.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kHeaderHeight = 40, kPairWidth = 220;
const QLatin1String kAgain("again"); // what the button of the hint does; no view has this id

} // namespace

ComparePane::ComparePane(const ViewContext &context, std::string kind, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_kind(std::move(kind)),
      m_controls(new QHBoxLayout),
      m_column(new QVBoxLayout(this)),
      m_header(new QWidget(this)),
      m_empty(new EmptyHint(this))
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    m_header->setObjectName(QStringLiteral("viewHeader"));
    m_header->setAttribute(Qt::WA_StyledBackground);
    m_header->setFixedHeight(kHeaderHeight);
    m_pair = pickerChip(QStringLiteral("pairPicker"), m_header);
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_header);
    m_summary->setObjectName(QStringLiteral("viewSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_controls->setSpacing(6);
    auto *row = new QHBoxLayout(m_header);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(6);
    row->addWidget(m_pair);
    row->addLayout(m_controls);
    row->addWidget(m_summary, 1);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(m_header);
    connect(m_pair, &QToolButton::clicked, this, &ComparePane::choosePair);
    connect(m_empty, &EmptyHint::viewRequested, this, [this](const QString &what) {
        if (what == kAgain)
            m_context.compare.askAgain();
        else
            Q_EMIT viewRequested(what);
    });
    for (const auto signal : {&CompareModel::comparisonChanged, &CompareModel::sectionChanged,
                              &CompareModel::sidesChanged, &CompareModel::busyChanged})
        connect(&context.compare, signal, this, &ComparePane::follow);
}

void ComparePane::setContent(QWidget *content)
{
    m_column->addWidget(content, 1);
    m_empty->raise();
}

void ComparePane::setSummary(const QString &text)
{
    m_summary->setPlain(text);
}

QString ComparePane::summary() const
{
    return m_summary->plain();
}

QString ComparePane::hintText() const
{
    return m_empty->isHidden() ? QString() : m_empty->text();
}

QString ComparePane::nothingText() const
{
    return tr("No captures on A and B are of the kind that this view is about.");
}

void ComparePane::follow()
{
    auto &compare = m_context.compare;
    const auto *found = m_kind.empty() ? compare.current() : compare.section(m_kind);
    if (found && !canShow(*found))
        found = nullptr;
    m_section = found;
    m_pair->setVisible(found != nullptr);
    if (found) {
        setPlainButtonText(m_pair, sectionTitle(*found), kPairWidth);
        m_pair->setAccessibleName(tr("What is compared: %1").arg(sectionTitle(*found)));
    }
    explain();
    showSection(found);
}

void ComparePane::explain()
{
    const auto &compare = m_context.compare;
    m_empty->setVisible(!m_section);
    m_empty->setGeometry(rect());
    m_empty->raise();
    if (m_section)
        return;
    if (!compare.hasBoth())
        m_empty->say(tr("Drop a capture on A and one on B"),
                     tr("Drag captures from the list on the left, or files, onto the two places "
                        "above. Several on one side count as runs of the same thing."));
    else if (compare.busy())
        m_empty->say(tr("Comparing…"), tr("Intervals are worked out from the captures themselves; "
                                          "large ones take a few seconds."));
    else if (compare.isCancelled())
        m_empty->say(tr("Comparing was stopped"), {}, tr("Compare again"), kAgain);
    else if (!compare.comparison())
        m_empty->say(tr("These cannot be compared"), compare.error(), tr("Try again"), kAgain);
    else
        m_empty->say(tr("Nothing to compare here"), nothingText());
}

void ComparePane::choosePair()
{
    const auto &comparison = m_context.compare.comparison();
    if (!comparison)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    for (std::size_t i = 0; i < comparison->sections.size(); ++i) {
        const auto &one = comparison->sections[i];
        if ((!m_kind.empty() && one.kind != m_kind) || !canShow(one))
            continue;
        auto text = sectionTitle(one).replace(QLatin1Char('&'), QStringLiteral("&&"));
        auto *action = menu->addAction(cappedForLayout(text));
        action->setCheckable(true);
        action->setChecked(&one == m_section);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, i] { m_context.compare.lookAt(i); });
    }
    menu->popup(m_pair->mapToGlobal(QPoint(0, m_pair->height() + 4)));
}

bool ComparePane::isSettled() const
{
    return !m_context.compare.busy();
}

void ComparePane::resizeEvent(QResizeEvent *event)
{
    m_empty->setGeometry(rect());
    ViewPane::resizeEvent(event);
}

} // namespace flamewright
