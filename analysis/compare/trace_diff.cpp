#include "analysis/compare/trace_diff.h"

#include "analysis/compare/block_bootstrap.h"
#include "analysis/compare/function_match.h"
#include "analysis/compare/trace_tally.h"
#include "analysis/url_pattern.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>

namespace flamewright {
namespace {

constexpr std::uint64_t kLeastForP99 = 299; // below that the interval has no upper end
constexpr std::uint64_t kBaseSeed = 0x7472616365, kCandSeed = 0x6469666673;
constexpr double kOtherWork = 1.5;          // as many calls of an operation or more
constexpr std::size_t kMostStatements = 20; // of one kind

std::string count(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(std::min<std::uint64_t>(n, INT64_MAX)));
}

class Namer {
public:
    Namer(const TraceDiffOptions &options, OperationNames &names, bool kinds)
        : m_options(options),
          m_names(names),
          m_kinds(kinds)
    {}
    SpanNames namesOf(const TraceSide &side, const RenameRules &renames);

private:
    std::uint32_t idOf(std::string service, std::string name, const RenameRules &renames);

    const TraceDiffOptions &m_options;
    OperationNames &m_names;
    bool m_kinds;
};

std::uint32_t Namer::idOf(std::string service, std::string name, const RenameRules &renames)
{
    if (m_options.patterns)
        name = urlPattern(name);
    renames.apply(name, service);
    return m_names.idOf(service, name);
}

SpanNames Namer::namesOf(const TraceSide &side, const RenameRules &renames)
{
    const auto &rows = side.rows;
    std::vector<std::string> kinds;
    for (const auto &statement : side.statements)
        kinds.push_back(m_kinds ? queryKind(statement) : std::string());
    // Each combination is looked up by its text once only.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> operations;
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> queries;
    SpanNames out;
    out.operation.reserve(rows.size());
    out.call.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto service = rows.service[row];
        const auto [it, added] = operations.try_emplace({service, rows.name[row]}, 0);
        if (added)
            it->second = idOf(rows.services[service], rows.names[rows.name[row]], renames);
        out.operation.push_back(it->second);
        const auto &kind = kinds[side.statement[row]];
        if (kind.empty()) {
            out.call.push_back(it->second);
            continue;
        }
        const auto [query, fresh] = queries.try_emplace({service, kind}, 0);
        if (fresh)
            query->second = idOf(rows.services[service], kind, renames);
        out.call.push_back(query->second);
    }
    return out;
}

// The changes that are tested together.
class Family {
public:
    void add(Change &change, Better better) { m_all.emplace_back(&change, better); }
    void judgeAll(const VerdictRules &rules)
    {
        std::vector<double> p;
        for (const auto &[change, better] : m_all) {
            if (change->p)
                p.push_back(*change->p);
        }
        const auto adjusted = holmAdjusted(p);
        std::size_t next = 0;
        for (const auto &[change, better] : m_all) {
            if (change->p)
                change->adjustedP = adjusted[next++];
            judge(*change, better, rules);
        }
    }

private:
    std::vector<std::pair<Change *, Better>> m_all; // of vectors that grow no more
};

void tooFew(Change &change, const std::string &what)
{
    change.verdict = Verdict::NotEnoughData;
    change.why = count(change.baseCount) + " and " + count(change.candCount) + " " + what;
}

double perTrace(const std::vector<std::int64_t> &cells, std::size_t traces)
{
    std::int64_t sum = 0;
    for (const auto value : cells)
        sum = saturatingAdd(sum, value);
    return traces > 0 ? static_cast<double>(sum) / static_cast<double>(traces) : 0;
}

class Differ {
public:
    Differ(TraceTally &base, TraceTally &cand, const OperationNames &names,
           const TraceDiffOptions &options)
        : m_base(base),
          m_cand(cand),
          m_names(names),
          m_options(options)
    {}
    TraceDiff run(const TraceSide &base, const TraceSide &cand);

private:
    struct Draws {
        BlockBootstrap base, cand;
    };
    void compareMean(Change &change, const std::vector<std::int64_t> *base,
                     const std::vector<std::int64_t> *cand, const RootTally &baseRoot,
                     const RootTally &candRoot, const Draws &draws) const;
    void comparePercentile(Change &change, unsigned perMyriad, const OperationTally *base,
                           const OperationTally *cand, const Draws &draws, const char *what) const;
    RootChange rootOf(std::uint32_t root, RootTally &base, RootTally &cand, const TraceSide &left,
                      const TraceSide &right);
    void addOperations();
    bool enough(const Change &change) const
    {
        return change.baseCount >= m_options.least && change.candCount >= m_options.least;
    }

