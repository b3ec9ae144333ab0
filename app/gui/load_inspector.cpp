#include "app/gui/load_inspector.h"

#include "app/gui/figures.h"
#include "app/gui/load_columns.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kMostErrors = 6;
constexpr int kNameWidth = 42;

std::int64_t signedCount(std::uint64_t count)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, INT64_MAX));
}

} // namespace

LoadInspector::LoadInspector(RequestsModel &load, QWidget *parent)
    : QWidget(parent),
      m_load(load),
      m_scroll(new QScrollArea(this))
{
    setObjectName(QStringLiteral("inspector"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Inspector"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->addWidget(m_scroll);
    connect(&load, &RequestsModel::answerChanged, this, &LoadInspector::refresh);
    connect(&load, &RequestsModel::emphasisChanged, this, &LoadInspector::refresh);
    connect(&load, &RequestsModel::findingsChanged, this, &LoadInspector::refresh);
    connect(&load, &RequestsModel::blocksChanged, this, &LoadInspector::refresh);
    refresh();
}

void LoadInspector::addSection(const QString &title)
{
    auto *label = new PlainLabel(TextStyle::Section, TextTone::Primary, m_body);
    label->setPlain(title);
    m_column->addSpacing(10);
    m_column->addWidget(label);
}

void LoadInspector::addLine(const QString &sentence)
{
    auto *label = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_body);
    label->setWrapping(true);
    label->setPlain(sentence);
    m_column->addWidget(label);
}

void LoadInspector::addRow(const QString &name, const QString &value, const QString &detail,
                           const QString &tip)
{
    auto *key = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_body);
    key->setPlain(name);
    key->setFixedWidth(kNameWidth);
    auto *figure = new PlainLabel(TextStyle::Strong, TextTone::Primary, m_body);
    figure->setElide(Qt::ElideNone);
    figure->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    figure->setPlain(value);
    auto *more = new PlainLabel(TextStyle::Caption, TextTone::Secondary, m_body);
    more->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    more->setPlain(detail);
    if (!tip.isEmpty())
        setPlainToolTip(more, tip);
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(key);
    row->addWidget(figure);
    row->addWidget(more, 1);
    m_column->addLayout(row);
}

void LoadInspector::addNote(const QString &sentence)
{
    auto *label = new PlainLabel(TextStyle::Caption, TextTone::Secondary, m_body);
    label->setWrapping(true);
    label->setPlain(sentence);
    m_column->addWidget(label);
}

QString LoadInspector::intervalText(const LoadCells &cells, LoadColumn column) const
{
    const auto at = percentileOf(column);
    const auto &blocks = m_load.blocks();
    if (!at || !blocks || !blocks->intervals[*at])
        return cells.detail(column);
    return rangeText(blocks->intervals[*at]->low, blocks->intervals[*at]->high, cells.style);
}

void LoadInspector::addErrors(const LoadAnswer &answer)
{
    if (answer.errors.empty())
        return;
    addSection(tr("Errors"));
    for (std::size_t i = 0; i < std::min(answer.errors.size(), kMostErrors); ++i) {
        const auto &error = answer.errors[i];
        const auto &status = answer.shown->statuses[error.status];
        const auto &message = answer.shown->errors[error.error];
        QStringList what;
        if (!status.empty())
            what << display(status);
        if (!message.empty() && message != status)
            what << display(message);
        auto *name = new PlainLabel(TextStyle::Body, TextTone::Error, m_body);
        name->setPlain(what.isEmpty() ? tr("not said why") : what.join(QLatin1Char(' ')));
        auto *count = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_body);
        count->setElide(Qt::ElideNone);
        count->setPlain(grouped(signedCount(error.count)));
        auto *row = new QHBoxLayout;
        row->addWidget(name, 1);
        row->addWidget(count);
        m_column->addLayout(row);
    }
    if (answer.errors.size() > kMostErrors)
        addLine(tr("%1 more kinds of errors")
                    .arg(grouped(std::ssize(answer.errors) - static_cast<int>(kMostErrors))));
}

void LoadInspector::addWhatIf()
{
    const auto &whatIf = m_load.whatIf();
    if (!whatIf)
        return;
    const auto style = m_load.valueStyle();
    addSection(tr("What if none had waited"));
    addLine(tr("Had each worker sent one every %1, as it did most of the time: %2 requests more.")
                .arg(durationText(whatIf->intervalNs, style), grouped(signedCount(whatIf->added))));
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        const auto &name = kPercentiles[i].name;
        addRow(QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())),
               durationText(whatIf->latency.percentiles[i].value, style), {});
    }
}

