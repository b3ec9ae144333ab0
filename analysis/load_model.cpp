#include "analysis/load_model.h"

#include "analysis/load_clock.h"
#include "analysis/load_series.h"
#include "analysis/plateaus.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace flamewright {
namespace {

constexpr std::uint64_t kFewPairs = 30;
constexpr double kMostOverlapping = 0.05;
constexpr double kZ95 = 1.96;
constexpr double kSteady = 0.05;        // relative noise of a number that somebody set
constexpr double kShortLived = 0.2;     // of the test: a worker that is a user who comes and goes
constexpr double kRegular = 0.2;        // local variation of the gaps of a fixed rate, at most
constexpr std::size_t kManyWorkers = 4; // whose loops together are not regular
constexpr std::size_t kFewRequests = 100;
constexpr std::size_t kSwept = 200'000;                   // requests, to see how many are under way
constexpr double kNearlyAlways = 0.8, kHardlyEver = 0.02; // shares of time
constexpr std::size_t kPairsLookedAt = 1'000'000;         // of more, every so many
constexpr std::int64_t kCoarse = 1'000'000'000;

// When a worker was there: from its first request to the end of its last.
struct Life {
    std::int64_t begin = INT64_MAX, end = INT64_MIN;
};

// What is looked at of the test.
struct Requests {
    std::uint8_t capture = 0;
    std::size_t count = 0;
    std::int64_t begin = INT64_MAX, end = 0;
    std::vector<Life> lives; // of the workers that have requests
    bool workersKnown = true;
};

std::int64_t endOf(const LoadRows &rows, std::size_t i)
{
    return saturatingAdd(rows.begin[i], std::max<std::int64_t>(rows.latency[i], 0));
}

// All timed requests of the capture, in order of begin.
template <class Visit>
void eachOf(const LoadRows &rows, std::uint8_t capture, Visit &&visit)
{
    for (auto i = rows.firstTimed(); i < rows.size(); ++i) {
        if (rows.capture[i] == capture)
            visit(i);
    }
}

Requests requestsOf(const LoadRows &rows, std::uint8_t capture)
{
    Requests out;
    out.capture = capture;
    out.lives.resize(rows.workers.size());
    eachOf(rows, capture, [&](std::size_t i) {
        ++out.count;
        const auto end = endOf(rows, i);
        out.begin = std::min(out.begin, rows.begin[i]);
        out.end = std::max(out.end, end);
        out.workersKnown = out.workersKnown && rows.worker[i] != 0;
        auto &life = out.lives[rows.worker[i]];
        life.begin = std::min(life.begin, rows.begin[i]);
        life.end = end;
    });
    out.lives.erase(std::remove_if(out.lives.begin(), out.lives.end(),
                                   [](const Life &life) { return life.begin == INT64_MAX; }),
                    out.lives.end());
    return out;
}

double medianOf(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::int64_t median(std::vector<std::int64_t> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Least squares of the time to the next start over the latency, within each group of requests: the
// pause after one endpoint may be another than after the next, which says nothing of cause.
class Slope {
public:
    explicit Slope(std::size_t groups) : m_groups(groups) {}

    void add(std::uint32_t group, double latency, double between)
    {
        auto &g = m_groups[group];
        ++g.count;
        const auto dx = latency - g.meanX, dy = between - g.meanY;
        g.meanX += dx / g.count;
        g.meanY += dy / g.count;
        m_xx += dx * (latency - g.meanX);
        m_xy += dx * (between - g.meanY);
        m_yy += dy * (between - g.meanY);
    }
    void put(WorkerGaps &gaps) const
    {
        double free = -1; // degrees of freedom
        for (const auto &group : m_groups)
            free += std::max(group.count - 1, 0.0);
        if (free < 1 || !(m_xx > 0)) { // all latencies are the same: it can be anything
            gaps.slopeLow = -1e9;
            gaps.slopeHigh = 1e9;
            return;
        }
        gaps.slope = m_xy / m_xx;
        const auto rest = std::max(m_yy - gaps.slope * m_xy, 0.0);
        const auto error = kZ95 * std::sqrt(rest / free / m_xx);
        gaps.slopeLow = gaps.slope - error;
        gaps.slopeHigh = gaps.slope + error;
    }

private:
    struct Group {
        double count = 0, meanX = 0, meanY = 0;
    };
    std::vector<Group> m_groups;
    double m_xx = 0, m_xy = 0, m_yy = 0;
};

WorkerGaps gapsOf(const LoadRows &rows, const Requests &requests, std::int64_t clock)
{
    WorkerGaps out;
    constexpr std::size_t kNone = SIZE_MAX;
    std::vector<std::size_t> lastOf(rows.workers.size(), kNone); // by worker: its last row
    std::vector<std::int64_t> between, think;
    std::vector<std::uint32_t> group;
    std::uint64_t overlapping = 0;
    const auto every = requests.count / kPairsLookedAt + 1;
    eachOf(rows, requests.capture, [&](std::size_t next) {
        auto &last = lastOf[rows.worker[next]];
        if (last != kNone) {
            const auto rest = rows.begin[next] - endOf(rows, last);
            if (rest < -clock)
                ++overlapping;
            if (out.pairs++ % every == 0) {
                between.push_back(rows.begin[next] - rows.begin[last]);
                think.push_back(rest);
                group.push_back(rows.group[last]);
            }
        }
        last = next;
    });
    if (between.empty())
        return out;
    out.overlapping = static_cast<double>(overlapping) / static_cast<double>(out.pairs);
    out.betweenNs = median(between);
    out.thinkNs = median(think);
    // A worker that rested is no evidence.
    const auto usual = std::max({out.thinkNs, clock, out.betweenNs / 20});
    const auto longest = usual > INT64_MAX / 20 ? INT64_MAX : 20 * usual;
    Slope slope(rows.groups.size());
    for (std::size_t i = 0; i < between.size(); ++i) {
        if (think[i] <= longest)
            slope.add(group[i], static_cast<double>(between[i]) - static_cast<double>(think[i]),
                      static_cast<double>(between[i]));
    }
    if (out.thinkNs <= std::max(clock, out.betweenNs / 20))
        out.thinkNs = 0;
    slope.put(out);
    return out;
}

// Users that come and go all the time, most of them for a small part of the test.
bool usersComeAndGo(const Requests &requests)
{
    std::vector<std::int64_t> lives;
    std::size_t late = 0;
    const auto length = requests.end - requests.begin;
    for (const auto &life : requests.lives) {
        lives.push_back(life.end - life.begin);
        late += life.begin - requests.begin > length / 2 ? 1 : 0;
    }
    const auto count = lives.size();
    return count >= 20 && 5 * late > count &&
           static_cast<double>(median(std::move(lives))) <
               kShortLived * static_cast<double>(length);
}

// A number that stays where it is, or goes in steps: somebody set it.
bool isSteady(const std::vector<double> &values)
{
    std::size_t steady = 0;
    for (const auto &plateau : plateaus(values)) {
        if (plateau.steady && plateau.value > 0)
            steady += plateau.end - plateau.begin;
    }
    return relativeNoise(values) < kSteady && 2 * steady > values.size();
}

// Whether the starts of all requests are at equal distances, though these may change in the course
// of the test: local variation (Shinomoto, Shima, Tanji 2003), 0 for a fixed rate, 1 where they come
// at random, as those of many loops do.
bool isRegular(const LoadRows &rows, std::uint8_t capture)
{
    double sum = 0, count = 0, before = -1;
    std::int64_t last = -1;
    eachOf(rows, capture, [&](std::size_t i) {
        if (last >= 0) {
            const auto gap = static_cast<double>(rows.begin[i] - last);
            if (before >= 0) {
                const auto change = gap + before > 0 ? (gap - before) / (gap + before) : 0;
                // At the same time is not at a distance.
                sum += gap + before > 0 ? 3 * change * change : 1;
                ++count;
            }
            before = gap;
        }
        last = rows.begin[i];
    });
    return count > 0 && sum / count < kRegular;
}

constexpr std::size_t kModelSteps = 60;
constexpr const char *kEqualDistances =
    "requests start at equal distances, whatever the answers take";

// The number of requests under way at nearly all times, by a sweep over their begins and ends in
// the middle of the test; 0: it changes.
std::size_t alwaysUnderWay(const LoadRows &rows, const Requests &requests)
{
    const auto skip = (requests.count - std::min(requests.count, kSwept)) / 2;
    std::vector<std::int64_t> begins, ends;
    std::size_t seen = 0;
    eachOf(rows, requests.capture, [&](std::size_t i) {
        if (seen++ < skip || begins.size() >= kSwept)
            return;
        begins.push_back(rows.begin[i]);
        ends.push_back(endOf(rows, i));
    });
    std::sort(ends.begin(), ends.end());
    std::vector<double> timeAt(1, 0);
    double all = 0;
    // From the first begin to the last: later they only run out.
    for (std::size_t begun = 1, ended = 0; begun < begins.size();) {
        const auto now = std::max(begins[begun - 1], ended > 0 ? ends[ended - 1] : INT64_MIN);
        // At the same time the begin comes first: of a request that takes no time it must.
        const bool isEnd = ends[ended] < begins[begun];
        const auto until = isEnd ? ends[ended] : begins[begun];
        const auto underWay = begun - ended;
        if (timeAt.size() <= underWay)
            timeAt.resize(underWay + 1, 0);
        const auto time = static_cast<double>(until) - static_cast<double>(now);
        timeAt[underWay] += time;
        all += time;
        ++(isEnd ? ended : begun);
    }
    const auto mode = std::max_element(timeAt.begin(), timeAt.end());
    double above = 0;
    for (auto it = mode + 1; it < timeAt.end(); ++it)
        above += *it;
    return *mode >= kNearlyAlways * all && above <= kHardlyEver * all
               ? static_cast<std::size_t>(mode - timeAt.begin())
               : 0;
}

void tellByTheClock(const LoadRows &rows, std::uint8_t capture, const Requests &requests,
                    LoadModelReport &out)
{
    if (requests.count < kFewRequests) {
        out.reason = "there are too few requests to tell by their times";
        return;
    }
    const auto closed = [&](double workers) {
        out.model = LoadModel::Closed;
        out.reason = "the number of requests in flight stays the same";
        // As many workers share the rate.
        const auto rate =
            static_cast<double>(requests.count) * 1e9 /
            static_cast<double>(std::max<std::int64_t>(requests.end - requests.begin, 1));
        out.gaps.betweenNs = static_cast<std::int64_t>(workers / rate * 1e9);
    };
    const auto series = loadSeries(rows, capture, kModelSteps);
    // Without the ends, where requests come and run out.
    const auto inner = [](const std::vector<double> &values) {
        return std::vector<double>(values.begin() + std::min<std::ptrdiff_t>(1, std::ssize(values)),
                                   values.end() - (values.size() > 1 ? 1 : 0));
    };
    if (const auto workers = alwaysUnderWay(rows, requests); workers > 0) {
        closed(static_cast<double>(workers));
    } else if (isRegular(rows, capture)) {
        out.model = LoadModel::Open;
        out.reason = kEqualDistances;
    } else if (requests.count >= 10 * kModelSteps && isSteady(inner(series.inFlight)) &&
               relativeNoise(inner(series.inFlight)) <=
                   relativeNoise(inner(series.sentPerSecond)) / 2) {
        closed(medianOf(series.inFlight));
    } else {
        out.reason = requests.workersKnown
                         ? "neither the workers nor the times of the requests tell it"
                         : "requests do not name their workers, and their times do not tell it";
    }
}

void tellByWorkers(const LoadRows &rows, std::uint8_t capture, const Requests &requests,
                   LoadModelReport &out)
{
    const auto &gaps = out.gaps;
    if (usersComeAndGo(requests) && !isSteady(loadSeries(rows, capture, kModelSteps).workers)) {
        out.model = LoadModel::Open;
        out.reason = "new users come all the time, whatever the answers take";
    } else if (requests.lives.size() >= kManyWorkers && isRegular(rows, capture)) {
        // A pool gives the next request to whoever has waited longest, which looks like a loop.
        out.model = LoadModel::Open;
        out.reason = kEqualDistances;
    } else if (gaps.slopeLow > 0.5) {
        out.model = LoadModel::Closed;
        out.reason = gaps.thinkNs == 0
                         ? "each worker starts its next request when the last one ends"
                         : "each worker waits for the answer, then for a think time";
    } else if (gaps.slopeHigh < 0.5) {
        out.model = LoadModel::Open;
        out.reason = "workers start requests on a schedule, whatever the last one took";
    } else if (gaps.thinkNs == 0) {
        out.model = LoadModel::Closed;
        out.reason = "each worker starts its next request when the last one ends";
    } else {
        out.reason = "pauses between requests differ by more than the latencies do";
    }
}

} // namespace

LoadModelReport loadModel(const LoadRows &rows, std::uint8_t capture)
{
    LoadModelReport out;
    const auto requests = requestsOf(rows, capture);
    if (requests.count == 0) {
        out.reason = "requests have no times";
        return out;
    }
    const auto clock = clockUnit(rows, capture);
    if (requests.count > 1 && clock >= kCoarse) {
        out.reason = "times are whole seconds, which is too coarse";
        return out;
    }
    if (requests.workersKnown)
        out.gaps = gapsOf(rows, requests, clock);
    if (out.gaps.pairs >= kFewPairs && out.gaps.overlapping <= kMostOverlapping)
        tellByWorkers(rows, capture, requests, out);
    else
        tellByTheClock(rows, capture, requests, out);
    if (out.model == LoadModel::Closed) {
        out.omissionLookedFor = canShowOmission(requests.count);
        out.omission = omissionEvidence(rows, capture);
    }
    return out;
}

} // namespace flamewright
