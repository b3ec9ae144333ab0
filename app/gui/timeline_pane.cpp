#include "app/gui/timeline_pane.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/slice_inspector.h"
#include "app/gui/text.h"
#include "app/gui/wheel_choice.h"
#include "views/qt/flame_widget.h"
#include "views/qt/tracks_widget.h"
#include "views/scene/heat_map_view.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QShowEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::uint64_t kCountedUnasked = 3'000'000; // slices of all of the time

} // namespace

TimelinePane::TimelinePane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_model(context, this),
      m_notes(context.document, this),
      m_tracks(new TracksWidget(this))
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    setFocusProxy(m_tracks);
    m_tracks->setObjectName(QStringLiteral("timeline"));
    new WheelSwap(m_tracks, context.services.settings);
    buildHeader();
    buildBelow();
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->addWidget(m_tracks);
    m_splitter->addWidget(m_below);
    m_splitter->setStretchFactor(0, 5);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({560, 220});
    m_splitter->setChildrenCollapsible(true);
    m_splitter->setCollapsible(0, false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_splitter, 1);
    connectParts();
    const auto theme = [this] {
        m_tracks->setTheme(m_context.services.appearance.theme());
        m_flame->setTheme(m_context.services.appearance.theme());
    };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    theme();
    notesMoved();
    follow();
}

TimelinePane::~TimelinePane() = default;

void TimelinePane::connectParts()
{
    connect(&m_model, &TimelineModel::setChanged, this, &TimelinePane::setAdopted);
    connect(&m_model, &TimelineModel::statsChanged, this, &TimelinePane::statsMoved);
    connect(&m_model, &TimelineModel::matchesChanged, this, &TimelinePane::matchesMoved);
    connect(&m_model, &TimelineModel::rowsRead, m_tracks, &TracksWidget::setDetail);
    connect(&m_model, &TimelineModel::detailsChanged, this, [this] {
        m_inspector->show(m_model.set().get(), m_model.details(), m_context.document.valueStyle());
    });
    connect(m_tracks, &TracksWidget::shownChanged, this, &TimelinePane::look);
    connect(m_tracks, &TracksWidget::areaChosen, this, &TimelinePane::areaMoved);
    connect(m_tracks, &TracksWidget::choicesChanged, this, &TimelinePane::stateChanged);
    connect(m_tracks, &TracksWidget::clockMoved, this, [this](std::uint32_t index, qint64 by) {
        const auto &capture = m_model.set()->captures[index];
        m_context.document.setWallOffset(capture.id,
                                         saturatingAdd(capture.wallOffset.value_or(0), by));
    });
    connect(m_tracks, &TracksWidget::noteRequested, this, &TimelinePane::addNote);
    connect(m_tracks, &TracksWidget::matchRequested, this, &TimelinePane::stepMatch);
    connect(m_tracks, &TracksWidget::trackMenuRequested, this, &TimelinePane::trackMenu);
    connect(m_tracks, &TracksWidget::boxSelected, this, [this] {
        const auto &box = m_tracks->view().selected();
        m_model.select(box && box->exact() ? std::optional(m_tracks->view().placeOf(*box))
                                           : std::nullopt);
        if (box)
            showPage(QStringLiteral("slice"));
        if (box && !box->exact())
            m_inspector->say(
                tr("%1 slices, too short to be told apart here. Double-click to see them.")
                    .arg(grouped(static_cast<std::int64_t>(box->count))));
    });
    connect(m_tracks, &TracksWidget::noteClicked, this, [this](int note) {
        if (note >= 0 && note < std::ssize(m_shownNotes))
            showNote(m_shownNotes[static_cast<std::size_t>(note)]);
    });
    connect(m_inspector, &SliceInspector::parentRequested, this, [this](const SlicePlace &place) {
        if (const auto box = m_tracks->view().boxOf(place)) {
            m_tracks->reveal(*box);
            m_model.select(place);
        }
    });
    connect(m_previous, &QToolButton::clicked, this, [this] { stepMatch(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { stepMatch(1); });
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString &text) {
        auto choices = m_tracks->view().choices();
        choices.filter = text.trimmed().toStdString();
        m_tracks->setChoices(std::move(choices));
        describe();
        Q_EMIT stateChanged();
    });
    connect(m_statsView, &QTableView::activated, this, [this](const QModelIndex &index) {
        const auto &stats = m_statsModel.stats();
        m_context.scope.setSearch("=" + stats->names[m_statsModel.statAt(index.row()).name]);
        m_context.scope.commitSearch();
    });
    connect(&m_notes, &TimelineNotes::notesChanged, this, &TimelinePane::notesMoved);
    connect(m_noteList, &QListView::activated, this,
            [this](const QModelIndex &index) { showNote(index.row()); });
    connect(m_noteList, &QListView::clicked, this,
            [this](const QModelIndex &index) { showNote(index.row()); });
    connect(&m_context.scope, &ScopeController::scopeChanged, this, &TimelinePane::follow);
    connect(&m_context.document, &Document::capturesChanged, this, [this] {
        m_tracks->setStyle(m_context.document.valueStyle());
        m_stale = true;
        follow();
    });
}

