#include "app/gui/call_tree_pane.h"

#include "analysis/call_paths.h"
#include "analysis/callers_tree.h"
#include "app/gui/call_tree_match.h"
#include "app/gui/call_tree_view.h"
#include "app/gui/chip_button.h"
#include "app/gui/figures.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

struct KindText {
    const char *id; // stands in sessions: never changed
    const char *title;
};
constexpr std::array<KindText, kTableKinds> kKinds{{
    {"functions", QT_TRANSLATE_NOOP("CallTreePane", "Functions")},
    {"top-down", QT_TRANSLATE_NOOP("CallTreePane", "Top-down")},
    {"bottom-up", QT_TRANSLATE_NOOP("CallTreePane", "Bottom-up")},
    {"modules", QT_TRANSLATE_NOOP("CallTreePane", "By module")},
    {"files", QT_TRANSLATE_NOOP("CallTreePane", "By file")},
}};

} // namespace

CallTreePane::CallTreePane(const Services &services, ProfileModel &profile, QWidget *parent)
    : ViewPane(parent),
      m_services(services),
      m_profile(profile),
      m_job(services.jobs),
      m_view(new CallTreeView(m_model, this))
{
    build();
    connect(&profile, &ProfileModel::profileChanged, this, &CallTreePane::profileMoved);
    connect(&profile, &ProfileModel::searchChanged, this, &CallTreePane::searchMoved);
    connect(&profile, &ProfileModel::selectionChanged, this, &CallTreePane::selectionMoved);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &CallTreePane::rowChosen);
    connect(m_view, &CallTreeView::shown, this, [this] {
        rowChosen();
        Q_EMIT showRequested();
    });
    connect(m_view, &CallTreeView::expandAllRequested, this, &CallTreePane::expandAll);
    connect(m_view, &CallTreeView::hottestPathRequested, this, &CallTreePane::expandHottestPath);
    connect(m_view, &CallTreeView::copyRequested, this, &CallTreePane::copyRows);
    m_openedOrClosed.setSingleShot(true);
    m_openedOrClosed.setInterval(0);
    connect(&m_openedOrClosed, &QTimer::timeout, this, &CallTreePane::describe);
    const auto moved = [this] {
        if (m_profile.search())
            m_openedOrClosed.start();
    };
    connect(m_view, &QTreeView::expanded, this, moved);
    connect(m_view, &QTreeView::collapsed, this, moved);
    connect(m_view, &QWidget::customContextMenuRequested, this, &CallTreePane::openMenu);
    setKind(m_kind);
    profileMoved();
}

CallTreePane::~CallTreePane() = default;

void CallTreePane::build()
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(40);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 1);
    row->setSpacing(0);
    auto *group = new QButtonGroup(this);
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        auto *button = new QToolButton(header);
        const auto title = tr(kKinds[i].title);
        setPlainButtonText(button, title, 200);
        button->setAccessibleName(title);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setProperty("segment", i == 0                    ? QStringLiteral("left")
                                       : i + 1 == m_kinds.size() ? QStringLiteral("right")
                                                                 : QStringLiteral("middle"));
        connect(button, &QToolButton::clicked, this,
                [this, i] { setKind(static_cast<TableKind>(i)); });
        group->addButton(button);
        row->addWidget(button);
        m_kinds[i] = button;
    }
    m_hottest = textChip(tr("Hottest path"),
                         tr("Open the heaviest row, and in it the heaviest, down to the last "
                            "(Ctrl+E)"),
                         header);
    m_all = textChip(tr("Expand all"),
                     tr("Open everything below the selected row, at most %1 rows (*)")
                         .arg(grouped(kMostExpanded)),
                     header);
    row->addStretch(1);
    row->addWidget(m_hottest);
    row->addSpacing(8);
    row->addWidget(m_all);
    connect(m_hottest, &QToolButton::clicked, this, &CallTreePane::expandHottestPath);
    connect(m_all, &QToolButton::clicked, this, &CallTreePane::expandAll);

    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_empty = new PlainLabel(TextStyle::Body, TextTone::Secondary, this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);

    auto *footer = new QWidget(this);
    footer->setObjectName(QStringLiteral("tableFooter"));
    m_summary = new PlainLabel(TextStyle::Caption, TextTone::Secondary, footer);
    m_base = new PlainLabel(TextStyle::Caption, TextTone::Secondary, footer);
    m_base->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *line = new QHBoxLayout(footer);
    line->setContentsMargins(16, 4, 16, 6);
    line->addWidget(m_summary, 1);
    line->addSpacing(12);
    line->addWidget(m_base);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_view, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(footer);
    setFocusProxy(m_view);
}