    TraceTally &m_base, &m_cand;
    const OperationNames &m_names;
    const TraceDiffOptions &m_options;
    TraceDiff m_out;
};

void Differ::compareMean(Change &change, const std::vector<std::int64_t> *base,
                         const std::vector<std::int64_t> *cand, const RootTally &baseRoot,
                         const RootTally &candRoot, const Draws &draws) const
{
    change.baseCount = baseRoot.rows.size();
    change.candCount = candRoot.rows.size();
    if (base != nullptr)
        change.base = perTrace(*base, baseRoot.rows.size());
    if (cand != nullptr)
        change.cand = perTrace(*cand, candRoot.rows.size());
    if (!enough(change)) {
        tooFew(change, "traces");
        return;
    }
    const auto exact = std::pair(change.base, change.cand);
    std::optional<BlockFigure> left, right;
    if (base != nullptr)
        left = draws.base.ratio(*base, baseRoot.traces);
    if (cand != nullptr)
        right = draws.cand.ratio(*cand, candRoot.traces);
    compareDrawn(change, left, right);
    std::tie(change.base, change.cand) = exact; // sums of integers, whatever is drawn
}

void Differ::comparePercentile(Change &change, unsigned perMyriad, const OperationTally *base,
                               const OperationTally *cand, const Draws &draws,
                               const char *what) const
{
    std::optional<BlockFigure> left, right;
    if (base != nullptr) {
        change.baseCount = base->lengths.size();
        left = draws.base.percentile(base->lengths, base->cell, perMyriad);
        change.base = left->value;
    }
    if (cand != nullptr) {
        change.candCount = cand->lengths.size();
        right = draws.cand.percentile(cand->lengths, cand->cell, perMyriad);
        change.cand = right->value;
    }
    const auto least = perMyriad >= 9'900 ? kLeastForP99 : m_options.least;
    if (std::min(change.baseCount, change.candCount) < least || left->draws.empty() ||
        right->draws.empty()) {
        tooFew(change, what);
        return;
    }
    compareDrawn(change, left, right);
}

// The root's lengths as an operation of their own.
OperationTally lengthsOf(const RootTally &root)
{
    OperationTally out;
    const auto n = root.lengths.size();
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return root.lengths[a] < root.lengths[b];
    });
    for (const auto i : order) {
        out.lengths.push_back(root.lengths[i]);
        out.cell.push_back(static_cast<std::uint32_t>(BlockBootstrap::cellOf(i, n)));
    }
    return out;
}

std::vector<StatementCalls> statementsOf(const CallTally *base, const CallTally *cand,
                                         const RootChange &root, const TraceSide &left,
                                         const TraceSide &right)
{
    std::map<std::string, StatementCalls> all;
    const auto add = [&all](const CallTally *tally, const TraceSide &side, std::uint64_t traces,
                            double StatementCalls::*calls) {
        if (tally == nullptr)
            return;
        for (const auto &[statement, n] : tally->statements) {
            auto &one = all[side.statements[statement]];
            one.*calls += static_cast<double>(n) / static_cast<double>(traces);
        }
    };
    add(base, left, root.mean.baseCount, &StatementCalls::base);
    add(cand, right, root.mean.candCount, &StatementCalls::cand);
    std::vector<StatementCalls> out;
    for (auto &[text, one] : all) {
        one.statement = text;
        out.push_back(std::move(one));
    }
    std::stable_sort(out.begin(), out.end(), [](const StatementCalls &a, const StatementCalls &b) {
        return std::max(a.base, a.cand) > std::max(b.base, b.cand);
    });
    out.resize(std::min(out.size(), kMostStatements));
    return out;
}

// Calls by their place in the root's list.
ChosenTraces chosenAs(const RootChange &root, const OperationNames &names, ChosenTraces chosen)
{
    std::map<std::pair<std::string, std::string>, std::uint32_t> places;
    std::uint32_t rest = 0; // of what is put together
    for (std::uint32_t i = 0; i < root.calls.size(); ++i) {
        const auto &call = root.calls[i];
        places.emplace(std::pair(call.service, call.name), i);
        rest = call.service.empty() && call.name.ends_with(" more operations") ? i : rest;
    }
    for (auto &part : chosen.parts) {
        const auto at = places.find({names.service(part.call), names.name(part.call)});
        part.call = at != places.end() ? at->second : rest;
    }
    return chosen;
}

