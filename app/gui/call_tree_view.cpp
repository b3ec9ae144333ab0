#include "app/gui/call_tree_view.h"

#include "app/gui/function_delegate.h"
#include "app/gui/palette.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <queue>

#include <algorithm>

namespace flamewright {
namespace {

// Indentation gets narrower as levels are opened, so that a name keeps this much room.
constexpr int kNameRoom = 240, kWidestIndentation = 16, kNarrowestIndentation = 4;
constexpr int kChevronCentre = 15; // from the left of the level
constexpr int kMostRemembered = 2'000;

std::string keyOf(const StatRow &cells)
{
    return std::string(cells.name) + '\0' + std::string(cells.module);
}

} // namespace

CallTreeView::CallTreeView(CallTreeModel &model, QWidget *parent)
    : QTreeView(parent),
      m_model(model)
{
    setObjectName(QStringLiteral("callTree"));
    setModel(&model);
    setItemDelegate(new FunctionDelegate(this));
    setUniformRowHeights(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setExpandsOnDoubleClick(true);
    setAnimated(false);
    setMouseTracking(true);
    setAllColumnsShowFocus(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setIndentation(kWidestIndentation);
    header()->setHighlightSections(false);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(56);
    header()->setSectionsMovable(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setSectionResizeMode(QHeaderView::Interactive);
    header()->setSectionResizeMode(StatName, QHeaderView::Stretch);
    const int widths[] = {320, 140, 80, 80, 80, 80, 92};
    for (int column = 0; column < StatColumnCount; ++column)
        header()->resizeSection(column, widths[column]);
    setSortingEnabled(true);
    sortByColumn(StatTotal, Qt::DescendingOrder);

    connect(this, &QTreeView::expanded, this, [this](const QModelIndex &index) {
        m_deepest = std::max(m_deepest, m_model.levelOf(index) + 1);
        fitIndentation();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        m_deepest = 0;
        fitIndentation();
    });
    connect(this, &QTreeView::doubleClicked, this, [this](const QModelIndex &index) {
        if (!m_model.hasChildren(index.siblingAtColumn(0)))
            Q_EMIT shown(index.siblingAtColumn(0));
    });
}

void CallTreeView::fitIndentation()
{
    const auto room = header()->sectionSize(StatName) - kNameRoom;
    setIndentation(std::clamp(room / (m_deepest + 1), kNarrowestIndentation, kWidestIndentation));
}

void CallTreeView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    fitIndentation();
}

void CallTreeView::openAll(const std::vector<QModelIndex> &rows)
{
    if (rows.empty())
        return;
    // With a layout pending, opening a row is a note only; otherwise each would lay out all.
    scheduleDelayedItemsLayout();
    for (const auto &row : rows)
        expand(row);
    executeDelayedItemsLayout();
    fitIndentation();
}

bool CallTreeView::expandBelow(const QModelIndex &index)
{
    struct Candidate {
        QModelIndex index;
        std::int64_t total;
        bool operator<(const Candidate &other) const { return total < other.total; }
    };
    std::priority_queue<Candidate> waiting;
    const auto add = [&](const QModelIndex &row) {
        if (m_model.hasChildren(row))
            waiting.push({row, m_model.cellsAt(row).total});
    };
    const auto addBelow = [&](const QModelIndex &row) {
        for (int i = 0; i < m_model.rowCount(row); ++i)
            add(m_model.index(i, 0, row));
    };
    if (index.isValid())
        add(index.siblingAtColumn(0));
    else
        addBelow({});
    std::vector<QModelIndex> rows;
    int shownRows = 0;
    bool whole = true;
    while (!waiting.empty()) {
        const auto row = waiting.top().index;
        waiting.pop();
        m_model.fetchMore(row);
        shownRows += m_model.rowCount(row);
        // The row that was asked for is opened in any case.
        if (shownRows > kMostExpanded && !rows.empty()) {
            whole = false;
            break;
        }
        m_deepest = std::max(m_deepest, m_model.levelOf(row) + 1);
        rows.push_back(row);
        addBelow(row);
    }
    openAll(rows);
    return whole;
}

QModelIndex CallTreeView::expandHottestPath(const QModelIndex &index)
{
    std::vector<QModelIndex> rows;
    auto at = index.isValid() ? index.siblingAtColumn(0) : m_model.heaviestBelow({});
    while (at.isValid() && m_model.hasChildren(at)) {
        const auto next = m_model.heaviestBelow(at);
        if (!next.isValid())
            break;
        rows.push_back(at);
        m_deepest = std::max(m_deepest, m_model.levelOf(next));
        at = next;
    }
    openAll(rows);
    if (at.isValid()) {
        setCurrentIndex(at);
        scrollTo(at, QAbstractItemView::PositionAtCenter);
    }
    return at;
}

void CallTreeView::reveal(const QModelIndex &index)
{
    if (!index.isValid()) {
        selectionModel()->clear();
        return;
    }
    std::vector<QModelIndex> rows;
    for (auto above = index.parent(); above.isValid(); above = above.parent()) {
        if (!isExpanded(above))
            rows.push_back(above);
    }
    m_deepest = std::max(m_deepest, m_model.levelOf(index));
    openAll(rows);
    setCurrentIndex(index.siblingAtColumn(0));
    scrollTo(index);
}

std::uint32_t CallTreeView::openMatches() const
{
    std::uint32_t out = 0;
    std::vector<QModelIndex> open{QModelIndex()};
    while (!open.empty()) {
        const auto above = open.back();
        open.pop_back();
        for (int row = 0; row < m_model.rowCount(above); ++row) {
            const auto index = m_model.index(row, 0, above);
            out += m_model.cellsAt(index).matches ? 1 : 0;
            if (isExpanded(index))
                open.push_back(index);
        }
    }
    return out;
}

CallTreeView::Opened CallTreeView::opened() const
{
    Opened out;
    // An open row and where what is below it is noted.
    std::vector<std::pair<QModelIndex, Opened *>> open{{QModelIndex(), &out}};
    int remembered = 0;
    while (!open.empty() && remembered < kMostRemembered) {
        const auto [row, note] = open.back();
        open.pop_back();
        for (int i = 0; i < m_model.rowCount(row); ++i) {
            const auto child = m_model.index(i, 0, row);
            if (!isExpanded(child))
                continue;
            ++remembered;
            open.emplace_back(child, &note->below[keyOf(m_model.cellsAt(child))]);
        }
    }
    return out;
}

void CallTreeView::reopen(const Opened &opened)
{
    std::vector<QModelIndex> rows;
    std::vector<std::pair<QModelIndex, const Opened *>> open{{QModelIndex(), &opened}};
    while (!open.empty()) {
        const auto [row, note] = open.back();
        open.pop_back();
        if (note->below.empty())
            continue;
        for (int i = 0; i < m_model.rowCount(row); ++i) {
            const auto child = m_model.index(i, 0, row);
            const auto found = note->below.find(keyOf(m_model.cellsAt(child)));
            if (found == note->below.end() || !m_model.hasChildren(child))
                continue;
            m_model.fetchMore(child);
            m_deepest = std::max(m_deepest, m_model.levelOf(child) + 1);
            rows.push_back(child);
            open.emplace_back(child, &found->second);
        }
    }
    openAll(rows);
}

void CallTreeView::drawRow(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    // The delegate paints cells; here what lies to their left, so that a row is one band.
    const auto c = colorsOf(palette());
    const bool selected = selectionModel()->isRowSelected(index.row(), index.parent());
    if (selected) {
        painter->fillRect(option.rect, c.surface0);
        painter->fillRect(QRect(0, option.rect.top(), 3, option.rect.height()), c.accent);
    }
    QTreeView::drawRow(painter, option, index);
    if (rootIsDecorated() && m_model.hasChildren(index))
        drawChevron(*painter, option.rect, index);
    if (hasFocus() && index.siblingAtColumn(0) == currentIndex().siblingAtColumn(0)) {
        painter->save();
        painter->setPen(c.accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(
            QRect(0, option.rect.top(), viewport()->width() - 1, option.rect.height() - 1));
        painter->restore();
    }
}

int CallTreeView::levelLeft(const QModelIndex &index) const
{
    return visualRect(index.siblingAtColumn(StatName)).left() - indentation();
}

// At one distance from the name, however little levels are indented; over what the cells paint.
void CallTreeView::drawChevron(QPainter &painter, const QRect &row, const QModelIndex &index) const
{
    const auto c = colorsOf(palette());
    const QPointF centre(levelLeft(index) + kChevronCentre, row.center().y() + 0.5);
    QPainterPath chevron;
    if (isExpanded(index)) {
        chevron.moveTo(centre + QPointF(-4, -2));
        chevron.lineTo(centre + QPointF(0, 2));
        chevron.lineTo(centre + QPointF(4, -2));
    } else {
        chevron.moveTo(centre + QPointF(-2, -4));
        chevron.lineTo(centre + QPointF(2, 0));
        chevron.lineTo(centre + QPointF(-2, 4));
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.text2, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(chevron);
    painter.restore();
}

// Qt has room for a chevron within the indentation only, which may be 4 pixels.
bool CallTreeView::toggleAt(QPoint at)
{
    const auto index = indexAt(at).siblingAtColumn(StatName);
    if (!rootIsDecorated() || !index.isValid() || !m_model.hasChildren(index))
        return false;
    const auto left = levelLeft(index);
    if (at.x() < left || at.x() >= left + kTreeNameLeft)
        return false;
    setExpanded(index, !isExpanded(index));
    return true;
}

void CallTreeView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !toggleAt(event->position().toPoint()))
        QTreeView::mousePressEvent(event);
}

void CallTreeView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !toggleAt(event->position().toPoint()))
        QTreeView::mouseDoubleClickEvent(event);
}

bool CallTreeView::event(QEvent *event)
{
    // These keys are shortcuts of the window elsewhere; in the tree they are the tree's.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy) || key->key() == Qt::Key_Asterisk ||
            (key->key() == Qt::Key_E && key->modifiers() == Qt::ControlModifier)) {
            event->accept();
            return true;
        }
    }
    return QTreeView::event(event);
}

void CallTreeView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
    } else if (event->key() == Qt::Key_Asterisk) {
        Q_EMIT expandAllRequested();
    } else if (event->key() == Qt::Key_E && event->modifiers() == Qt::ControlModifier) {
        Q_EMIT hottestPathRequested();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (currentIndex().isValid())
            Q_EMIT shown(currentIndex().siblingAtColumn(0));
    } else {
        QTreeView::keyPressEvent(event);
    }
}

} // namespace flamewright