void CallTreePane::setKind(TableKind kind)
{
    const auto at = static_cast<std::size_t>(kind);
    m_kinds[at]->setChecked(true);
    m_view->setAccessibleName(tr(kKinds[at].title));
    const bool hasLevels = kind != TableKind::Functions;
    m_view->setRootIsDecorated(hasLevels);
    m_hottest->setEnabled(hasLevels);
    m_all->setEnabled(hasLevels);
    if (kind == m_kind && m_model.rows())
        return;
    m_kind = kind;
    // Where one reads from the top, weight is the total; from the bottom it is self time.
    const auto bySelf =
        kind == TableKind::Functions || kind == TableKind::Modules || kind == TableKind::Files;
    m_view->sortByColumn(bySelf ? StatSelf : StatTotal, Qt::DescendingOrder);
    showRows();
    Q_EMIT stateChanged();
}

std::shared_ptr<const CallTreeRows> CallTreePane::rowsNow() const
{
    const auto &profile = m_profile.profile();
    if (!profile)
        return nullptr;
    const auto search = m_profile.search();
    switch (m_kind) {
    case TableKind::Functions: return flatRows(profile, search);
    case TableKind::TopDown: return treeRows(profile, search);
    case TableKind::BottomUp:
        return m_built.inverted ? callerRows(m_built.inverted, search) : nullptr;
    case TableKind::Modules:
        return m_built.modules ? groupRows(profile, m_built.modules, search) : nullptr;
    case TableKind::Files:
        return m_built.files ? groupRows(profile, m_built.files, search) : nullptr;
    }
    return nullptr;
}

// Shows the rows of the kind, or works them out first.
void CallTreePane::showRows()
{
    m_note.clear();
    m_job.cancel();
    auto rows = rowsNow();
    if (!rows && m_profile.profile()) {
        m_job.start(
            "table",
            [&jobs = m_services.jobs, profile = m_profile.profile(), kind = m_kind,
             built = m_built](JobContext &) mutable -> Result<Built> {
                if (kind == TableKind::BottomUp)
                    built.inverted =
                        freedIn(jobs, std::make_shared<const Profile>(invertedProfile(*profile)));
                if (kind == TableKind::Modules)
                    built.modules = std::make_shared<const std::vector<FunctionGroup>>(
                        groupFunctions(*profile, GroupBy::Module));
                if (kind == TableKind::Files)
                    built.files = std::make_shared<const std::vector<FunctionGroup>>(
                        groupFunctions(*profile, GroupBy::File));
                return std::move(built);
            },
            [this](Result<Built> built) {
                if (built.has_value()) {
                    m_built = *std::move(built);
                    showRows();
                } else {
                    m_note = display(built.error().text());
                    describe();
                }
            });
    }
    {
        const QScopedValueRollback guard(m_following, true);
        const bool sameKind = m_model.kind() == m_kind && m_model.rows();
        const auto opened = sameKind ? m_view->opened() : CallTreeView::Opened{};
        const auto shown =
            m_kind == TableKind::BottomUp && rows ? m_built.inverted : m_profile.profile();
        m_model.setRows(m_kind, shown, std::move(rows), m_profile.valueStyle());
        if (sameKind)
            m_view->reopen(opened);
    }
    selectionMoved();
    describe();
}

void CallTreePane::profileMoved()
{
    if (m_shown != m_profile.profile()) {
        m_shown = m_profile.profile();
        m_built = {};
    }
    showRows();
}

void CallTreePane::searchMoved()
{
    if (m_profile.profile())
        showRows();
}

void CallTreePane::selectionMoved()
{
    if (!m_model.rows() || !m_profile.profile())
        return;
    const auto &selection = m_profile.selection();
    const auto current = m_view->currentIndex();
    const QScopedValueRollback guard(m_following, true);
    if (selection.function.raw == 0) {
        m_view->reveal({});
        return;
    }
    if (m_kind == TableKind::TopDown) {
        if (current.isValid() && m_model.rowAt(current) == selection.node)
            return;
        m_view->reveal(m_model.find(pathTo(m_profile.profile()->tree, selection.node)));
        return;
    }
    // A row that means the function already stays: it may say more, as by whom it is called.
    if (current.isValid() && m_model.functionAt(current) == selection.function)
        return;
    m_view->reveal(m_model.find(selection.function));
}

