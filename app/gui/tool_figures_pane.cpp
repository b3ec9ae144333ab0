#include "app/gui/tool_figures_pane.h"

#include "app/gui/cell_delegate.h"
#include "app/gui/document.h"
#include "app/gui/load_table.h"
#include "app/gui/plain_label.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kWidths[ToolFiguresModel::ColumnCount] = {130, 200, 84, 72, 80, 76, 76,
                                                        76,  76,  76, 76, 76, 76, 280};
constexpr int kLeastEndpoint = 160, kHeaderHeight = 40;

} // namespace

ToolFiguresPane::ToolFiguresPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_view(new QTableView(this)),
      m_summary(nullptr),
      m_note(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this)),
      m_job(context.services.jobs)
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(kHeaderHeight);
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_summary->setObjectName(QStringLiteral("viewSummary"));
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 12, 1);
    row->addWidget(m_summary, 1);
    m_view->setObjectName(QStringLiteral("toolFigures"));
    m_view->setAccessibleName(tr("Figures of the tool"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new CellDelegate(m_view));
    setUpLoadTable(*m_view, CellDelegate::kRowHeight);
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::DescendingOrder); // the tool's own order
    for (int column = 0; column < ToolFiguresModel::ColumnCount; ++column)
        m_view->setColumnWidth(column, kWidths[column]);
    stretchColumn(*m_view, ToolFiguresModel::Endpoint, kLeastEndpoint);
    copyRowsOf(*m_view, [this] { return data(); });
    m_note->setObjectName(QStringLiteral("figuresNote"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_view, 1);
    auto *below = new QHBoxLayout;
    below->setContentsMargins(16, 4, 12, 6);
    below->addWidget(m_note);
    column->addLayout(below);
    setFocusProxy(m_view);
    connect(&context.scope, &ScopeController::scopeChanged, this, [this] {
        if (m_context.scope.scope().captures != m_captures)
            load();
    });
    connect(&context.document, &Document::capturesChanged, this, &ToolFiguresPane::load);
    load();
}

void ToolFiguresPane::load()
{
    m_captures = m_context.scope.scope().captures;
    const auto session = m_context.document.session();
    if (!session || m_captures.empty()) {
        m_job.cancel();
        show({});
        return;
    }
    m_job.start(
        "figures",
        [session, scope = Scope{.captures = m_captures}](
            JobContext &job) -> Result<std::vector<CaptureFigures>> {
            FW_ASSIGN(const auto reader, session->reader());
            return loadFigures(*reader, scope, job);
        },
        [this](Result<std::vector<CaptureFigures>> answer) {
            if (!answer.has_value()) {
                show({});
                m_summary->setPlain(display(answer.error().text()));
                return;
            }
            show(std::make_shared<const std::vector<CaptureFigures>>(*std::move(answer)));
        });
}

void ToolFiguresPane::show(ToolFiguresModel::Figures figures)
{
    m_model.setFigures(std::move(figures), m_context.document.valueStyle());
    const auto &shown = m_model.figures();
    m_view->setColumnHidden(ToolFiguresModel::Capture, !shown || shown->size() < 2);
    QStringList tools;
    for (const auto &capture : shown ? *shown : std::vector<CaptureFigures>()) {
        const auto tool = capture.tool.empty() ? tr("its tool") : display(capture.tool);
        if (!tools.contains(tool))
            tools << tool;
    }
    m_summary->setPlain(tools.isEmpty()
                            ? tr("No latencies among the figures: see the table summary in SQL")
                            : tr("As %1 summed it up").arg(tools.join(QStringLiteral(", "))));
    m_note->setPlain(
        m_model.hasPartsOnly()
            ? tr("The file has percentiles of parts of the time, which cannot be put together; "
                 "they are in the table summary.")
            : tr("There are no requests in the file: percentiles are the tool's own, nothing was "
                 "computed from them."));
}

QString ToolFiguresPane::summary() const
{
    return m_summary->plain();
}

std::function<QString()> ToolFiguresPane::data() const
{
    const auto &figures = m_model.figures();
    if (!figures)
        return {};
    return [figures] { return toolFiguresAsText(*figures); };
}

} // namespace flamewright