void TimelinePane::showEvent(QShowEvent *event)
{
    ViewPane::showEvent(event);
    follow();
}

void TimelinePane::look()
{
    const auto &window = m_tracks->view().window();
    const auto where = m_tracks->view().layout(m_tracks->viewport());
    m_model.look(window.begin, window.end(),
                 window.length / std::max(1.0, static_cast<double>(where.plotWidth)));
    describe();
}

void TimelinePane::setAdopted()
{
    const auto &set = m_model.set();
    m_tracks->setTraces(set);
    m_notes.setSet(set);
    m_tracks->select(std::nullopt);
    m_model.select(std::nullopt);
    if (set && !m_pending.isEmpty())
        restore(std::exchange(m_pending, {}));
    notesMoved();
    look();
    follow();
    countArea();
}

// Of the scope: captures, times, search.
void TimelinePane::follow()
{
    if (!isVisible())
        return;
    m_model.load(std::exchange(m_stale, false));
    const auto &scope = m_context.scope.scope();
    if (!m_model.set())
        return describe();
    m_model.search(scope.search);
    if (m_brushing)
        return;
    const auto times = timesOnAxis();
    const auto &area = m_tracks->view().area();
    const bool same = times.has_value() == area.has_value() &&
                      (!times || (times->first == area->begin && times->second == area->end));
    if (!same) {
        m_tracks->setArea(times ? std::optional(TracksView::Area{times->first, times->second, {}})
                                : std::nullopt);
        countArea();
    }
}

std::optional<std::pair<std::int64_t, std::int64_t>> TimelinePane::timesOnAxis() const
{
    const auto &times = m_context.scope.scope().times;
    const auto &set = *m_model.set();
    if (times.empty() || set.captures.empty())
        return std::nullopt;
    auto begin = INT64_MAX, end = INT64_MIN;
    const auto &capture = set.captures.front();
    for (const auto &range : times) {
        const auto from = range.begin.time_since_epoch().count();
        const auto to = range.end.time_since_epoch().count();
        if (to <= capture.begin || from >= capture.end)
            continue; // of another clock
        begin = std::min(begin, capture.onAxis(std::max(from, capture.begin)));
        end = std::max(end, capture.onAxis(std::min(to, capture.end)));
    }
    if (begin >= end)
        return std::nullopt;
    return std::pair(begin, end);
}

std::vector<TimeRange> TimelinePane::onClocks(std::int64_t begin, std::int64_t end) const
{
    std::vector<TimeRange> out;
    for (const auto &capture : m_model.set()->captures)
        out.push_back({Timestamp{Duration{capture.onClock(begin)}},
                       Timestamp{Duration{capture.onClock(end)}}});
    return withoutOverlaps(std::move(out));
}