RootChange Differ::rootOf(std::uint32_t id, RootTally &base, RootTally &cand, const TraceSide &left,
                          const TraceSide &right)
{
    RootChange out;
    out.service = m_names.service(id);
    out.name = m_names.name(id);
    m_base.countCalls(base);
    m_cand.countCalls(cand);
    const Draws draws{BlockBootstrap(base.lengths, m_options.rounds, kBaseSeed + id),
                      BlockBootstrap(cand.lengths, m_options.rounds, kCandSeed + id)};
    compareMean(out.mean, &base.time, &cand.time, base, cand, draws);
    const auto baseLengths = lengthsOf(base), candLengths = lengthsOf(cand);
    comparePercentile(out.p50, 5'000, &baseLengths, &candLengths, draws, "traces");
    comparePercentile(out.p99, 9'900, &baseLengths, &candLengths, draws, "traces");
    const auto mean = [](std::int64_t sum, std::uint64_t n) {
        return n > 0 ? static_cast<double>(sum) / static_cast<double>(n) : 0.0;
    };
    out.tail = {base.tailTraces, cand.tailTraces, mean(base.tailNs, base.tailTraces),
                mean(cand.tailNs, cand.tailTraces)};
    std::map<std::uint32_t, std::pair<const CallTally *, const CallTally *>> calls;
    for (const auto &[call, tally] : base.calls)
        calls[call].first = &tally;
    for (const auto &[call, tally] : cand.calls)
        calls[call].second = &tally;
    // Which are tested must not depend on how they changed: by their time on both sides.
    std::vector<std::pair<double, std::uint32_t>> order;
    for (const auto &[call, both] : calls) {
        double time = 0;
        for (const auto *side : {both.first, both.second}) {
            if (side != nullptr)
                time += static_cast<double>(sumOf(side->cells, &CallCell::critical)) +
                        static_cast<double>(sumOf(side->cells, &CallCell::self));
        }
        order.emplace_back(-time, call);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < std::min(order.size(), m_options.mostCalls); ++i) {
        const auto &[b, c] = calls[order[i].second];
        auto &one = out.calls.emplace_back();
        one.rootService = out.service;
        one.rootName = out.name;
        one.service = m_names.service(order[i].second);
        one.name = m_names.name(order[i].second);
        const auto compareAll = [&, b = b, c = c](Change &change, std::int64_t CallCell::*what) {
            change.baseCount = base.rows.size();
            change.candCount = cand.rows.size();
            std::vector<std::int64_t> before, after;
            if (b != nullptr)
                before = columnOf(b->cells, what, base.traces.size());
            if (c != nullptr)
                after = columnOf(c->cells, what, cand.traces.size());
            compareMean(change, b != nullptr ? &before : nullptr, c != nullptr ? &after : nullptr,
                        base, cand, draws);
        };
        compareAll(one.calls, &CallCell::calls);
        compareAll(one.time, &CallCell::self);
        compareAll(one.onCriticalPath, &CallCell::critical);
        one.statements = statementsOf(b, c, out, left, right);
        if (b != nullptr) {
            one.baseTail = mean(b->tailCritical, base.tailTraces);
            one.baseTailCalls = mean(b->tailCalls, base.tailTraces);
        }
        if (c != nullptr) {
            one.candTail = mean(c->tailCritical, cand.tailTraces);
            one.candTailCalls = mean(c->tailCalls, cand.tailTraces);
        }
    }
    if (order.size() > m_options.mostCalls) {
        // There may be as many names as spans: the rest is one, so that all still adds up.
        auto &rest = out.calls.emplace_back();
        rest.rootService = out.service;
        rest.rootName = out.name;
        rest.name = count(order.size() - m_options.mostCalls) + " more operations";
        for (auto *change : {&rest.calls, &rest.time, &rest.onCriticalPath}) {
            change->base = change->cand = 0;
            change->baseCount = base.rows.size();
            change->candCount = cand.rows.size();
            change->verdict = Verdict::NotEnoughData;
            change->why = "many operations that take little time each";
        }
        for (std::size_t i = m_options.mostCalls; i < order.size(); ++i) {
            const auto &[b, c] = calls[order[i].second];
            if (b != nullptr) {
                *rest.calls.base += mean(sumOf(b->cells, &CallCell::calls), base.rows.size());
                *rest.time.base += mean(sumOf(b->cells, &CallCell::self), base.rows.size());
                *rest.onCriticalPath.base +=
                    mean(sumOf(b->cells, &CallCell::critical), base.rows.size());
                rest.baseTail += mean(b->tailCritical, base.tailTraces);
                rest.baseTailCalls += mean(b->tailCalls, base.tailTraces);
            }
            if (c != nullptr) {
                *rest.calls.cand += mean(sumOf(c->cells, &CallCell::calls), cand.rows.size());
                *rest.time.cand += mean(sumOf(c->cells, &CallCell::self), cand.rows.size());
                *rest.onCriticalPath.cand +=
                    mean(sumOf(c->cells, &CallCell::critical), cand.rows.size());
                rest.candTail += mean(c->tailCritical, cand.tailTraces);
                rest.candTailCalls += mean(c->tailCalls, cand.tailTraces);
            }
        }
    }
    std::stable_sort(
        out.calls.begin(), out.calls.end(), [](const CallsChange &a, const CallsChange &b) {
            return std::abs(a.onCriticalPath.delta()) > std::abs(b.onCriticalPath.delta());
        });
    out.baseChosen = chosenAs(out, m_names, base.chosen);
    out.candChosen = chosenAs(out, m_names, cand.chosen);
    // Thousands of operations' cells need not be kept until the end.
    base.calls.clear();
    cand.calls.clear();
    return out;
}

void Differ::addOperations()
{
    const auto base = m_base.operations(), cand = m_cand.operations();
    const auto onesOf = [](std::size_t traces) {
        std::vector<std::int64_t> out(BlockBootstrap::cellsOf(traces), 0);
        for (std::size_t i = 0; i < traces; ++i)
            ++out[BlockBootstrap::cellOf(i, traces)];
        return out;
    };
    const auto baseTraces = onesOf(m_base.traces()), candTraces = onesOf(m_cand.traces());
    const Draws draws{BlockBootstrap(m_base.levels(), m_options.rounds, kBaseSeed - 1),
                      BlockBootstrap(m_cand.levels(), m_options.rounds, kCandSeed - 1)};
    std::map<std::uint32_t, std::int64_t> order;
    for (const auto *side : {&base, &cand}) {
        for (const auto &[id, tally] : *side)
            order[id] = saturatingAdd(order[id], tally.selfNs);
    }
    std::vector<std::pair<std::int64_t, std::uint32_t>> most;
    for (const auto &[id, ns] : order)
        most.emplace_back(-ns, id);
    std::sort(most.begin(), most.end());
    if (most.size() > m_options.mostOperations) {
        m_out.notes.push_back(count(most.size() - m_options.mostOperations) +
                              " operations with the least time of their own are left out");
        most.resize(m_options.mostOperations);
    }
    for (const auto &[time, id] : most) {
        const auto find = [id = id](const auto &side) {
            const auto it = side.find(id);
            return it == side.end() ? nullptr : &it->second;
        };
        const auto *b = find(base), *c = find(cand);
        auto &one = m_out.operations.emplace_back();
        one.service = m_names.service(id);
        one.name = m_names.name(id);
        one.count.why = "a count by itself depends on how much was recorded";
        const auto compareRatio = [&](Change &change, std::int64_t OperationCell::*part,
                                      bool bySpan) {
            const auto ratioOf = [&](const OperationTally &tally, const BlockBootstrap &drawn,
                                     const std::vector<std::int64_t> &traces) {
                const auto size = traces.size();
                return drawn.ratio(columnOf(tally.cells, part, size),
                                   bySpan ? columnOf(tally.cells, &OperationCell::spans, size)
                                          : traces);
            };
            std::optional<BlockFigure> left, right;
            if (b != nullptr)
                left = ratioOf(*b, draws.base, baseTraces);
            if (c != nullptr)
                right = ratioOf(*c, draws.cand, candTraces);
            change.baseCount = bySpan ? (b != nullptr ? b->count : 0) : m_base.traces();
            change.candCount = bySpan ? (c != nullptr ? c->count : 0) : m_cand.traces();
            if (enough(change)) {
                compareDrawn(change, left, right);
                return;
            }
            if (left)
                change.base = left->value;
            if (right)
                change.cand = right->value;
            tooFew(change, bySpan ? "spans" : "traces");
        };
        one.count.baseCount = b != nullptr ? b->count : 0;
        one.count.candCount = c != nullptr ? c->count : 0;
        if (b != nullptr)
            one.count.base = static_cast<double>(b->count);
        if (c != nullptr)
            one.count.cand = static_cast<double>(c->count);
        comparePercentile(one.p50, 5'000, b, c, draws, "spans");
        comparePercentile(one.p99, 9'900, b, c, draws, "spans");
        compareRatio(one.calls, &OperationCell::spans, false);
        compareRatio(one.errorShare, &OperationCell::errors, true);
        compareRatio(one.selfPerRoot, &OperationCell::self, false);
    }
    std::stable_sort(m_out.operations.begin(), m_out.operations.end(),
                     [](const OperationChange &a, const OperationChange &b) {
                         return std::abs(a.selfPerRoot.delta()) > std::abs(b.selfPerRoot.delta());
                     });
}

TraceDiff Differ::run(const TraceSide &base, const TraceSide &cand)
{
    m_out.baseTraces = m_base.traces();
    m_out.candTraces = m_cand.traces();
    auto &left = m_base.byRoot(), &right = m_cand.byRoot();
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;
    const auto onOneSide = [&](const auto &mine, const auto &other, const char *side) {
        for (const auto &[id, tally] : mine) {
            if (other.count(id) == 0)
                m_out.notes.push_back(m_names.name(id) + " (" + m_names.service(id) +
                                      ") is at the root of " + count(tally.rows.size()) +
                                      " traces of " + side + " only");
        }
    };
    onOneSide(left, right, "the base");
    onOneSide(right, left, "the candidate");
    for (const auto &[id, tally] : left) {
        if (const auto other = right.find(id); other != right.end())
            order.emplace_back(-saturatingAdd(tally.totalNs, other->second.totalNs), id);
    }
    std::sort(order.begin(), order.end());
    if (order.size() > m_options.mostRoots) {
        m_out.notes.push_back(count(order.size() - m_options.mostRoots) +
                              " root operations with the least time are left out");
        order.resize(m_options.mostRoots);
    }
    for (const auto &[time, id] : order)
        m_out.roots.push_back(rootOf(id, left[id], right[id], base, cand));
    addOperations();

    Family latencies, parts, operations;
    for (auto &root : m_out.roots) {
        for (auto *change : {&root.mean, &root.p50, &root.p99})
            latencies.add(*change, Better::Lower);
        for (auto &call : root.calls) {
            for (auto *change : {&call.calls, &call.time, &call.onCriticalPath})
                parts.add(*change, Better::Lower);
        }
    }
    for (auto &one : m_out.operations) {
        const auto calls = std::minmax({one.calls.base.value_or(0), one.calls.cand.value_or(0)});
        const bool alike = calls.second < kOtherWork * calls.first;
        for (auto *change : {&one.p50, &one.p99}) {
            operations.add(*change, alike ? Better::Lower : Better::Neither);
        }
        for (auto *change : {&one.errorShare, &one.selfPerRoot, &one.calls})
            operations.add(*change, Better::Lower);
    }
    for (auto *family : {&latencies, &parts, &operations})
        family->judgeAll(m_options.rules);
    m_out.method =
        "95 % intervals from " + count(m_options.rounds) +
        " rounds of a bootstrap that draws stretches of neighbouring traces, widened by Student's "
        "t where there are few stretches; p of the logarithm of the ratio by the same, after Holm "
        "over the latencies of root operations, over what is below them, and over the table of "
        "operations, each for itself";
    return std::move(m_out);
}

bool anyStatement(const TraceSide &side)
{
    return std::any_of(side.statement.begin(), side.statement.end(),
                       [](std::uint32_t one) { return one != 0; });
}

} // namespace

Result<TraceDiff> diffTraces(const TraceSide &base, const TraceSide &cand,
                             const TraceDiffOptions &options)
{
    FW_ASSIGN(const auto renames, RenameRules::of(options.renames));
    const bool baseAsks = anyStatement(base), candAsks = anyStatement(cand);
    OperationNames names;
    Namer namer(options, names, baseAsks && candAsks);
    TraceTally left(base, namer.namesOf(base, renames));
    TraceTally right(cand, namer.namesOf(cand, RenameRules()));
    auto out = Differ(left, right, names, options).run(base, cand);
    if (baseAsks != candAsks)
        out.notes.push_back(std::string("only ") + (baseAsks ? "the base" : "the candidate") +
                            " says what databases are asked: calls are told apart by name");
    for (const auto *side : {&left, &right}) {
        if (side->rootless() > 0)
            out.notes.push_back(count(side->rootless()) + " traces of " +
                                (side == &left ? "the base" : "the candidate") + " have no root");
    }
    return out;
}

} // namespace flamewright
