#include "app/gui/traces_pane.h"

#include "analysis/waterfall.h"
#include "app/gui/cell_delegate.h"
#include "app/gui/chip_button.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/load_table.h"
#include "app/gui/palette.h"
#include "app/gui/pane_parts.h"
#include "app/gui/plain_label.h"
#include "app/gui/services.h"
#include "app/gui/text.h"
#include "app/gui/trace_columns.h"
#include "app/gui/trace_model.h"
#include "capture/base/capture_text.h"
#include "views/paint/paint_qt.h"
#include "views/qt/scene_widget.h"
#include "views/scene/waterfall_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWidths[] = {140, 88, 64, 64, 76, 84};
constexpr int kLeastName = 120;
constexpr QLatin1String kSizes("sizes");

} // namespace

TracesPane::TracesPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_split(new QSplitter(Qt::Horizontal, this)),
      m_view(new QTableView(m_split)),
      m_waterfall(new SceneWidget(m_split)),
      m_slowest(textChip(tr("Slowest"), tr("To the trace that took longest"), this)),
      m_operation(textChip(tr("Operation"), tr("Show all traces again"), this)),
      m_summary(nullptr),
      m_none(emptyLabel(this))
{
    QHBoxLayout *controls = nullptr;
    auto *header = paneHeader(this, m_summary, &controls);
    m_slowest->setObjectName(QStringLiteral("slowestTrace"));
    m_operation->setObjectName(QStringLiteral("tracesOperation"));
    controls->addWidget(m_slowest);
    controls->addWidget(m_operation);
    m_view->setObjectName(QStringLiteral("tracesTable"));
    m_view->setAccessibleName(tr("Traces"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new CellDelegate(m_view));
    setUpLoadTable(*m_view, CellDelegate::kRowHeight);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    copyRowsOf(*m_view, [this] { return data(); });
    m_waterfall->setObjectName(QStringLiteral("waterfall"));
    m_waterfall->setAccessibleName(tr("Waterfall of the trace"));
    m_split->addWidget(m_view);
    m_split->addWidget(m_waterfall);
    m_split->setChildrenCollapsible(false);
    m_split->setStretchFactor(0, 2);
    m_split->setStretchFactor(1, 3);
    m_split->setSizes({350, 450});
    m_split->setHandleWidth(1);
    fillPane(this, header, {m_split, m_none});
    setFocusProxy(m_view);

    m_waterfall->setOverlay([this](const Viewport &viewport, Theme theme, DisplayList &out) {
        const auto span = m_context.traces.span();
        if (!m_scene || !span)
            return;
        const auto layout = m_scene->layout(viewport);
        for (std::size_t row = 0; row < m_scene->rows(); ++row) {
            if (m_rowOf.size() <= row || m_rowOf[row] != *span)
                continue;
            const auto bar = m_scene->barOf(row, viewport);
            const RectF whole{0, bar.y - 3, viewport.size.width, bar.height + 6};
            if (whole.bottom() < layout.top || whole.y > layout.bottom)
                return;
            out.pushClip({0, layout.top, viewport.size.width, layout.bottom - layout.top});
            out.strokeRect(whole, flamewright::palette(theme).accent, 1, 3);
            out.popClip();
            return;
        }
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) {
                if (now.isValid() && !m_marking)
                    choose(now.row());
            });
    connect(m_slowest, &QToolButton::clicked, this, [this] {
        m_context.traces.chooseOperation(std::nullopt);
        m_context.traces.chooseTrace(0);
    });
    connect(m_operation, &QToolButton::clicked, this,
            [this] { m_context.traces.chooseOperation(std::nullopt); });
    connect(m_waterfall, &SceneWidget::clicked, this, [this](std::uint64_t key) {
        m_context.traces.chooseSpan(static_cast<std::uint32_t>(key));
    });
    connect(m_waterfall, &SceneWidget::missed, this,
            [this] { m_context.traces.chooseSpan(std::nullopt); });
    connect(m_waterfall, &SceneWidget::dismissed, this,
            [this] { m_context.traces.chooseSpan(std::nullopt); });
    connect(m_waterfall, &SceneWidget::stepped, this, &TracesPane::step);
    connect(&context.traces, &TraceModel::studyChanged, this, &TracesPane::follow);
    connect(&context.traces, &TraceModel::busyChanged, this, &TracesPane::follow);
    connect(&context.traces, &TraceModel::choiceChanged, this, &TracesPane::mark);
    const auto theme = [this] { m_waterfall->setTheme(m_context.services.appearance.theme()); };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    theme();
    follow();
}

TracesPane::~TracesPane() = default;

bool TracesPane::isSettled() const
{
    return !m_context.traces.busy();
}

QString TracesPane::summary() const
{
    return m_summary->plain();
}

void TracesPane::follow()
{
    const auto &study = m_context.traces.study();
    const bool any = study && !study->traces.empty();
    m_split->setVisible(any);
    m_none->setVisible(!any);
    m_none->setPlain(noTracesText(m_context.traces));
    m_slowest->setEnabled(any);
    m_sceneOf.reset();
    if (!any) {
        m_marking = true;
        m_model.setRows(0, {});
        m_marking = false;
        m_scene = nullptr;
        m_waterfall->setScene(nullptr, {}, true);
        m_summary->setPlain({});
        m_operation->hide();
        return;
    }
    narrow();
    mark();
}

void TracesPane::narrow()
{
    const auto &study = m_context.traces.study();
    m_narrowedTo = m_context.traces.operation();
    auto shown = std::make_shared<std::vector<std::uint32_t>>();
    std::vector<std::uint8_t> has(study->rows().traces.size(), m_narrowedTo ? 0 : 1);
    if (m_narrowedTo) {
        for (std::size_t row = 0; row < study->rows().size(); ++row) {
            if (study->rows().name[row] == m_narrowedTo->name &&
                study->rows().service[row] == m_narrowedTo->service)
                has[study->rows().trace[row]] = 1;
        }
    }
    for (std::uint32_t i = 0; i < study->traces.size(); ++i) {
        if (has[study->traces[i].trace] != 0)
            shown->push_back(i);
    }
    m_shown = shown;
    const bool first = m_model.columnCount() == 0;
    m_marking = true;
    m_model.setRows(m_shown->size(), traceColumns(study, m_shown, m_context.traces.valueStyle()));
    if (first) {
        for (int column = 0; column < m_model.columnCount(); ++column)
            m_view->setColumnWidth(column, kWidths[column]);
        stretchColumn(*m_view, kTraceOperation, kLeastName);
        m_view->sortByColumn(kTraceDuration, Qt::DescendingOrder);
    }
    m_marking = false;
    m_operation->setVisible(m_narrowedTo.has_value());
    const auto all = grouped(std::ssize(study->traces));
    if (m_narrowedTo) {
        const auto text = tr("With %1  \u00d7").arg(operationText(study->rows(), *m_narrowedTo));
        setPlainButtonText(m_operation, text, 280);
        m_operation->setAccessibleName(text);
        m_summary->setPlain(tr("%1 of %2 traces").arg(grouped(std::ssize(*m_shown)), all));
    } else {
        m_summary->setPlain(study->traces.size() == 1 ? tr("1 trace") : tr("%1 traces").arg(all));
    }
}

void TracesPane::mark()
{
    const auto &study = m_context.traces.study();
    if (!study || study->traces.empty())
        return;
    if (m_context.traces.operation() != m_narrowedTo)
        narrow();
    const auto chosen = m_context.traces.trace();
    m_waterfall->setDismissable(m_context.traces.span().has_value());
    m_marking = true;
    const auto at = chosen ? std::find(m_shown->begin(), m_shown->end(), *chosen) : m_shown->end();
    const int row = at == m_shown->end()
                        ? -1
                        : m_model.shownAt(static_cast<std::uint32_t>(at - m_shown->begin()));
    if (row < 0) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
    } else if (m_view->currentIndex().row() != row ||
               !m_view->selectionModel()->isRowSelected(row)) {
        m_view->selectRow(row);
        m_view->scrollTo(m_model.index(row, 0));
    }
    m_marking = false;
    if (!chosen) {
        m_scene = nullptr;
        m_sceneOf.reset();
        m_waterfall->setScene(nullptr, {}, true);
        return;
    }
    if (m_sceneOf != chosen) {
        const auto trace = study->traces[*chosen].trace;
        m_data = std::make_shared<const Waterfall>(
            flamewright::waterfall(study->rows(), study->forest, trace));
        m_scene = std::make_shared<WaterfallView>(m_data, ServiceColors(study->rows().services));
        m_sceneOf = chosen;
        m_rowOf.clear();
        for (std::size_t i = 0; i < m_scene->rows(); ++i) {
            const auto span = m_scene->spanAt(i);
            m_rowOf.push_back(span ? m_data->spans[*span].row : kNoRow);
        }
        m_waterfall->setScene(
            m_scene, [scene = m_scene](float) { return scene->contentHeight(); }, true);
    }
    if (const auto span = m_context.traces.span()) {
        const auto found = std::find(m_rowOf.begin(), m_rowOf.end(), *span);
        if (found != m_rowOf.end()) {
            const auto viewport = m_waterfall->viewport();
            const auto bar =
                m_scene->barOf(static_cast<std::size_t>(found - m_rowOf.begin()), viewport);
            const auto layout = m_scene->layout(viewport);
            // The rows scroll below the axis.
            m_waterfall->reveal(bar.y + viewport.scrollY - layout.top,
                                bar.bottom() + viewport.scrollY +
                                    (viewport.size.height - layout.bottom) + 4);
        }
    }
    m_waterfall->refresh();
}

