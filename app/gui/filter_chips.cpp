#include "app/gui/filter_chips.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/filter_editor.h"
#include "app/gui/icons.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QToolButton>

namespace flamewright {
namespace {

constexpr int kChipWidth = 190;
constexpr int kGap = 6;

QToolButton *flatButton(QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("chip", true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

// "12.4 s to 18.9 s" after the first sample.
QString timeText(const CaptureInfo *capture, const TimeRange &range, ValueStyle style)
{
    const auto begin = capture && capture->span ? capture->span->begin : Timestamp{};
    const auto at = [&](Timestamp t) {
        std::int64_t out = 0;
        if (__builtin_sub_overflow(t.time_since_epoch().count(), begin.time_since_epoch().count(),
                                   &out))
            return FilterChips::tr("end");
        return durationText(out, style);
    };
    return FilterChips::tr("%1 – %2").arg(at(range.begin), at(range.end));
}

} // namespace

FilterChips::FilterChips(Document &document, ScopeController &scope, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_scope(scope),
      m_row(new QHBoxLayout(this)),
      m_more(flatButton(this)),
      m_add(flatButton(this))
{
    setAccessibleName(tr("Filters"));
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(kGap);
    m_more->setObjectName(QStringLiteral("moreFilters"));
    m_more->hide();
    m_add->setObjectName(QStringLiteral("addFilter"));
    m_add->setProperty("quiet", true);
    m_add->setText(tr("+ Filter"));
    m_add->setAccessibleName(tr("Add a filter"));
    setPlainToolTip(m_add, tr("Add a filter: keep, drop, hide, collapse, focus (Ctrl+L)"));
    m_row->addWidget(m_more);
    m_row->addWidget(m_add);
    m_row->addStretch(1);
    connect(m_more, &QToolButton::clicked, this, &FilterChips::showMore);
    connect(m_add, &QToolButton::clicked, this, &FilterChips::addFilter);
    connect(&scope, &ScopeController::scopeChanged, this, &FilterChips::follow);
    connect(&document, &Document::capturesChanged, this, &FilterChips::follow);
    follow();
}

void FilterChips::follow()
{
    for (auto &chip : m_chips) {
        m_row->removeWidget(chip.box);
        chip.box->hide();
        chip.box->deleteLater(); // it may be its own button that was clicked
    }
    m_chips.clear();
    const auto &scope = m_scope.scope();
    const auto *capture =
        scope.captures.empty() ? nullptr : m_document.find(scope.captures.front());
    for (std::size_t i = 0; i < scope.times.size(); ++i) {
        m_chips.push_back({.text = timeText(capture, scope.times[i], m_document.valueStyle()),
                           .remove = [this, i] {
                               auto times = m_scope.scope().times;
                               if (i < times.size())
                                   times.erase(times.begin() + static_cast<std::ptrdiff_t>(i));
                               m_scope.setTimes(std::move(times));
                           }});
    }
    for (std::size_t i = 0; i < scope.transforms.size(); ++i) {
        m_chips.push_back({.text = transformText(scope.transforms[i]),
                           .edit = [this, i](QWidget *anchor) { editTransform(i, anchor); },
                           .remove = [this, i] { m_scope.removeTransform(i); }});
    }
    int at = 0;
    for (auto &chip : m_chips) {
        makeBox(chip);
        m_row->insertWidget(at++, chip.box, 0, Qt::AlignVCenter);
    }
    m_add->setVisible(capture && !isLoadTest(*capture) && !isBenchmarks(*capture) &&
                      capture->samples > 0); // filters are over stacks
    arrange();
}

void FilterChips::makeBox(Chip &chip)
{
    chip.box = new QWidget(this);
    chip.box->setProperty("chipBox", true);
    chip.box->setAttribute(Qt::WA_StyledBackground);
    chip.label = new QToolButton(chip.box);
    chip.label->setProperty("chipLabel", true);
    chip.label->setFocusPolicy(Qt::TabFocus);
    chip.label->setAccessibleName(tr("Filter: %1").arg(chip.text));
    setPlainButtonText(chip.label, chip.text, kChipWidth);
    chip.label->installEventFilter(this);
    chip.cross = new QToolButton(chip.box);
    chip.cross->setProperty("chipCross", true);
    chip.cross->setIcon(glyphIcon(Glyph::Close));
    chip.cross->setIconSize({10, 10});
    chip.cross->setFocusPolicy(Qt::TabFocus);
    chip.cross->setAccessibleName(tr("Remove the filter %1").arg(chip.text));
    setPlainToolTip(chip.cross, tr("Remove this filter (Del)"));
    auto *row = new QHBoxLayout(chip.box);
    row->setContentsMargins(4, 0, 2, 0);
    row->setSpacing(0);
    row->addWidget(chip.label);
    row->addWidget(chip.cross);
    if (chip.edit) {
        connect(chip.label, &QToolButton::clicked, this,
                [edit = chip.edit, label = chip.label] { edit(label); });
    }
    connect(chip.cross, &QToolButton::clicked, this, [remove = chip.remove] { remove(); });
}

// Chips that fit are shown from the left; the rest is counted.
void FilterChips::arrange()
{
    const auto widthOf = [](const QWidget *widget) { return widget->sizeHint().width() + kGap; };
    auto room = width() - (m_add->isHidden() ? 0 : widthOf(m_add));
    int needed = 0;
    for (const auto &chip : m_chips)
        needed += widthOf(chip.box);
    std::size_t shown = m_chips.size();
    if (needed > room) {
        setPlainButtonText(m_more, tr("+%1 more").arg(m_chips.size()), kChipWidth);
        room -= widthOf(m_more);
        shown = 0;
        int used = 0;
        while (shown < m_chips.size() && used + widthOf(m_chips[shown].box) <= room)
            used += widthOf(m_chips[shown++].box);
    }
    for (std::size_t i = 0; i < m_chips.size(); ++i)
        m_chips[i].box->setVisible(i < shown);
    const auto hidden = m_chips.size() - shown;
    m_more->setVisible(hidden > 0);
    const auto text = shown == 0 ? tr("%1 filters").arg(hidden) : tr("+%1 more").arg(hidden);
    setPlainButtonText(m_more, text, kChipWidth);
    m_more->setAccessibleName(tr("%1 more filters").arg(hidden));
}

void FilterChips::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

QSize FilterChips::minimumSizeHint() const
{
    const auto add = m_add->isHidden() ? 0 : m_add->sizeHint().width() + kGap;
    return {add + (m_chips.empty() ? 0 : 90), QWidget::minimumSizeHint().height()};
}

void FilterChips::showMore()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        if (!m_chips[i].box->isHidden())
            continue;
        auto label = m_chips[i].text;
        auto *sub =
            menu->addMenu(cappedForLayout(label.replace(QLatin1Char('&'), QStringLiteral("&&"))));
        if (m_chips[i].edit)
            sub->addAction(tr("Edit…"), this, [this, edit = m_chips[i].edit] { edit(m_more); });
        sub->addAction(tr("Remove"), this, [remove = m_chips[i].remove] { remove(); });
    }
    menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 4)));
}

