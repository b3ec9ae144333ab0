#include "importers/load/run_splitter.h"

#include "capture/base/units.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
// A pause that long is the end of a run, unless the run has had nearly such pauses before, as one
// that asks every quarter of an hour has.
constexpr std::int64_t kMinGap = 10 * kMinute;
constexpr std::int64_t kTimesLargestPause = 20;
// Nothing is known about the pauses of a run of one request.
constexpr std::int64_t kMinGapUnknown = 6 * 60 * kMinute;

std::int64_t difference(std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(a, b, &out))
        return a < b ? INT64_MIN : INT64_MAX;
    return out;
}

} // namespace

void RunSplitter::begin(std::int64_t gapNs)
{
    ++m_run;
    m_name = "run " + std::to_string(m_run);
    m_gap = gapNs;
    m_marked = false;
}

void RunSplitter::markNewRun()
{
    m_marked = m_any;
}

bool RunSplitter::isNewRun(std::int64_t beginNs, std::int64_t endNs)
{
    if (!m_any) {
        m_any = true;
        m_firstBegin = beginNs;
        m_lastEnd = endNs;
        return false;
    }
    const auto pause = difference(beginNs, m_lastEnd);
    // An older run behind a newer one: the clock goes back by more than any response lasts.
    const auto back = difference(m_firstBegin, endNs);
    const auto least = m_largestPause < 0
                           ? kMinGapUnknown
                           : std::max(kMinGap, m_largestPause > INT64_MAX / kTimesLargestPause
                                                   ? INT64_MAX
                                                   : m_largestPause * kTimesLargestPause);
    const bool split = m_marked || pause >= least || back >= least;
    if (split) {
        begin(m_marked ? 0 : std::max(pause, back));
        m_firstBegin = beginNs;
        m_lastEnd = endNs;
        return true;
    }
    m_largestPause = std::max({m_largestPause, pause, std::int64_t{0}});
    m_firstBegin = std::min(m_firstBegin, beginNs);
    m_lastEnd = std::max(m_lastEnd, endNs);
    return false;
}

} // namespace flamewright