void TracesPane::choose(int shown)
{
    if (shown < 0 || shown >= m_model.rowCount())
        return;
    m_context.traces.chooseTrace((*m_shown)[m_model.rowAt(shown)]);
}

void TracesPane::step(int rows)
{
    if (m_rowOf.empty())
        return;
    const auto span = m_context.traces.span();
    const auto found = span ? std::find(m_rowOf.begin(), m_rowOf.end(), *span) : m_rowOf.end();
    auto at =
        found == m_rowOf.end() ? (rows > 0 ? -1 : std::ssize(m_rowOf)) : found - m_rowOf.begin();
    // Over the row that says what is left out.
    do {
        at += rows;
    } while (at >= 0 && at < std::ssize(m_rowOf) &&
             m_rowOf[static_cast<std::size_t>(at)] == kNoRow);
    if (at >= 0 && at < std::ssize(m_rowOf))
        m_context.traces.chooseSpan(m_rowOf[static_cast<std::size_t>(at)]);
}

QJsonObject TracesPane::state() const
{
    QJsonArray sizes;
    for (const auto size : m_split->sizes())
        sizes.append(size);
    return {{kSizes, sizes}};
}

void TracesPane::restore(const QJsonObject &state)
{
    QList<int> sizes;
    for (const auto &size : state.value(kSizes).toArray())
        sizes << std::clamp(size.toInt(), 0, 100'000);
    if (sizes.size() == m_split->count())
        m_split->setSizes(sizes);
}

std::optional<ViewPicture> TracesPane::picture(Theme theme) const
{
    if (!m_data || m_data->spans.empty())
        return std::nullopt;
    const auto &study = m_context.traces.study();
    const auto &root = m_data->spans.front();
    const auto title = CaptureText(m_data->names[root.name]).toDisplay();
    auto made = waterfallPicture(m_data, ServiceColors(study->rows().services),
                                 {.title = title, .theme = theme, .width = 1200}, QtTextMetrics());
    return ViewPicture{std::move(made.list), made.size, theme,
                       tr("waterfall %1").arg(display(m_data->trace.substr(0, 12)))};
}

} // namespace flamewright
