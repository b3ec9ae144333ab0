#include "app/gui/side_link.h"

#include "app/gui/document.h"
#include "app/gui/plot_pane.h"
#include "views/qt/plot_widget.h"

#include <QPointer>
#include <QScopedValueRollback>

#include <algorithm>
#include <optional>
#include <string>

namespace flamewright {
namespace {

void copyCommon(const Scope &from, Scope &to)
{
    to.measure = from.measure;
    to.search = from.search;
    to.inlines = from.inlines;
    to.transforms = from.transforms;
}

// Where the path of a node ends in another profile, as deep as it goes; `all`: whether it goes to
// its end.
std::uint32_t deepestAlike(const Profile &from, std::uint32_t node, const Profile &to, bool &all)
{
    std::vector<std::uint32_t> path;
    for (auto at = node; at != 0; at = from.tree.parent[at])
        path.push_back(at);
    std::uint32_t at = 0;
    all = true;
    for (auto step = path.rbegin(); step != path.rend() && all; ++step) {
        const auto &wanted = from.at(*step);
        all = false;
        for (auto child = at + 1; child < to.tree.subtreeEnd[at];
             child = to.tree.subtreeEnd[child]) {
            if (to.at(child).name == wanted.name && to.at(child).module == wanted.module) {
                at = child;
                all = true;
                break;
            }
        }
    }
    return at;
}

FunctionId functionNamed(const Profile &profile, const FunctionInfo &wanted)
{
    for (std::uint32_t i = 1; i < profile.functions.size(); ++i) {
        if (profile.functions[i].name == wanted.name &&
            profile.functions[i].module == wanted.module)
            return FunctionId{i};
    }
    return {};
}

std::optional<std::uint32_t> groupNamed(const LoadAnswer &answer, const std::string &name)
{
    const auto &groups = answer.base->groups;
    const auto at = std::find(groups.begin(), groups.end(), name);
    if (at == groups.end())
        return std::nullopt;
    return static_cast<std::uint32_t>(at - groups.begin());
}

} // namespace

SideLink::SideLink(Document &document, ScopeController &window, SideModels &base, SideModels &cand,
                   QObject *parent)
    : QObject(parent),
      m_document(document),
      m_window(window),
      m_base(base),
      m_cand(cand)
{
    connect(&window, &ScopeController::scopeChanged, this, &SideLink::followWindow);
    const auto tieModels = [this](SideModels &from, SideModels &to) {
        connect(&from.scope, &ScopeController::scopeChanged, this,
                [this, &from, &to] { scopeMoved(from, to); });
        connect(&from.profile, &ProfileModel::selectionChanged, this,
                [this, &from, &to] { selectionMoved(from, to); });
        connect(&from.profile, &ProfileModel::zoomChanged, this,
                [this, &from, &to] { zoomMoved(from, to); });
        connect(&from.load, &RequestsModel::choiceChanged, this, [this, &from, &to] {
            if (m_tying || !m_linked)
                return;
            const QScopedValueRollback guard(m_tying, true);
            to.load.setChoice(from.load.choice());
        });
        connect(&from.load, &RequestsModel::emphasisChanged, this,
                [this, &from, &to] { emphasisMoved(from, to); });
        connect(&from.traces, &TraceModel::choiceChanged, this,
                [this, &from, &to] { operationMoved(from, to); });
    };
    tieModels(base, cand);
    tieModels(cand, base);
}

void SideLink::setLinked(bool linked)
{
    m_linked = linked;
    if (linked) {
        scopeMoved(m_base, m_cand);
        selectionMoved(m_base, m_cand);
        zoomMoved(m_base, m_cand);
    }
}

void SideLink::followWindow()
{
    if (m_tying)
        return;
    const QScopedValueRollback guard(m_tying, true);
    for (auto *side : {&m_base, &m_cand}) {
        auto next = side->scope.scope();
        copyCommon(m_window.scope(), next);
        side->scope.setScope(std::move(next));
    }
}

void SideLink::scopeMoved(SideModels &from, SideModels &to)
{
    if (m_tying)
        return;
    const QScopedValueRollback guard(m_tying, true);
    auto window = m_window.scope();
    copyCommon(from.scope.scope(), window);
    m_window.setScope(window);
    auto next = to.scope.scope();
    copyCommon(window, next);
    if (m_linked) {
        next.times = shifted(from.scope.scope().times, from, to);
        next.tracks = sameTracks(from.scope.scope().tracks, to);
    }
    to.scope.setScope(std::move(next));
}

// By phase: as long after the beginning of the recording.
std::vector<TimeRange> SideLink::shifted(const std::vector<TimeRange> &times,
                                         const SideModels &from, const SideModels &to) const
{
    const auto beginOf = [this](const SideModels &side) -> std::optional<Timestamp> {
        std::optional<Timestamp> begin;
        for (const auto id : side.scope.scope().captures) {
            const auto *capture = m_document.find(id);
            if (capture && capture->span && (!begin || capture->span->begin < *begin))
                begin = capture->span->begin;
        }
        return begin;
    };
    const auto here = beginOf(from), there = beginOf(to);
    if (!here || !there)
        return {};
    // A hostile span may begin anywhere.
    std::int64_t by = 0;
    if (__builtin_sub_overflow(there->time_since_epoch().count(), here->time_since_epoch().count(),
                               &by))
        return {};
    const auto moved = [by](Timestamp at) {
        return Timestamp{Duration{saturatingAdd(at.time_since_epoch().count(), by)}};
    };
    std::vector<TimeRange> out;
    for (const auto &range : times)
        out.push_back({moved(range.begin), moved(range.end)});
    return out;
}

std::vector<TrackRef> SideLink::sameTracks(const std::vector<TrackRef> &tracks,
                                           const SideModels &to) const
{
    std::vector<TrackRef> out;
    for (const auto &track : tracks) {
        const auto *capture = m_document.find(track.capture);
        if (!capture || track.track.raw == 0 || track.track.raw > capture->meta.tracks.size())
            continue;
        const auto &wanted = capture->meta.tracks[track.track.raw - 1];
        for (const auto id : to.scope.scope().captures) {
            const auto *other = m_document.find(id);
            const auto count =
                other ? static_cast<std::uint32_t>(other->meta.tracks.size()) : std::uint32_t{0};
            for (std::uint32_t i = 0; i < count; ++i) {
                const auto &one = other->meta.tracks[i];
                if (one.kind == wanted.kind && one.name == wanted.name)
                    out.push_back({id, TrackId{i + 1}});
            }
        }
    }
    return out;
}

void SideLink::selectionMoved(const SideModels &from, SideModels &to)
{
    const auto &here = from.profile.profile(), &there = to.profile.profile();
    if (m_tying || !m_linked || !here || !there)
        return;
    const QScopedValueRollback guard(m_tying, true);
    const auto node = from.profile.selection().node;
    bool all = false;
    const auto alike = deepestAlike(*here, node, *there, all);
    if (all)
        return to.profile.selectNode(alike);
    // Elsewhere in the other program, or gone from it.
    const auto function = functionNamed(*there, here->at(node));
    if (function.raw != 0)
        to.profile.selectFunction(function);
    else
        to.profile.selectNode(0);
}

void SideLink::zoomMoved(const SideModels &from, SideModels &to)
{
    const auto &here = from.profile.profile(), &there = to.profile.profile();
    if (m_tying || !m_linked || !here || !there)
        return;
    const QScopedValueRollback guard(m_tying, true);
    bool all = false;
    to.profile.setZoom(deepestAlike(*here, from.profile.zoomNode(), *there, all));
}

void SideLink::emphasisMoved(const SideModels &from, SideModels &to)
{
    const auto &here = from.load.answer(), &there = to.load.answer();
    if (m_tying || !m_linked || !here || !there)
        return;
    const QScopedValueRollback guard(m_tying, true);
    const auto group = from.load.emphasis();
    to.load.setEmphasis(group && *group < here->base->groups.size()
                            ? groupNamed(*there, here->base->groups[*group])
                            : std::nullopt);
}

void SideLink::operationMoved(const SideModels &from, SideModels &to)
{
    const auto &here = from.traces.study(), &there = to.traces.study();
    if (m_tying || !m_linked || !here || !there)
        return;
    const QScopedValueRollback guard(m_tying, true);
    const auto chosen = from.traces.operation();
    std::optional<OperationKey> found;
    if (chosen) {
        const auto &mine = here->rows(), &other = there->rows();
        for (const auto &operation : there->table.operations) {
            if (other.services[operation.key.service] == mine.services[chosen->service] &&
                other.names[operation.key.name] == mine.names[chosen->name])
                found = operation.key;
        }
    }
    to.traces.chooseOperation(found);
}

void SideLink::tie(ViewPane *base, ViewPane *cand)
{
    tieLooks(base, cand);
    tieLooks(cand, base);
    tieTimes(base, cand);
    tieTimes(cand, base);
}

void SideLink::tieLooks(ViewPane *from, ViewPane *to)
{
    connect(from, &ViewPane::stateChanged, to, [this, from, to] {
        if (!m_tying && m_linked) {
            const QScopedValueRollback guard(m_tying, true);
            to->restore(from->state());
        }
        Q_EMIT looksChanged();
    });
}

void SideLink::tieTimes(ViewPane *from, ViewPane *to)
{
    auto *here = qobject_cast<PlotPane *>(from);
    auto *there = qobject_cast<PlotPane *>(to);
    if (!here || !there)
        return;
    connect(here->plot(), &PlotWidget::shownChanged, there, [this, here, there] {
        if (m_tying || !m_linked)
            return;
        const QScopedValueRollback guard(m_tying, true);
        const auto shown = here->plot()->viewport();
        there->plot()->showTime(shown.begin, shown.end);
    });
}

} // namespace flamewright
