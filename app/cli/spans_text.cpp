#include "analysis/clock_skew.h"
#include "analysis/critical_path.h"
#include "analysis/service_map.h"
#include "analysis/slow_traces.h"
#include "app/cli/spans_output.h"
#include "app/cli/text_table.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace flamewright {
namespace {

using Align = TextTable::Align;

constexpr std::size_t kBarWidth = 40;   // characters of the time axis of a trace
constexpr std::size_t kMostIndent = 40; // deeper spans are no further to the right

std::string shown(std::string_view text)
{
    return CaptureText(text).toTerminal();
}

std::string number(std::uint64_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

std::string plural(std::uint64_t n, const char *one, const char *many)
{
    return number(n) + ' ' + (n == 1 ? one : many);
}

std::string meanText(double ns)
{
    return formatDuration(std::llround(std::clamp(ns, -9e18, 9e18)));
}

std::string titleOf(const SpanRows &rows, OperationKey key)
{
    return shown(rows.names[key.name]) + " in " + shown(rows.services[key.service]);
}

// Where in the root's time [begin, end) is, as characters. At least one.
std::string barOf(std::int64_t begin, std::int64_t end, std::int64_t from, std::int64_t to)
{
    const auto place = [&](std::int64_t t) {
        const auto share = to > from ? (static_cast<double>(t) - static_cast<double>(from)) /
                                           (static_cast<double>(to) - static_cast<double>(from))
                                     : 0;
        return static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarWidth);
    };
    const auto first = std::min(place(begin), kBarWidth - 1);
    const auto last = std::clamp(place(end), first + 1, kBarWidth);
    std::string out(first, ' ');
    for (auto i = first; i < last; ++i)
        out += "\u2588";
    out.append(kBarWidth - last, ' ');
    return out;
}

} // namespace

void printOperations(std::ostream &out, const TraceStudy &study, std::size_t limit)
{
    const auto &rows = study.rows();
    const auto table = operationTable(rows, study.forest, study.index);
    out << plural(table.spans, "span", "spans") << " in " << plural(table.traces, "trace", "traces")
        << " of " << plural(table.services, "service", "services") << ", " << number(table.errors)
        << " failed\n\n";
    TextTable text({{"SERVICE"},
                    {"OPERATION"},
                    {"COUNT", Align::Right},
                    {"FAILED", Align::Right},
                    {"RATE", Align::Right},
                    {"SELF", Align::Right},
                    {"OF ALL", Align::Right},
                    {"TOTAL", Align::Right},
                    {"P50", Align::Right},
                    {"P95", Align::Right},
                    {"P99", Align::Right},
                    {"MAX", Align::Right}});
    const auto most =
        limit == 0 ? table.operations.size() : std::min(limit, table.operations.size());
    for (std::size_t i = 0; i < most; ++i) {
        const auto &one = table.operations[i];
        text.row({shown(rows.services[one.key.service]), shown(rows.names[one.key.name]),
                  number(one.count), number(one.errors),
                  one.ratePerSecond ? formatRate(*one.ratePerSecond) : "",
                  formatDuration(one.selfNs),
                  formatShare(static_cast<double>(one.selfNs), static_cast<double>(table.selfNs)),
                  formatDuration(one.totalNs), formatDuration(one.p50), formatDuration(one.p95),
                  formatDuration(one.p99), formatDuration(one.max)});
    }
    text.print(out);
    if (most < table.operations.size())
        out << "and " << number(table.operations.size() - most) << " more (--limit)\n";
}

void printClockSkew(std::ostream &out, const TraceStudy &study)
{
    const auto &rows = study.rows();
    for (const auto &skew : clockSkew(rows, study.forest)) {
        if (skew.outside == 0)
            continue;
        const auto &client = rows.services[skew.client], &server = rows.services[skew.server];
        out << number(skew.outside) << " of " << plural(skew.calls, "call", "calls") << " of "
            << shown(client) << " to " << shown(server) << " are not within the caller's time: ";
        if (skew.consistent)
            out << "the clock of " << shown(server) << " seems to be "
                << formatDuration(std::abs(std::max(skew.offsetNs, -INT64_MAX)))
                << (skew.offsetNs < 0 ? " behind" : " ahead") << " (--correct-clocks)\n";
        else
            out << "no one difference of their clocks suits all\n";
    }
}

void printServiceMap(std::ostream &out, const TraceStudy &study)
{
    const auto map = serviceMap(study.rows(), study.forest, study.attributes);
    TextTable text({{"FROM"},
                    {"TO"},
                    {"CALLS", Align::Right},
                    {"FAILED", Align::Right},
                    {"P50", Align::Right},
                    {"P95", Align::Right}});
    for (const auto &edge : map.edges) {
        const auto &to = map.nodes[edge.to];
        text.row({shown(map.nodes[edge.from].name), shown(to.name) + (to.peer ? " (peer)" : ""),
                  number(edge.calls), number(edge.errors), formatDuration(edge.p50),
                  formatDuration(edge.p95)});
    }
    text.print(out);
    if (map.unnamedCalls > 0)
        out << plural(map.unnamedCalls, "call", "calls") << " to peers without a name\n";
}