// The functions of a row and of those that called it, innermost first.
std::vector<FunctionId> CallTreePane::stackOf(const QModelIndex &index) const
{
    std::vector<FunctionId> out;
    for (auto at = index; at.isValid(); at = at.parent()) {
        if (const auto function = m_model.functionAt(at); function.raw != 0)
            out.push_back(function);
    }
    switch (m_kind) {
    case TableKind::TopDown: return out;
    case TableKind::BottomUp: return {out.rbegin(), out.rend()};
    case TableKind::Functions:
    case TableKind::Modules:
    case TableKind::Files: break;
    }
    out.resize(std::min<std::size_t>(out.size(), 1));
    return out;
}

void CallTreePane::rowChosen()
{
    const auto current = m_view->currentIndex();
    if (m_following || !current.isValid() || !m_model.rows())
        return;
    const auto function = m_model.functionAt(current);
    if (function.raw == 0)
        return;
    if (m_kind == TableKind::TopDown) {
        m_profile.selectNode(m_model.rowAt(current));
    } else if (m_kind == TableKind::BottomUp) {
        const auto node = nodeOfCallers(*m_profile.profile(), stackOf(current));
        if (node != kNoNode)
            m_profile.selectNode(node);
    } else {
        m_profile.selectFunction(function);
    }
}

void CallTreePane::expandAll()
{
    if (m_kind == TableKind::Functions || !m_model.rows())
        return;
    const bool whole = m_view->expandBelow(m_view->currentIndex());
    m_note = whole ? QString()
                   : tr("Opened the heaviest %1 rows; press * on a row to open more")
                         .arg(grouped(kMostExpanded));
    describe();
}

void CallTreePane::expandHottestPath()
{
    if (m_kind == TableKind::Functions || !m_model.rows())
        return;
    m_note.clear();
    const auto from = m_view->currentIndex();
    m_view->expandHottestPath(m_model.hasChildren(from) ? from : QModelIndex());
    describe();
}

void CallTreePane::selectMatch(int step)
{
    if (!m_model.rows() || !m_profile.search())
        return;
    const auto found = nextMatch(m_model, m_view->currentIndex().siblingAtColumn(0), step);
    if (!found.isValid())
        return;
    m_view->reveal(found);
    describe();
}

void CallTreePane::copyRows()
{
    auto rows = m_view->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [this](const QModelIndex &a, const QModelIndex &b) {
        return m_view->visualRect(a).top() < m_view->visualRect(b).top();
    });
    if (!rows.isEmpty())
        QGuiApplication::clipboard()->setText(m_model.toTsv(rows));
}

