#include "app/gui/benchmarks_pane.h"

#include "analysis/search.h"
#include "app/gui/benchmark_delegate.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/load_table.h"
#include "app/gui/plain_label.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWidths[BenchmarkModel::ColumnCount] = {200, 120, 68, 128, 64, 190, 96, 220, 90, 90};
constexpr int kLeastName = 200;

// Metrics in the order in which captures first have them.
void numberMetrics(BenchmarkTable &table)
{
    std::vector<std::string> seen;
    for (const auto &group : table.report.groups) {
        const auto at = std::find(seen.begin(), seen.end(), group.metric);
        table.metrics.push_back(static_cast<std::uint32_t>(at - seen.begin()));
        if (at == seen.end())
            seen.push_back(group.metric);
    }
}

Result<std::shared_ptr<const BenchmarkTable>>
read(const Session &session, const std::vector<CaptureInfo> &captures, JobContext &job)
{
    FW_ASSIGN(const auto reader, session.reader());
    auto table = std::make_shared<BenchmarkTable>();
    FW_ASSIGN(table->report, benchmarkReport(*reader, captures, job));
    table->common = commonLabels(table->report.groups);
    for (const auto &group : table->report.groups) {
        FW_TRY(job.checkpoint());
        auto title = benchmarkTitle(group, table->common);
        const auto of = std::find_if(captures.begin(), captures.end(),
                                     [&](const CaptureInfo &c) { return c.id == group.capture; });
        // Several captures: which one a row is of.
        if (captures.size() > 1 && of != captures.end())
            title = captureLetter(*of).toStdString() + "  " + title;
        table->titles.push_back(std::move(title));
    }
    numberMetrics(*table);
    return std::shared_ptr<const BenchmarkTable>(std::move(table));
}

} // namespace

BenchmarksPane::BenchmarksPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_view(new QTableView(this)),
      m_job(context.services.jobs)
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(40);
    m_labels = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_labels->setObjectName(QStringLiteral("benchmarkLabels"));
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_summary->setObjectName(QStringLiteral("benchmarkSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 12, 1);
    row->addWidget(m_labels, 1);
    row->addWidget(m_summary);
    m_view->setObjectName(QStringLiteral("benchmarksTable"));
    m_view->setAccessibleName(tr("Benchmarks"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new BenchmarkDelegate(m_view));
    setUpLoadTable(*m_view, BenchmarkDelegate::kRowHeight);
    for (int column = 0; column < BenchmarkModel::ColumnCount; ++column)
        m_view->setColumnWidth(column, kWidths[column]);
    stretchColumn(*m_view, BenchmarkModel::Name, kLeastName);
    m_view->sortByColumn(BenchmarkModel::Metric, Qt::AscendingOrder);
    copyRowsOf(*m_view, [this] { return data(); });
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_view, 1);
    setFocusProxy(m_view);
    connect(&context.scope, &ScopeController::scopeChanged, this, &BenchmarksPane::follow);
    connect(&context.document, &Document::capturesChanged, this, [this] {
        m_loaded.reset();
        follow();
    });
    follow();
}

void BenchmarksPane::follow()
{
    if (m_loaded != m_context.scope.scope().captures)
        load();
    else
        search();
}

void BenchmarksPane::load()
{
    m_loaded = m_context.scope.scope().captures;
    m_error.clear();
    std::vector<CaptureInfo> captures;
    for (const auto id : *m_loaded) {
        const auto *capture = m_context.document.find(id);
        if (capture && isBenchmarks(*capture))
            captures.push_back(*capture);
    }
    const auto session = m_context.document.session();
    if (!session || captures.empty()) {
        m_job.cancel();
        m_model.setTable({});
        describe();
        return;
    }
    m_job.start(
        "benchmarks",
        [session, captures = std::move(captures)](JobContext &job) {
            return read(*session, captures, job);
        },
        [this](Result<std::shared_ptr<const BenchmarkTable>> result) {
            if (!result.has_value())
                m_error = display(result.error().text());
            m_model.setTable(result.has_value() ? freedIn(m_context.services.jobs, *result)
                                                : nullptr);
            search();
        });
}

void BenchmarksPane::search()
{
    const auto &pattern = m_context.scope.scope().search;
    std::vector<std::uint8_t> found;
    if (m_model.table() && !pattern.empty()) {
        // The search field says what is wrong with an expression.
        if (auto matched = matchNames(m_model.table()->titles, pattern); matched.has_value())
            found = *std::move(matched);
    }
    m_found = static_cast<std::size_t>(std::count(found.begin(), found.end(), 1));
    m_model.setFound(std::move(found));
    describe();
}

void BenchmarksPane::describe()
{
    const auto &table = m_model.table();
    m_view->setColumnHidden(BenchmarkModel::Tool, !table || table->report.computed == 0);
    if (!table) {
        m_labels->setPlain(m_error);
        m_summary->setPlain({});
        return;
    }
    m_labels->setPlain(display(labelText(table->common, "   ")));
    const auto number = [](std::uint64_t n) { return grouped(static_cast<std::int64_t>(n)); };
    auto text = tr("%1 values measured").arg(number(table->report.measured));
    if (table->report.computed > 0)
        text += tr(" \u00b7 %1 computed by the tool").arg(number(table->report.computed));
    if (!m_context.scope.scope().search.empty())
        text = tr("%1 of %2 rows found").arg(number(m_found), number(table->titles.size())) +
               QStringLiteral(" \u00b7 ") + text;
    m_summary->setPlain(text);
}

QString BenchmarksPane::summary() const
{
    return m_summary->plain();
}

std::function<QString()> BenchmarksPane::data() const
{
    const auto table = m_model.table();
    if (!table)
        return {};
    return [table] { return benchmarksAsText(*table); };
}

} // namespace flamewright