void printCriticalPath(std::ostream &out, const TraceStudy &study, OperationKey root)
{
    const auto &rows = study.rows();
    const auto summary = criticalSummary(rows, study.forest, study.index, root);
    out << "Critical path of " << titleOf(rows, root) << ": "
        << plural(summary.traces, "trace", "traces") << ", " << formatDuration(summary.totalNs)
        << "\n\n";
    TextTable text({{"SERVICE"},
                    {"OPERATION"},
                    {"TIME", Align::Right},
                    {"SHARE", Align::Right},
                    {"A TRACE", Align::Right},
                    {"TRACES", Align::Right}});
    const auto traces = static_cast<double>(std::max<std::uint64_t>(summary.traces, 1));
    for (const auto &share : summary.shares)
        text.row({shown(rows.services[share.key.service]), shown(rows.names[share.key.name]),
                  formatDuration(share.ns),
                  formatShare(static_cast<double>(share.ns), static_cast<double>(summary.totalNs)),
                  meanText(static_cast<double>(share.ns) / traces), number(share.traces)});
    text.print(out);
}

void printSlowTraces(std::ostream &out, const TraceStudy &study, OperationKey root)
{
    const auto &rows = study.rows();
    const auto slow = slowTraces(rows, study.forest, study.index, root);
    out << titleOf(rows, root) << ": " << number(slow.slow) << " slow traces, from "
        << formatDuration(slow.thresholdNs) << " (p95) on, and " << number(slow.rest)
        << " others\n";
    if (!slow.reason.empty()) {
        out << slow.reason << '\n';
        return;
    }
    out << "Slow ones take " << meanText(slow.slowMeanNs) << " on average, the others "
        << meanText(slow.restMeanNs) << "; on the critical path of a trace:\n\n";
    TextTable text({{"SERVICE"},
                    {"OPERATION"},
                    {"SLOW", Align::Right},
                    {"OTHERS", Align::Right},
                    {"MORE", Align::Right},
                    {"OF THE DIFFERENCE", Align::Right},
                    {"CALLS", Align::Right},
                    {"OTHERS", Align::Right}});
    for (const auto &share : slow.operations)
        text.row({shown(rows.services[share.key.service]), shown(rows.names[share.key.name]),
                  meanText(share.slowPathNs), meanText(share.restPathNs),
                  meanText(share.slowPathNs - share.restPathNs), formatShare(share.share, 1),
                  formatNumber(share.slowCalls), formatNumber(share.restCalls)});
    text.print(out);
}

void printTrace(std::ostream &out, const TraceStudy &study, std::uint32_t trace)
{
    const auto &rows = study.rows();
    const auto &forest = study.forest;
    const auto root = forest.rootOf(trace);
    std::vector<CriticalSegment> segments;
    CriticalPaths(rows, forest).add(root, segments);
    std::vector<std::uint32_t> critical;
    for (const auto &segment : segments)
        critical.push_back(segment.row);
    std::sort(critical.begin(), critical.end());
    const auto spans = forest.rowsOf(trace);
    out << "Trace " << shown(study.traceName(trace)) << ": "
        << titleOf(rows, {rows.service[root], rows.name[root]}) << ", "
        << formatDuration(rows.length[root]) << ", " << plural(spans.size(), "span", "spans")
        << "\n\n";
    TextTable text({{"OPERATION"},
                    {"SERVICE"},
                    {"AT", Align::Right},
                    {"TOOK", Align::Right},
                    {"SELF", Align::Right},
                    {""},
                    {""}});
    auto begin = rows.begin[root], end = rows.endOf(root);
    for (const auto row : spans) {
        begin = std::min(begin, rows.begin[row]);
        end = std::max(end, rows.endOf(row));
    }
    for (const auto row : spans) {
        const std::string indent(2 * std::min<std::size_t>(forest.depth[row], kMostIndent / 2),
                                 ' ');
        const bool onPath = std::binary_search(critical.begin(), critical.end(), row);
        std::string marks = onPath ? "*" : " ";
        marks += rows.failed(row) ? "!" : " ";
        text.row(
            {indent + shown(rows.names[rows.name[row]]), shown(rows.services[rows.service[row]]),
             meanText(static_cast<double>(rows.begin[row]) - static_cast<double>(rows.begin[root])),
             formatDuration(rows.length[row]), formatDuration(forest.self[row]), marks,
             '|' + barOf(rows.begin[row], rows.endOf(row), begin, end) + '|'});
    }
    text.print(out);
    out << "* on the critical path, ! failed\n";
}

} // namespace flamewright
