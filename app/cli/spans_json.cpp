#include "analysis/clock_skew.h"
#include "analysis/critical_path.h"
#include "analysis/service_map.h"
#include "analysis/slow_traces.h"
#include "app/cli/json_writer.h"
#include "app/cli/spans_output.h"

#include <cstdio>

namespace flamewright {
namespace {

void writeOperation(JsonWriter &w, const SpanRows &rows, OperationKey key)
{
    w.field("service", rows.services[key.service]).field("name", rows.names[key.name]);
}

std::string spanId(std::uint64_t id)
{
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(id));
    return text;
}

const char *nameOf(SliceKind kind)
{
    switch (kind) {
    case SliceKind::SpanInternal: return "internal";
    case SliceKind::SpanServer: return "server";
    case SliceKind::SpanClient: return "client";
    case SliceKind::SpanProducer: return "producer";
    case SliceKind::SpanConsumer: return "consumer";
    case SliceKind::Span:
    case SliceKind::Slice:
    case SliceKind::Async:
    case SliceKind::Instant:
    case SliceKind::State:
    case SliceKind::Log: break;
    }
    return "";
}

} // namespace

void writeOperationsJson(std::ostream &out, const TraceStudy &study)
{
    const auto &rows = study.rows();
    const auto table = operationTable(rows, study.forest, study.index);
    JsonWriter w(out);
    w.beginObject()
        .field("services", table.services)
        .field("traces", table.traces)
        .field("spans", table.spans)
        .field("errors", table.errors)
        .field("missing_parents", study.forest.missingParents)
        .field("circles", study.forest.circles)
        .field("duplicate_ids", study.forest.duplicateIds);
    w.key("operations").beginArray();
    for (const auto &one : table.operations) {
        w.beginObject();
        writeOperation(w, rows, one.key);
        w.field("count", one.count)
            .field("errors", one.errors)
            .field("total_ns", one.totalNs)
            .field("self_ns", one.selfNs)
            .field("p50_ns", one.p50)
            .field("p90_ns", one.p90)
            .field("p95_ns", one.p95)
            .field("p99_ns", one.p99)
            .field("max_ns", one.max);
        w.key("rate_per_s");
        if (one.ratePerSecond)
            w.value(*one.ratePerSecond);
        else
            w.null();
        w.field("self_share", one.share).endObject();
    }
    w.endArray().key("clock_skew").beginArray();
    for (const auto &skew : clockSkew(rows, study.forest)) {
        if (skew.outside == 0)
            continue;
        w.beginObject()
            .field("client", rows.services[skew.client])
            .field("server", rows.services[skew.server])
            .field("calls", skew.calls)
            .field("outside", skew.outside)
            .field("offset_ns", skew.offsetNs)
            .field("consistent", skew.consistent)
            .endObject();
    }
    w.endArray().endObject();
}

void writeServiceMapJson(std::ostream &out, const TraceStudy &study)
{
    const auto map = serviceMap(study.rows(), study.forest, study.attributes);
    JsonWriter w(out);
    w.beginObject().key("nodes").beginArray();
    for (const auto &node : map.nodes)
        w.beginObject()
            .field("name", node.name)
            .field("peer", node.peer)
            .field("spans", node.spans)
            .field("errors", node.errors)
            .field("self_ns", node.selfNs)
            .endObject();
    w.endArray().key("edges").beginArray();
    for (const auto &edge : map.edges)
        w.beginObject()
            .field("from", map.nodes[edge.from].name)
            .field("to", map.nodes[edge.to].name)
            .field("calls", edge.calls)
            .field("errors", edge.errors)
            .field("p50_ns", edge.p50)
            .field("p95_ns", edge.p95)
            .endObject();
    w.endArray().field("unnamed_calls", map.unnamedCalls).endObject();
}

void writeCriticalPathJson(std::ostream &out, const TraceStudy &study, OperationKey root)
{
    const auto &rows = study.rows();
    const auto summary = criticalSummary(rows, study.forest, study.index, root);
    JsonWriter w(out);
    w.beginObject();
    writeOperation(w, rows, root);
    w.field("traces", summary.traces).field("total_ns", summary.totalNs);
    w.key("operations").beginArray();
    for (const auto &share : summary.shares) {
        w.beginObject();
        writeOperation(w, rows, share.key);
        w.field("ns", share.ns)
            .field("share", share.share)
            .field("traces", share.traces)
            .endObject();
    }
    w.endArray().endObject();
}

void writeSlowTracesJson(std::ostream &out, const TraceStudy &study, OperationKey root)
{
    const auto &rows = study.rows();
    const auto slow = slowTraces(rows, study.forest, study.index, root);
    JsonWriter w(out);
    w.beginObject();
    writeOperation(w, rows, root);
    w.field("slow", slow.slow)
        .field("rest", slow.rest)
        .field("threshold_ns", slow.thresholdNs)
        .field("slow_mean_ns", slow.slowMeanNs)
        .field("rest_mean_ns", slow.restMeanNs);
    w.key("reason");
    if (slow.reason.empty())
        w.null();
    else
        w.value(slow.reason);
    w.key("operations").beginArray();
    for (const auto &share : slow.operations) {
        w.beginObject();
        writeOperation(w, rows, share.key);
        w.field("slow_self_ns", share.slowSelfNs)
            .field("rest_self_ns", share.restSelfNs)
            .field("slow_path_ns", share.slowPathNs)
            .field("rest_path_ns", share.restPathNs)
            .field("slow_calls", share.slowCalls)
            .field("rest_calls", share.restCalls)
            .field("share", share.share)
            .endObject();
    }
    w.endArray().endObject();
}

void writeTraceJson(std::ostream &out, const TraceStudy &study, std::uint32_t trace)
{
    const auto &rows = study.rows();
    const auto &forest = study.forest;
    const auto root = forest.rootOf(trace);
    std::vector<CriticalSegment> segments;
    CriticalPaths(rows, forest).add(root, segments);
    JsonWriter w(out);
    w.beginObject()
        .field("trace", study.traceName(trace))
        .field("begin_ns", rows.begin[root])
        .field("length_ns", rows.length[root]);
    w.key("spans").beginArray();
    for (const auto row : forest.rowsOf(trace)) {
        w.beginObject()
            .field("span", spanId(rows.span[row]))
            .field("parent", rows.parent[row] == 0 ? std::string() : spanId(rows.parent[row]))
            .field("depth", forest.depth[row]);
        writeOperation(w, rows, {rows.service[row], rows.name[row]});
        w.field("kind", nameOf(rows.kind[row]))
            .field("error", rows.failed(row))
            .field("begin_ns", rows.begin[row])
            .field("length_ns", rows.length[row])
            .field("self_ns", forest.self[row])
            .endObject();
    }
    w.endArray().key("critical_path").beginArray();
    for (const auto &segment : segments)
        w.beginObject()
            .field("span", spanId(rows.span[segment.row]))
            .field("begin_ns", segment.begin)
            .field("length_ns", segment.length())
            .endObject();
    w.endArray().endObject();
}

} // namespace flamewright