void FilterChips::editTransform(std::size_t index, QWidget *anchor)
{
    const auto &transforms = m_scope.scope().transforms;
    if (index >= transforms.size())
        return;
    auto *editor = new FilterEditor(transforms[index], false, this);
    connect(editor, &FilterEditor::accepted, this, [this, index](const Transform &transform) {
        m_scope.replaceTransform(index, transform);
    });
    editor->showBelow(anchor);
}

void FilterChips::addFilter()
{
    auto *editor = new FilterEditor({TransformKind::Keep, {}}, true, this);
    connect(editor, &FilterEditor::accepted, this,
            [this](const Transform &transform) { m_scope.addTransform(transform); });
    editor->showBelow(m_add->isVisible() ? static_cast<QWidget *>(m_add) : this);
}

bool FilterChips::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Delete || key == Qt::Key_Backspace) {
            for (const auto &chip : m_chips) {
                if (chip.label == watched) {
                    const auto remove = chip.remove; // the chip goes with it
                    remove();
                    return true;
                }
            }
        }
    }
    return QWidget::eventFilter(watched, event);
}

QStringList FilterChips::texts() const
{
    QStringList out;
    for (const auto &chip : m_chips)
        out << chip.text;
    return out;
}

QToolButton *FilterChips::chip(std::size_t index) const
{
    return index < m_chips.size() ? m_chips[index].label : nullptr;
}

QToolButton *FilterChips::cross(std::size_t index) const
{
    return index < m_chips.size() ? m_chips[index].cross : nullptr;
}

} // namespace flamewright
