#include "analysis/compare/slice_diff.h"

#include "analysis/compare/block_bootstrap.h"
#include "analysis/compare/function_match.h"
#include "analysis/compare/trace_tally.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace flamewright {
namespace {

constexpr std::size_t kStretches = 200;     // of a recording's time, which are drawn
constexpr std::uint64_t kLeastForP99 = 299; // below that the interval has no upper end
constexpr std::uint64_t kBaseSeed = 0x736c696365, kCandSeed = 0x6469666673;

std::string count(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(std::min<std::uint64_t>(n, INT64_MAX)));
}

bool isState(SliceKind kind)
{
    return classOf(kind) == SliceClass::State;
}

// What is asynchronous goes on beside each other: it adds up to no time of a thread.
bool isWork(SliceKind kind)
{
    return classOf(kind) == SliceClass::Slice;
}

struct Row {
    std::uint64_t slices = 0;
    bool state = false, work = true;
    std::int64_t selfNs = 0;
    struct Cell {
        std::uint32_t cell = 0;
        std::int64_t count = 0, total = 0, self = 0;
    };
    std::vector<Cell> cells;            // by stretch, which may be there several times
    std::vector<std::int64_t> lengths;  // of whole ones, ascending
    std::vector<std::uint32_t> stretch; // of each length
};

struct Tally {
    std::map<std::uint32_t, Row> rows;    // by name
    std::vector<std::int64_t> busy, ones; // by stretch: self time of work
    double divisor = 1;
};

// Names become those of track and slice together, as OperationNames numbers them.
void renameSlices(SliceSide &side, OperationNames &names, const RenameRules &renames)
{
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> known;
    auto &area = side.area;
    for (std::size_t i = 0; i < area.size(); ++i) {
        const auto [it, added] = known.try_emplace({side.track[i], area.name[i]}, 0);
        if (added) {
            auto track = trackKey(side.tracks[side.track[i]]);
            auto name = area.names[area.name[i]];
            renames.apply(name, track);
            it->second = names.idOf(track, name);
        }
        area.name[i] = it->second;
    }
}

Tally tallyOf(const SliceSide &side)
{
    Tally out;
    const auto &area = side.area;
    std::int64_t first = INT64_MAX, last = INT64_MIN;
    for (std::size_t i = 0; i < area.size(); ++i) {
        first = std::min(first, area.begin[i]);
        last = std::max(last, area.begin[i]);
    }
    out.busy.assign(kStretches, 0);
    out.ones.assign(kStretches, 1);
    out.divisor = side.divisor;
    const auto times = sliceTimes(area, INT64_MIN, INT64_MAX);
    const auto span = static_cast<double>(last) - static_cast<double>(first) + 1;
    std::map<std::uint32_t, std::vector<std::pair<std::int64_t, std::uint32_t>>> lengths;
    for (std::size_t i = 0; i < area.size(); ++i) {
        const auto after = static_cast<double>(area.begin[i]) - static_cast<double>(first);
        const auto at =
            std::min(static_cast<std::size_t>(after / span * kStretches), kStretches - 1);
        auto &row = out.rows[area.name[i]];
        if (row.slices++ == 0) {
            row.state = isState(area.kind[i]);
            row.work = isWork(area.kind[i]);
        }
        auto &sums = cellAt(row.cells, at);
        ++sums.count;
        sums.self = saturatingAdd(sums.self, times.self[i]);
        row.selfNs = saturatingAdd(row.selfNs, times.self[i]);
        if (times.outer[i] != 0)
            sums.total = saturatingAdd(sums.total, area.length[i]);
        if (isWork(area.kind[i]))
            out.busy[at] = saturatingAdd(out.busy[at], times.self[i]);
        if ((area.flags[i] & (kSliceNoEnd | kSliceNoBegin)) == 0)
            lengths[area.name[i]].emplace_back(area.length[i], static_cast<std::uint32_t>(at));
    }
    for (auto &[name, all] : lengths) {
        std::sort(all.begin(), all.end());
        auto &row = out.rows[name];
        for (const auto &[length, stretch] : all) {
            row.lengths.push_back(length);
            row.stretch.push_back(stretch);
        }
    }
    return out;
}

