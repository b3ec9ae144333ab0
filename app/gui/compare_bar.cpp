#include "app/gui/compare_bar.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/chip_button.h"
#include "app/gui/compare_remarks.h"
#include "app/gui/compare_text.h"
#include "app/gui/document.h"
#include "app/gui/icons.h"
#include "app/gui/plain_label.h"
#include "app/gui/side_slot.h"
#include "app/gui/text.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QStyle>
#include <QToolButton>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kHeight = 44, kTickMs = 100, kChipWidth = 220;

constexpr NormaliseBy kChoices[] = {NormaliseBy::Automatic, NormaliseBy::Nothing,
                                    NormaliseBy::Total,     NormaliseBy::WallTime,
                                    NormaliseBy::CpuTime,   NormaliseBy::Work};

} // namespace

CompareBar::CompareBar(Document &document, CompareModel &compare, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_compare(compare),
      m_base(new SideSlot(CaptureRole::Baseline, this)),
      m_cand(new SideSlot(CaptureRole::Candidate, this)),
      m_swap(new QToolButton(this)),
      m_normalise(pickerChip(QStringLiteral("normalisePicker"), this)),
      m_remarks(pickerChip(QStringLiteral("comparability"), this)),
      m_cancel(new QToolButton(this)),
      m_progress(new PlainLabel(TextStyle::Body, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("compareBar"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("What is compared"));
    setFixedHeight(kHeight);
    m_swap->setObjectName(QStringLiteral("swapSides"));
    m_swap->setIcon(glyphIcon(Glyph::Swap));
    m_swap->setIconSize({16, 16});
    m_swap->setFocusPolicy(Qt::TabFocus);
    m_swap->setAccessibleName(tr("Swap A and B"));
    setPlainToolTip(m_swap, tr("Swap A and B (X)"));
    m_cancel->setIcon(glyphIcon(Glyph::Close));
    m_cancel->setIconSize({10, 10});
    m_cancel->setFocusPolicy(Qt::TabFocus);
    m_cancel->setAccessibleName(tr("Stop comparing"));
    setPlainToolTip(m_cancel, tr("Stop comparing"));
    m_progress->setObjectName(QStringLiteral("compareProgress"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_base);
    row->addWidget(m_swap);
    row->addWidget(m_cand);
    row->addSpacing(4);
    row->addWidget(m_normalise);
    row->addStretch(1);
    row->addWidget(m_progress);
    row->addWidget(m_cancel);
    row->addWidget(m_remarks);

    for (const auto role : {CaptureRole::Baseline, CaptureRole::Candidate}) {
        auto *side = slot(role);
        connect(side, &SideSlot::clicked, this, [this, role] { chooseSide(role); });
        connect(side, &SideSlot::clearRequested, this, [this, role] { setSide(role, {}); });
        connect(side, &SideSlot::capturesDropped, this,
                [this, role](const std::vector<CaptureId> &captures) { setSide(role, captures); });
        connect(side, &SideSlot::filesDropped, this,
                [this, role](const QStringList &paths) { Q_EMIT filesDropped(role, paths); });
    }
    connect(m_swap, &QToolButton::clicked, this, &CompareBar::swap);
    connect(m_normalise, &QToolButton::clicked, this, &CompareBar::chooseNormalisation);
    connect(m_remarks, &QToolButton::clicked, this, &CompareBar::openRemarks);
    connect(m_cancel, &QToolButton::clicked, &compare, &CompareModel::cancel);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &CompareBar::followAnswer);
    connect(&compare, &CompareModel::sidesChanged, this, &CompareBar::follow);
    for (const auto signal : {&CompareModel::comparisonChanged, &CompareModel::sectionChanged,
                              &CompareModel::busyChanged})
        connect(&compare, signal, this, &CompareBar::followAnswer);
    follow();
}

bool CompareBar::isUseful() const
{
    return m_document.captures().size() > 1 || m_base->isFilled() || m_cand->isFilled();
}

void CompareBar::follow()
{
    m_base->setCaptures(m_compare.side(CaptureRole::Baseline));
    m_cand->setCaptures(m_compare.side(CaptureRole::Candidate));
    m_swap->setEnabled(m_base->isFilled() || m_cand->isFilled());
    followAnswer();
}

void CompareBar::say(const QString &text, const char *tone)
{
    setPlainButtonText(m_remarks, text, kChipWidth);
    m_remarks->setAccessibleName(tr("Comparable? %1").arg(text));
    if (m_remarks->property("tone").toString() != QLatin1String(tone)) {
        m_remarks->setProperty("tone", QLatin1String(tone));
        m_remarks->style()->unpolish(m_remarks);
        m_remarks->style()->polish(m_remarks);
    }
}

void CompareBar::followAnswer()
{
    const bool busy = m_compare.busy() && m_compare.hasBoth();
    if (busy != m_tick.isActive())
        busy ? m_tick.start() : m_tick.stop();
    m_progress->setVisible(busy);
    m_cancel->setVisible(busy);
    if (busy) {
        const auto progress = m_compare.progress();
        m_progress->setPlain(
            progress.total == 0
                ? tr("Comparing…")
                : tr("Comparing… %1 %")
                      .arg(std::min<std::uint64_t>(100, progress.done * 100 / progress.total)));
    }
    m_normalise->setVisible(m_compare.hasBoth());
    // Pairs of one session may have to be divided by different things: each view says by what.
    const auto &answer = m_compare.comparison();
    const auto *section = m_compare.current();
    const bool alike = section && std::all_of(answer->sections.begin(), answer->sections.end(),
                                              [section](const ComparedSection &one) {
                                                  return one.normalisation.words() ==
                                                         section->normalisation.words();
                                              });
    const auto chosen = m_compare.normalisedBy();
    const bool automatic = chosen == NormaliseBy::Automatic;
    const auto text = !alike ? tr("Figures: %1").arg(titleOf(chosen).toLower())
                      : automatic
                          ? tr("Figures: %1 (automatic)").arg(wordsOf(section->normalisation))
                          : tr("Figures: %1").arg(wordsOf(section->normalisation));
    setPlainButtonText(m_normalise, text, kChipWidth);
    m_normalise->setAccessibleName(text);
    QStringList bases{tr("What figures of A and B are divided by before they are compared")};
    for (const auto &one : answer ? answer->sections : std::vector<ComparedSection>()) {
        auto line = tr("%1: %2").arg(sectionTitle(one), wordsOf(one.normalisation));
        if (!one.normalisation.source.empty())
            line += tr(", %1").arg(display(one.normalisation.source));
        bases << line;
    }
    setPlainToolTip(m_normalise, bases.join(QLatin1Char('\n')));
    const auto &comparison = m_compare.comparison();
    m_remarks->setVisible(comparison != nullptr && !busy);
    if (!comparison)
        return;
    std::size_t grave = 0, other = 0;
    for (const auto &one : comparison->sections) {
        for (const auto &remark : one.remarks)
            ++(remark.weight == ComparabilityRemark::Weight::Grave ? grave : other);
    }
    if (comparison->isBlocked())
        say(grave == 1 ? tr("No verdicts: 1 grave difference")
                       : tr("No verdicts: %1 grave differences").arg(grave),
            "error");
    else if (grave > 0)
        say(tr("Compared in spite of %1").arg(grave), "warn");
    else if (other > 0)
        say(other == 1 ? tr("Comparable, 1 remark") : tr("Comparable, %1 remarks").arg(other), "");
    else
        say(tr("Comparable"), "ok");
}

QString CompareBar::statusText() const
{
    return m_remarks->isHidden() ? QString() : m_remarks->text();
}

void CompareBar::openRemarks()
{
    if (m_compare.comparison())
        (new CompareRemarks(m_compare, this))->showBelow(m_remarks);
}

void CompareBar::setSide(CaptureRole role, const std::vector<CaptureId> &captures)
{
    Document::Roles roles;
    for (const auto &capture : m_document.captures()) {
        const bool wanted =
            std::find(captures.begin(), captures.end(), capture.id) != captures.end();
        if (wanted && capture.desc.role != role)
            roles.emplace_back(capture.id, role);
        else if (!wanted && capture.desc.role == role)
            roles.emplace_back(capture.id, CaptureRole::None);
    }
    if (!roles.empty())
        m_document.setRoles(roles);
}

void CompareBar::swap()
{
    Document::Roles roles;
    for (const auto &capture : m_compare.side(CaptureRole::Baseline))
        roles.emplace_back(capture.id, CaptureRole::Candidate);
    for (const auto &capture : m_compare.side(CaptureRole::Candidate))
        roles.emplace_back(capture.id, CaptureRole::Baseline);
    if (!roles.empty())
        m_document.setRoles(roles);
}

void CompareBar::chooseSide(CaptureRole role)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto &capture : m_document.captures()) {
        if (capture.state == CaptureState::Importing)
            continue;
        auto label = captureName(capture).replace(QLatin1Char('&'), QStringLiteral("&&"));
        if (const auto date = sideDate(capture.startedAtNs()); !date.isEmpty())
            label += QLatin1Char('\t') + date;
        auto *action = menu->addAction(cappedForLayout(label));
        action->setCheckable(true);
        action->setChecked(capture.desc.role == role);
        connect(action, &QAction::triggered, this, [this, role, id = capture.id](bool on) {
            m_document.setRole(id, on ? role : CaptureRole::None);
        });
    }
    if (slot(role)->isFilled()) {
        menu->addSeparator();
        menu->addAction(tr("Take everything off"), this, [this, role] { setSide(role, {}); });
    }
    menu->popup(slot(role)->mapToGlobal(QPoint(0, slot(role)->height() + 4)));
}

void CompareBar::chooseNormalisation()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    for (const auto by : kChoices) {
        auto *action = menu->addAction(tr("%1 – %2").arg(titleOf(by), hintOf(by)));
        action->setCheckable(true);
        action->setChecked(by == m_compare.normalisedBy());
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, by] { m_compare.normaliseBy(by); });
    }
    menu->popup(m_normalise->mapToGlobal(QPoint(0, m_normalise->height() + 4)));
}

} // namespace flamewright