void TimelinePane::areaMoved()
{
    const auto &area = m_tracks->view().area();
    m_brushing = true;
    m_context.scope.setTimes(area ? onClocks(area->begin, area->end) : std::vector<TimeRange>{});
    m_brushing = false;
    if (area)
        showPage(m_pages->currentIndex() == 2 ? QStringLiteral("flame")
                                              : QStringLiteral("statistics"));
    countArea();
}

void TimelinePane::countArea()
{
    const auto &set = m_model.set();
    if (!set)
        return m_model.countNothing();
    const auto &area = m_tracks->view().area();
    if (!area) {
        std::uint64_t slices = 0;
        for (const auto &capture : set->captures)
            slices += capture.sliceCount;
        if (slices > kCountedUnasked)
            m_model.countNothing();
        else
            m_model.count({set->begin, set->end, {}});
        return describe();
    }
    TraceArea asked{area->begin, area->end, {}};
    for (const auto node : area->nodes)
        asked.tracks.push_back(set->nodes[node].ref);
    m_model.count(asked);
    describe();
}

void TimelinePane::statsMoved()
{
    const auto &stats = m_model.stats();
    m_statsModel.setStats(stats, m_context.document.valueStyle());
    m_flame->setValueStyle(m_context.document.valueStyle());
    m_flame->setProfile(stats ? std::shared_ptr<const Profile>(stats, &stats->profile)
                              : std::make_shared<const Profile>(Profile{.functions = {{}}}));
    describe();
}

void TimelinePane::matchesMoved()
{
    m_match.reset();
    const auto &matches = m_model.matches();
    m_tracks->setMatches(matches);
    const bool any = matches && !matches->matches.empty();
    m_previous->setEnabled(any);
    m_next->setEnabled(any);
    m_previous->setVisible(matches != nullptr);
    m_next->setVisible(matches != nullptr);
    describe();
}

void TimelinePane::stepMatch(int step)
{
    const auto &found = m_model.matches();
    if (step == 0) {
        m_context.scope.setSearch({});
        m_context.scope.commitSearch();
        return;
    }
    if (!found || found->matches.empty())
        return;
    const auto count = found->matches.size();
    if (!m_match) {
        // The first in sight.
        const auto from = m_tracks->view().window().begin;
        const auto at = std::lower_bound(found->matches.begin(), found->matches.end(), from,
                                         [](const auto &m, std::int64_t t) { return m.begin < t; });
        const auto first = static_cast<std::size_t>(at - found->matches.begin());
        m_match = step > 0 ? first % count : (first + count - 1) % count;
    } else {
        m_match = (*m_match + count + static_cast<std::size_t>(step > 0 ? 1 : count - 1)) % count;
    }
    const auto &match = found->matches[*m_match];
    const auto &set = *m_model.set();
    const auto &capture = set.captures[match.capture];
    const SlicePlace place{capture.id,   match.track,
                           match.depth,  capture.onClock(match.begin),
                           match.length, std::string(capture.dimensions->strings.text(match.name))};
    if (const auto box = m_tracks->view().boxOf(place)) {
        m_tracks->reveal(*box);
        m_model.select(place);
        showPage(QStringLiteral("slice"));
    }
    describe();
}

void TimelinePane::addNote()
{
    const auto &set = m_model.set();
    if (!set || set->empty())
        return;
    const auto &view = m_tracks->view();
    TimelineNote note;
    note.text = tr("Note %1").arg(m_notes.rowCount() + 1);
    if (view.area()) {
        const auto &capture = view.area()->nodes.empty()
                                  ? set->captures.front()
                                  : set->captures[set->nodes[view.area()->nodes.front()].capture];
        note.capture = capture.id;
        note.begin = capture.onClock(view.area()->begin);
        note.end = capture.onClock(view.area()->end);
    } else if (view.selected()) {
        const auto place = view.placeOf(*view.selected());
        const auto &capture = set->captures[set->nodes[view.selected()->node].capture];
        note.capture = place.capture;
        note.begin = place.begin;
        note.end = capture.onClock(view.selected()->end);
        note.track = place.track;
        note.depth = place.depth;
    } else {
        const auto &capture = set->captures.front();
        note.capture = capture.id;
        note.begin = note.end = capture.onClock(view.window().at(view.window().length / 2));
    }
    const auto row = m_notes.add(std::move(note));
    showPage(QStringLiteral("notes"));
    m_noteList->setCurrentIndex(m_notes.index(row));
    m_noteList->setFocus();
    m_noteList->edit(m_notes.index(row));
}