double wholeOf(const std::vector<std::int64_t> &cells)
{
    std::int64_t sum = 0;
    for (const auto value : cells)
        sum = saturatingAdd(sum, value);
    return static_cast<double>(sum);
}

class SliceDiffer {
public:
    SliceDiffer(const Tally &base, const Tally &cand, const SliceDiffOptions &options)
        : m_base(base),
          m_cand(cand),
          m_options(options),
          m_baseDraws(base.busy, options.rounds, kBaseSeed),
          m_candDraws(cand.busy, options.rounds, kCandSeed)
    {}
    void compare(SliceChange &out, const Row *base, const Row *cand) const;
    void compareAll(Change &out) const;

private:
    using Cells = std::vector<std::int64_t>;
    // Sums of all stretches, as many as there are, by what sides are divided by.
    std::optional<BlockFigure> sum(const BlockBootstrap &draws, const Tally &side,
                                   const Cells *cells, bool shares) const;
    void compareSum(Change &out, const Cells *base, const Cells *cand, bool shares) const;
    void comparePercentile(Change &out, unsigned perMyriad, const Row *base, const Row *cand) const;
    bool tooFew(Change &change, std::uint64_t least) const;

    const Tally &m_base, &m_cand;
    const SliceDiffOptions &m_options;
    BlockBootstrap m_baseDraws, m_candDraws;
};

std::optional<BlockFigure> SliceDiffer::sum(const BlockBootstrap &draws, const Tally &side,
                                            const Cells *cells, bool shares) const
{
    if (cells == nullptr)
        return std::nullopt;
    if (shares)
        return draws.ratio(*cells, side.busy);
    auto out = draws.ratio(*cells, side.ones);
    const auto times = static_cast<double>(kStretches) / side.divisor;
    out.value = wholeOf(*cells) / side.divisor; // exactly
    for (auto &draw : out.draws)
        draw *= times;
    return out;
}

bool SliceDiffer::tooFew(Change &change, std::uint64_t least) const
{
    if (change.baseCount >= least && change.candCount >= least)
        return false;
    // What is on one side only, and often enough, is a change.
    const bool gone = std::min(change.baseCount, change.candCount) == 0;
    if (gone && least == m_options.least && std::max(change.baseCount, change.candCount) >= least)
        return false;
    change.verdict = Verdict::NotEnoughData;
    change.why = count(change.baseCount) + " and " + count(change.candCount) + " slices";
    return true;
}

void SliceDiffer::compareSum(Change &out, const Cells *base, const Cells *cand, bool shares) const
{
    const auto left = sum(m_baseDraws, m_base, base, shares);
    const auto right = sum(m_candDraws, m_cand, cand, shares);
    if (tooFew(out, m_options.least)) {
        if (left)
            out.base = left->value;
        if (right)
            out.cand = right->value;
        return;
    }
    compareDrawn(out, left, right);
}

void SliceDiffer::comparePercentile(Change &out, unsigned perMyriad, const Row *base,
                                    const Row *cand) const
{
    std::optional<BlockFigure> left, right;
    if (base != nullptr && !base->lengths.empty()) {
        left = m_baseDraws.percentile(base->lengths, base->stretch, perMyriad);
        out.baseCount = base->lengths.size();
        out.base = left->value;
    }
    if (cand != nullptr && !cand->lengths.empty()) {
        right = m_candDraws.percentile(cand->lengths, cand->stretch, perMyriad);
        out.candCount = cand->lengths.size();
        out.cand = right->value;
    }
    const auto least = perMyriad >= 9'900 ? kLeastForP99 : m_options.least;
    if (!left || !right || std::min(out.baseCount, out.candCount) < least || left->draws.empty() ||
        right->draws.empty()) {
        out.verdict = Verdict::NotEnoughData;
        out.why = count(out.baseCount) + " and " + count(out.candCount) + " slices";
        return;
    }
    compareDrawn(out, left, right);
}