void LoadInspector::addFindings()
{
    if (m_load.findings().empty())
        return;
    addSection(tr("Good to know"));
    for (const auto &finding : m_load.findings()) {
        const bool warning = finding.severity == LoadFinding::Severity::Warning;
        auto *label =
            new PlainLabel(TextStyle::Body, warning ? TextTone::Warn : TextTone::Secondary, m_body);
        label->setWrapping(true);
        label->setPlain(findingText(finding, m_load.whatIf().has_value()));
        m_column->addWidget(label);
        m_column->addSpacing(4);
    }
}

void LoadInspector::refresh()
{
    const auto &answer = m_load.answer();
    m_body = new QWidget;
    m_column = new QVBoxLayout(m_body);
    m_column->setContentsMargins(16, 12, 16, 12);
    m_column->setSpacing(4);
    if (answer) {
        const auto style = m_load.valueStyle();
        const auto *row = &answer->total;
        bool total = true;
        if (const auto &group = m_load.emphasis()) {
            const auto &rows = answer->report.groups;
            const auto at = std::find_if(rows.begin(), rows.end(),
                                         [&](const auto &r) { return r.group == *group; });
            if (at != rows.end()) {
                row = &*at;
                total = false;
            }
        }
        const LoadCells cells{*answer, *row, total, style};
        auto *name = new PlainLabel(TextStyle::Title, TextTone::Primary, m_body);
        name->setObjectName(QStringLiteral("inspectorName"));
        auto title = cells.text(LoadColumn::Name);
        const auto chosen = std::find(answer->chosen.begin(), answer->chosen.end(), 1);
        if (total && std::count(answer->chosen.begin(), answer->chosen.end(), 1) == 1)
            title = display(
                answer->base->groups[static_cast<std::size_t>(chosen - answer->chosen.begin())]);
        name->setPlain(title);
        m_column->addWidget(name);
        auto *rate = new PlainLabel(TextStyle::Caption, TextTone::Secondary, m_body);
        QStringList about{tr("%1 requests").arg(cells.text(LoadColumn::Count)),
                          cells.text(LoadColumn::Rate)};
        if (const auto length = answer->report.durationNs)
            about << durationText(*length, style);
        rate->setPlain(about.join(QStringLiteral(" · ")));
        m_column->addWidget(rate);
        m_column->addSpacing(8);
        auto *figures = new QHBoxLayout;
        figures->setSpacing(8);
        auto *figure = new PlainLabel(TextStyle::Figure, TextTone::Primary, m_body);
        figure->setElide(Qt::ElideNone);
        figure->setPlain(cells.text(LoadColumn::P95));
        auto *what = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_body);
        what->setPlain(tr("p95"));
        setPlainToolTip(what, cells.toolTip(LoadColumn::P95));
        figures->addWidget(figure, 0, Qt::AlignBaseline);
        figures->addWidget(what, 1, Qt::AlignBaseline);
        m_column->addLayout(figures);
        const auto failed = row->latency.failed.count;
        addLine(failed == 0
                    ? tr("no request failed")
                    : tr("%1 failed, %2")
                          .arg(cells.text(LoadColumn::Errors), cells.detail(LoadColumn::Errors)));
        addSection(answer->choice.failures ? tr("Latency, failures included")
                                           : tr("Latency of successes"));
        for (const auto column :
             {LoadColumn::Min, LoadColumn::P50, LoadColumn::P90, LoadColumn::P95, LoadColumn::P99,
              LoadColumn::P999, LoadColumn::Max, LoadColumn::Mean})
            addRow(titleOf(column, answer->choice.question.by), cells.text(column),
                   total ? intervalText(cells, column) : cells.detail(column),
                   cells.toolTip(column));
        if (total && m_load.blocks())
            addNote(tr("95 % intervals over blocks of %1: requests that follow one another are "
                       "alike.")
                        .arg(durationText(m_load.blocks()->blockNs, style)));
        else
            addNote(tr("95 % intervals as if requests were independent: rather too narrow."));
        if (answer->choice.sloNs) {
            const auto &apdex = total ? answer->totalApdex : answer->apdexOf(row->group);
            const auto all = signedCount(apdex.total());
            const auto met = signedCount(apdex.satisfied);
            addSection(tr("SLO of %1").arg(durationText(*answer->choice.sloNs, style)));
            addLine(tr("%1 of %2 requests succeeded in time, %3")
                        .arg(grouped(met), grouped(all), shareText(met, all)));
        }
        if (total)
            addErrors(*answer);
        addFindings();
        addWhatIf();
    }
    m_column->addStretch(1);
    m_scroll->setWidget(m_body); // deletes the one before
}

QString LoadInspector::text() const
{
    QStringList lines;
    for (const auto *label : m_body->findChildren<PlainLabel *>())
        lines << label->plain();
    return lines.join(QLatin1Char('\n'));
}

} // namespace flamewright