void TimelinePane::showNote(int row)
{
    const auto &set = m_model.set();
    if (!set || row < 0 || row >= m_notes.rowCount())
        return;
    const auto &note = m_notes.notes()[static_cast<std::size_t>(row)];
    const auto *capture = set->find(note.capture);
    if (!capture)
        return;
    showPage(QStringLiteral("notes"));
    m_noteList->setCurrentIndex(m_notes.index(row));
    const auto begin = capture->onAxis(note.begin), end = capture->onAxis(note.end);
    if (end > begin)
        m_tracks->zoomTo(begin, end, 0.5);
    else
        m_tracks->setWindow(m_tracks->view().window().moved(m_tracks->view().window().after(begin) -
                                                            m_tracks->view().window().length / 2));
}

void TimelinePane::notesMoved()
{
    std::vector<TrackNote> drawn;
    m_shownNotes.clear();
    for (int row = 0; row < m_notes.rowCount(); ++row) {
        const auto &note = m_notes.notes()[static_cast<std::size_t>(row)];
        const auto *capture = m_model.set() ? m_model.set()->find(note.capture) : nullptr;
        if (!capture)
            continue;
        drawn.push_back(
            {capture->onAxis(note.begin), capture->onAxis(note.end), note.text.toStdString()});
        m_shownNotes.push_back(row);
    }
    m_tracks->setNotes(std::move(drawn));
    const bool any = m_notes.rowCount() > 0;
    m_noNotes->setVisible(!any);
    m_noteList->setVisible(any);
}

void TimelinePane::trackMenu(std::uint32_t node, QPoint global)
{
    const auto &set = *m_model.set();
    const auto ref = set.nodes[node].ref;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto change = [this](auto edit) {
        return [this, edit] {
            auto choices = m_tracks->view().choices();
            edit(choices);
            m_tracks->setChoices(std::move(choices));
            Q_EMIT stateChanged();
        };
    };
    const auto &pinned = m_tracks->view().choices().pinned;
    const bool isPinned = std::find(pinned.begin(), pinned.end(), ref) != pinned.end();
    connect(menu->addAction(isPinned ? tr("Unpin") : tr("Pin on top")), &QAction::triggered, this,
            change([ref, isPinned](TrackChoices &c) {
                if (isPinned)
                    std::erase(c.pinned, ref);
                else
                    c.pinned.push_back(ref);
            }));
    for (const auto step : {-1, 1})
        connect(menu->addAction(step < 0 ? tr("Move up") : tr("Move down")), &QAction::triggered,
                this, change([this, node, step](TrackChoices &c) {
                    moveTrack(*m_model.set(), c, node, step);
                }));
    menu->addSeparator();
    connect(menu->addAction(tr("Close all groups")), &QAction::triggered, this,
            change([this](TrackChoices &c) {
                const auto &nodes = m_model.set()->nodes;
                for (std::size_t i = 0; i < nodes.size(); ++i) {
                    if (nodes[i].subtreeEnd > i + 1)
                        c.closed.insert(nodes[i].ref);
                }
            }));
    connect(menu->addAction(tr("Open all tracks")), &QAction::triggered, this,
            change([](TrackChoices &c) { c.closed.clear(); }));
    menu->popup(global);
}

bool TimelinePane::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool press = event->type() == QEvent::KeyPress;
        if (watched != m_noteList && key->key() == Qt::Key_Escape) {
            if (press)
                m_tracks->setFocus();
            event->accept();
            return true;
        }
        if (watched == m_noteList && key->key() == Qt::Key_Delete) {
            if (press)
                m_notes.remove(m_noteList->currentIndex().row());
            event->accept();
            return true;
        }
    }
    return ViewPane::eventFilter(watched, event);
}

} // namespace flamewright