void SliceDiffer::compare(SliceChange &out, const Row *base, const Row *cand) const
{
    for (auto *change : {&out.count, &out.total, &out.self}) {
        change->baseCount = base != nullptr ? base->slices : 0;
        change->candCount = cand != nullptr ? cand->slices : 0;
    }
    const auto compareCells = [&](Change &change, std::int64_t Row::Cell::*what, bool shares) {
        Cells left, right;
        if (base != nullptr)
            left = columnOf(base->cells, what, kStretches);
        if (cand != nullptr)
            right = columnOf(cand->cells, what, kStretches);
        compareSum(change, base != nullptr ? &left : nullptr, cand != nullptr ? &right : nullptr,
                   shares);
    };
    const bool ofAll = m_options.shares && out.isWork;
    compareCells(out.count, &Row::Cell::count, false);
    compareCells(out.total, &Row::Cell::total, ofAll);
    compareCells(out.self, &Row::Cell::self, ofAll);
    comparePercentile(out.p50, 5'000, base, cand);
    comparePercentile(out.p99, 9'900, base, cand);
}

void SliceDiffer::compareAll(Change &out) const
{
    for (const auto &[name, row] : m_base.rows)
        out.baseCount += row.work ? row.slices : 0;
    for (const auto &[name, row] : m_cand.rows)
        out.candCount += row.work ? row.slices : 0;
    compareSum(out, &m_base.busy, &m_cand.busy, false);
}

} // namespace

std::string trackKey(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        if (c < '0' || c > '9')
            out += c;
        else if (!out.ends_with('#'))
            out += '#';
    }
    return out;
}

Result<TraceDiff> diffSlices(SliceSide base, SliceSide cand, const SliceDiffOptions &options)
{
    FW_ASSIGN(const auto renames, RenameRules::of(options.renames));
    OperationNames names;
    renameSlices(base, names, renames);
    renameSlices(cand, names, RenameRules());
    const auto left = tallyOf(base), right = tallyOf(cand);
    const SliceDiffer differ(left, right, options);
    TraceDiff out;
    std::map<std::uint32_t, std::int64_t> time;
    for (const auto *side : {&left, &right}) {
        for (const auto &[name, row] : side->rows)
            time[name] = saturatingAdd(time[name], row.selfNs);
    }
    // Which are tested must not depend on how they changed.
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;
    for (const auto &[name, ns] : time)
        order.emplace_back(-ns, name);
    std::sort(order.begin(), order.end());
    if (order.size() > options.most) {
        out.notes.push_back(count(order.size() - options.most) +
                            " names of slices with the least time of their own are left out");
        order.resize(options.most);
    }
    const auto find = [](const Tally &side, std::uint32_t name) {
        const auto at = side.rows.find(name);
        return at == side.rows.end() ? nullptr : &at->second;
    };
    for (const auto &[ns, name] : order) {
        const auto *b = find(left, name), *c = find(right, name);
        SliceChange one;
        one.track = names.service(name);
        one.name = names.name(name);
        one.isState = b != nullptr ? b->state : c->state;
        one.isWork = b != nullptr ? b->work : c->work;
        differ.compare(one, b, c);
        out.slices.push_back(std::move(one));
    }
    if (!options.shares)
        differ.compareAll(out.allSelf);
    std::vector<double> p;
    const auto all = [&](auto visit) {
        for (auto &one : out.slices) {
            const auto better = one.isState ? Better::Neither : Better::Lower;
            for (auto *change : {&one.total, &one.self, &one.p50, &one.p99})
                visit(*change, better);
            visit(one.count, Better::Neither);
        }
    };
    all([&](Change &change, Better) {
        if (change.p)
            p.push_back(*change.p);
    });
    const auto adjusted = holmAdjusted(p);
    std::size_t next = 0;
    all([&](Change &change, Better better) {
        if (change.p)
            change.adjustedP = adjusted[next++];
        judge(change, better, options.rules);
    });
    judge(out.allSelf, Better::Lower, options.rules);
    std::stable_sort(out.slices.begin(), out.slices.end(),
                     [](const SliceChange &a, const SliceChange &b) {
                         return std::abs(a.self.delta()) > std::abs(b.self.delta());
                     });
    out.method = "95 % intervals from " + count(options.rounds) +
                 " rounds of a bootstrap that draws stretches of each recording's time (" +
                 count(kStretches) +
                 " in all), widened by Student's t where there are few; they do not know how one "
                 "recording differs from the next; p by the same, after Holm over all slices";
    return out;
}

} // namespace flamewright