void CallTreePane::copyStack()
{
    const auto &profile = m_profile.profile();
    QStringList lines;
    for (const auto function : stackOf(m_view->currentIndex())) {
        if (profile && function.raw < profile->functions.size()) {
            const auto &name = profile->functions[function.raw].name;
            lines << (name.empty() ? tr("(unknown)") : display(name));
        }
    }
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void CallTreePane::openMenu(const QPoint &at)
{
    if (!m_view->currentIndex().isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show in the flame graph"), this,
                    [this] { Q_EMIT m_view->shown(m_view->currentIndex()); });
    menu->addSeparator();
    menu->addAction(tr("Expand all below"), this, &CallTreePane::expandAll)
        ->setEnabled(m_model.hasChildren(m_view->currentIndex().siblingAtColumn(0)));
    menu->addAction(tr("Expand the hottest path"), this, &CallTreePane::expandHottestPath)
        ->setEnabled(m_kind != TableKind::Functions);
    menu->addAction(tr("Collapse all"), this, [this] { m_view->collapseAll(); })
        ->setEnabled(m_kind != TableKind::Functions);
    menu->addSeparator();
    menu->addAction(tr("Copy rows"), this, &CallTreePane::copyRows);
    menu->addAction(tr("Copy stack"), this, &CallTreePane::copyStack)
        ->setEnabled(m_kind == TableKind::TopDown || m_kind == TableKind::BottomUp);
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

void CallTreePane::describe()
{
    const auto &profile = m_profile.profile();
    const bool empty = !profile || profile->samples == 0 || busy();
    m_empty->setVisible(empty);
    m_view->setVisible(!empty);
    m_empty->setPlain(busy()    ? tr("Working out the table…")
                      : profile ? tr("There are no samples in this scope. Remove a filter, or "
                                     "choose another measure.")
                                : tr("Open a capture to see its functions."));
    if (empty) {
        m_summary->setPlain(m_note);
        m_base->setPlain({});
        return;
    }
    QStringList parts;
    const auto rows = static_cast<std::int64_t>(m_model.rowCount());
    switch (m_kind) {
    case TableKind::Functions:
        parts << (m_profile.search()
                      ? tr("%1 of %2 functions")
                            .arg(grouped(rows),
                                 grouped(static_cast<std::int64_t>(profile->table.size())))
                      : tr("%1 functions").arg(grouped(rows)));
        break;
    case TableKind::TopDown:
        parts << tr("%1 functions in %2 call paths")
                     .arg(grouped(static_cast<std::int64_t>(profile->table.size())),
                          grouped(static_cast<std::int64_t>(profile->tree.size()) - 1));
        break;
    case TableKind::BottomUp: parts << tr("%1 functions with self time").arg(grouped(rows)); break;
    case TableKind::Modules: parts << tr("%1 modules").arg(grouped(rows)); break;
    case TableKind::Files: parts << tr("%1 files").arg(grouped(rows)); break;
    }
    if (m_profile.search() && m_model.rows() && m_kind != TableKind::Functions)
        parts << foundText();
    if (!m_note.isEmpty())
        parts << m_note;
    m_summary->setPlain(parts.join(QStringLiteral(" · ")));
    auto base = tr("100 % = %1 samples").arg(grouped(profile->samples));
    if (profile->unit != Unit::Count)
        base = tr("100 % = %1 · %2 samples")
                   .arg(inUnit(profile->total, profile->unit, m_profile.valueStyle()),
                        grouped(profile->samples));
    m_base->setPlain(base);
}

// "2 functions match in 9 rows, 7 of them inside closed ones: F3 opens the next".
QString CallTreePane::foundText() const
{
    const auto functions = m_profile.search()->functionCount;
    const auto what = functions == 1 ? tr("1 function matches")
                                     : tr("%1 functions match").arg(grouped(functions));
    const auto rows = m_model.rows()->matchesBelow(0);
    if (rows == 0)
        return what;
    const auto where =
        rows == 1 ? tr("%1 in 1 row").arg(what) : tr("%1 in %2 rows").arg(what, grouped(rows));
    const auto closed = rows - std::min(rows, m_view->openMatches());
    return closed == 0 ? where
                       : tr("%1, %2 inside closed rows: F3 opens the next")
                             .arg(where, closed == rows && rows > 1 ? tr("all") : grouped(closed));
}

QString CallTreePane::summary() const
{
    return m_summary->plain();
}

QJsonObject CallTreePane::state() const
{
    return {{QStringLiteral("kind"), QLatin1String(kKinds[static_cast<std::size_t>(m_kind)].id)},
            {QStringLiteral("sort"), m_view->header()->sortIndicatorSection()},
            {QStringLiteral("descending"),
             m_view->header()->sortIndicatorOrder() == Qt::DescendingOrder}};
}

void CallTreePane::restore(const QJsonObject &state)
{
    const auto kind = state.value(QStringLiteral("kind")).toString();
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (kind == QLatin1String(kKinds[i].id))
            setKind(static_cast<TableKind>(i));
    }
    const auto sort = state.value(QStringLiteral("sort")).toInt(-1);
    if (sort >= 0 && sort < StatColumnCount)
        m_view->sortByColumn(sort, state.value(QStringLiteral("descending")).toBool(true)
                                       ? Qt::DescendingOrder
                                       : Qt::AscendingOrder);
}

std::function<QString()> CallTreePane::data() const
{
    const auto rows = m_model.rows();
    if (!rows || !m_profile.profile())
        return {};
    // The outermost rows: of a tree they are all that is there for certain.
    return [profile = m_profile.profile(), rows, title = m_model.nameTitle()] {
        auto out = statTsvHeader(*profile, title);
        for (const auto row : rows->below(0))
            out += QLatin1Char('\n') + statTsvLine(*profile, rows->cells(row));
        return out + QLatin1Char('\n');
    };
}

} // namespace flamewright
