#include "app/gui/timeline_model.h"

#include "app/gui/document.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/text.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr int kStandStillMs = 60;

} // namespace

TimelineModel::TimelineModel(const ViewContext &context, QObject *parent)
    : QObject(parent),
      m_context(context),
      m_loadJob(context.services.jobs),
      m_rowsJob(context.services.jobs),
      m_statsJob(context.services.jobs),
      m_detailsJob(context.services.jobs),
      m_searchJob(context.services.jobs)
{
    m_rowsDue.setSingleShot(true);
    m_rowsDue.setInterval(kStandStillMs);
    connect(&m_rowsDue, &QTimer::timeout, this, &TimelineModel::readRows);
}

void TimelineModel::load(bool force)
{
    const auto &wanted = m_context.scope.scope().captures;
    if (!force && m_loaded == wanted)
        return;
    m_loaded = wanted;
    m_error.clear();
    m_rowsJob.cancel();
    m_statsJob.cancel();
    m_searchJob.cancel();
    m_detailsJob.cancel();
    m_counted.reset();
    std::vector<CaptureId> captures;
    for (const auto id : wanted) {
        const auto *capture = m_context.document.find(id);
        if (capture && hasTracks(*capture))
            captures.push_back(id);
    }
    const auto adopt = [this](std::shared_ptr<const TraceSet> set) {
        m_set = freedIn(m_context.services.jobs, std::move(set));
        m_rows.assign(m_set ? m_set->captures.size() : 0, nullptr);
        m_stats.reset();
        m_matches.reset();
        m_searched.clear();
        Q_EMIT setChanged();
    };
    const auto session = m_context.document.session();
    if (!session || captures.empty()) {
        m_loadJob.cancel();
        adopt(nullptr);
        return;
    }
    m_loadJob.start(
        "timeline",
        [session, captures](JobContext &job) -> Result<std::shared_ptr<const TraceSet>> {
            FW_ASSIGN(const auto reader, session->reader());
            return loadTraces(*reader, captures, job);
        },
        [this, adopt](Result<std::shared_ptr<const TraceSet>> result) {
            if (!result.has_value())
                m_error = display(result.error().text());
            adopt(result.has_value() ? *std::move(result) : nullptr);
        });
}

void TimelineModel::look(std::int64_t begin, std::int64_t end, double nsPerPixel)
{
    m_sight = {begin, end, nsPerPixel};
    if (!m_set)
        return;
    bool missing = false;
    for (std::size_t i = 0; i < m_set->captures.size(); ++i) {
        const auto &capture = m_set->captures[i];
        missing =
            missing ||
            (capture.wantsDetail(nsPerPixel) &&
             (!m_rows[i] || !m_rows[i]->covers(capture.onClock(begin), capture.onClock(end))));
    }
    if (missing)
        m_rowsDue.start();
    else
        m_rowsDue.stop();
}

// A screen more on both sides, so that moving needs nothing new; without it where that is too much.
void TimelineModel::readRows()
{
    const auto session = m_context.document.session();
    if (!session || !m_set)
        return;
    m_rowsJob.start(
        "slices in sight",
        [session, set = m_set, sight = m_sight](JobContext &job) -> Result<std::vector<Rows>> {
            FW_ASSIGN(const auto reader, session->reader());
            std::vector<Rows> out;
            std::int64_t length = 0;
            if (__builtin_sub_overflow(sight.end, sight.begin, &length))
                return out;
            for (std::uint32_t i = 0; i < set->captures.size(); ++i) {
                const auto &capture = set->captures[i];
                if (!capture.wantsDetail(sight.nsPerPixel))
                    continue;
                const auto begin = capture.onClock(sight.begin), end = capture.onClock(sight.end);
                FW_ASSIGN(auto rows, loadDetail(*reader, capture.id, saturatingAdd(begin, -length),
                                                saturatingAdd(end, length), kMostDetailRows, job));
                if (rows->tooMany) {
                    FW_ASSIGN(rows,
                              loadDetail(*reader, capture.id, begin, end, kMostDetailRows, job));
                }
                out.push_back({i, std::move(rows)});
            }
            return out;
        },
        [this, set = m_set](Result<std::vector<Rows>> result) {
            // Without them the finest level is shown; the next look asks again.
            if (!result.has_value() || set != m_set)
                return;
            for (auto &each : *result) {
                m_rows[each.capture] = freedIn(m_context.services.jobs, std::move(each.rows));
                Q_EMIT rowsRead(each.capture, m_rows[each.capture]);
            }
        });
}

void TimelineModel::count(const TraceArea &area)
{
    const auto session = m_context.document.session();
    if (!session || !m_set || m_counted == area)
        return;
    m_counted = area;
    m_statsError.clear();
    m_statsJob.start(
        "slices of the area",
        [session, set = m_set, area](JobContext &job) -> Result<std::shared_ptr<const SliceStats>> {
            FW_ASSIGN(const auto reader, session->reader());
            FW_ASSIGN(auto stats, areaStats(*reader, *set, area, job));
            return std::make_shared<const SliceStats>(std::move(stats));
        },
        [this](Result<std::shared_ptr<const SliceStats>> result) {
            if (!result.has_value())
                m_statsError = display(result.error().text());
            m_stats =
                result.has_value() ? freedIn(m_context.services.jobs, *std::move(result)) : nullptr;
            Q_EMIT statsChanged();
        });
    Q_EMIT statsChanged();
}

void TimelineModel::countNothing()
{
    m_statsJob.cancel();
    m_counted.reset();
    m_stats.reset();
    m_statsError.clear();
    Q_EMIT statsChanged();
}

void TimelineModel::select(const std::optional<SlicePlace> &place)
{
    const auto session = m_context.document.session();
    m_detailsJob.cancel();
    m_selected = place;
    m_details.reset();
    if (session && m_set && place)
        m_detailsJob.start(
            "slice",
            [session, set = m_set,
             place = *place](JobContext &job) -> Result<std::optional<SliceDetails>> {
                FW_ASSIGN(const auto reader, session->reader());
                return sliceDetails(*reader, *set, place, job);
            },
            [this](Result<std::optional<SliceDetails>> result) {
                if (result.has_value())
                    m_details = *std::move(result);
                Q_EMIT detailsChanged();
            });
    Q_EMIT detailsChanged();
}

void TimelineModel::search(const std::string &pattern)
{
    const auto session = m_context.document.session();
    if (!session || !m_set || pattern == m_searched)
        return;
    m_searched = pattern;
    m_searchError.clear();
    m_searchJob.cancel();
    if (pattern.empty()) {
        m_matches.reset();
        Q_EMIT matchesChanged();
        return;
    }
    m_searchJob.start(
        "search slices",
        [session, set = m_set,
         pattern](JobContext &job) -> Result<std::shared_ptr<const SliceMatches>> {
            FW_ASSIGN(const auto reader, session->reader());
            FW_ASSIGN(auto found, findSlices(*reader, *set, pattern, job));
            return std::make_shared<const SliceMatches>(std::move(found));
        },
        [this](Result<std::shared_ptr<const SliceMatches>> result) {
            if (!result.has_value())
                m_searchError = display(result.error().text());
            m_matches = result.has_value() ? *std::move(result) : nullptr;
            Q_EMIT matchesChanged();
        });
}

} // namespace flamewright
