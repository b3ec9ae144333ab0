#include "importers/k6/k6_points.h"

#include "importers/text/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr std::size_t kMaxOpen = 64; // k6 writes the samples of a request at once
constexpr std::size_t kMaxMetrics = 4096;
constexpr std::size_t kMaxChecks = 1000;
constexpr std::size_t kMaxName = 1000; // of a metric or check that has a counter of its own
constexpr std::size_t kMaxChecksTold = 30;
constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::int64_t kWaitedForConnection = kNanosPerMilli;

constexpr unsigned bit(std::size_t part)
{
    return 1u << part;
}
constexpr unsigned kAllParts = bit(9) - 1;

std::optional<double> realOf(std::string_view text)
{
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

std::uint64_t countOf(double value)
{
    return value >= 1 && value < 1e18 ? static_cast<std::uint64_t>(value) : 0;
}

} // namespace

K6Points::Role K6Points::roleOf(std::string_view name)
{
    static constexpr std::pair<std::string_view, Role> kRoles[] = {
        {"http_reqs", Role::Requests},
        {"http_req_duration", Role::Took},
        {"http_req_blocked", Role::Blocked},
        {"http_req_connecting", Role::Connecting},
        {"http_req_tls_handshaking", Role::Handshaking},
        {"http_req_sending", Role::Sending},
        {"http_req_waiting", Role::Waiting},
        {"http_req_receiving", Role::Receiving},
        {"http_req_failed", Role::Failed},
        {"grpc_req_duration", Role::GrpcDuration},
        {"checks", Role::Check},
        {"dropped_iterations", Role::Dropped},
    };
    const auto *it = std::find_if(std::begin(kRoles), std::end(kRoles),
                                  [&](const auto &role) { return role.first == name; });
    return it == std::end(kRoles) ? Role::Other : it->second;
}

K6Points::K6Points(RecordSink &sink) : m_sink(sink), m_writer(sink)
{
    m_open.reserve(kMaxOpen + 1);
    // CSV does not say what k6's own metrics measure.
    for (const auto *name : {"iteration_duration", "group_duration", "ws_session_duration",
                             "ws_connecting", "ws_ping", "grpc_streams_duration"})
        describe(name, "time");
    for (const auto *name : {"data_sent", "data_received"})
        describe(name, "data");
}

K6Points::Metric &K6Points::metricOf(std::string_view name)
{
    if (const auto it = m_metrics.find(name); it != m_metrics.end())
        return it->second;
    if (m_metrics.size() >= kMaxMetrics || name.size() > kMaxName)
        name = "(other metrics)";
    auto &metric = m_metrics[std::string(name)];
    metric.name = name;
    metric.role = roleOf(name);
    return metric;
}

void K6Points::describe(std::string_view metric, std::string_view contains)
{
    auto &known = metricOf(metric);
    known.suffix = contains == "time" ? " (ms)" : contains == "data" ? " (bytes)" : "";
}

void K6Points::badValue(const K6Point &point)
{
    m_sink.note(Severity::DataLoss, "k6_bad_value", point.offset,
                std::string(point.metric) + " is no number: " + std::string(point.value));
}

void K6Points::counter(TrackId track, const K6Point &point)
{
    const auto value = realOf(point.value);
    if (!value) {
        badValue(point);
        return;
    }
    m_sink.add(CounterPoint{.time = m_writer.at(point.epochNs), .track = track, .value = *value});
}

void K6Points::check(const K6Point &point)
{
    std::string_view name = point.tags->check;
    auto it = m_checks.find(name);
    if (it == m_checks.end()) {
        if (m_checks.size() >= kMaxChecks || name.size() > kMaxName)
            name = "(other checks)";
        it = m_checks.try_emplace(std::string(name)).first;
    }
    auto &passes = it->second;
    if (passes.track.raw == 0)
        passes.track =
            m_sink.track({.kind = TrackKind::Counter, .name = "check: " + std::string(name)});
    ++passes.all;
    passes.passed += realOf(point.value).value_or(0) != 0 ? 1 : 0;
    counter(passes.track, point);
}

void K6Points::add(const K6Point &point)
{
    auto &metric = metricOf(point.metric);
    switch (metric.role) {
    case Role::Requests:
    case Role::Took:
    case Role::Blocked:
    case Role::Connecting:
    case Role::Handshaking:
    case Role::Sending:
    case Role::Waiting:
    case Role::Receiving:
    case Role::Failed: part(metric.role, point); return;
    case Role::GrpcDuration: {
        const auto ns = parseScaled(point.value, kNanosPerMilli);
        if (!ns) {
            badValue(point);
            return;
        }
        Open open{.endNs = point.epochNs,
                  .tags = point.tags,
                  .vu = std::string(point.vu),
                  .offset = point.offset,
                  .has = bit(std::size_t(Role::Took)) | bit(std::size_t(Role::Failed))};
        open.ns[std::size_t(Role::Took)] = *ns;
        open.ns[std::size_t(Role::Failed)] =
            !point.tags->status.empty() && point.tags->status != "0" ? 1 : 0;
        write(open);
        return;
    }
    case Role::Check: check(point); return;
    case Role::Dropped:
        if (m_dropped == 0)
            m_droppedAt = point.offset;
        m_dropped += countOf(realOf(point.value).value_or(0));
        break;
    case Role::Other: break;
    }
    if (metric.track.raw == 0)
        metric.track = m_sink.track(
            {.kind = TrackKind::Counter, .name = metric.name + std::string(metric.suffix)});
    counter(metric.track, point);
}

void K6Points::part(Role role, const K6Point &point)
{
    const auto index = static_cast<std::size_t>(role);
    const auto ns = parseScaled(point.value, kNanosPerMilli);
    if (!ns) {
        badValue(point);
        return;
    }
    const auto fits = [&](const Open &open) {
        return (open.has & bit(index)) == 0 && open.endNs == point.epochNs &&
               open.tags->id == point.tags->id && open.vu == point.vu;
    };
    // Nearly always there is only one.
    auto it = std::find_if(m_open.begin(), m_open.end(), fits);
    if (it == m_open.end()) {
        if (m_open.size() >= kMaxOpen) {
            write(m_open.front());
            m_open.erase(m_open.begin());
        }
        m_open.push_back({.endNs = point.epochNs,
                          .tags = point.tags,
                          .vu = std::string(point.vu),
                          .offset = point.offset});
        it = m_open.end() - 1;
    }
    it->has |= bit(index);
    it->ns[index] = *ns;
    if (it->has == kAllParts) {
        write(*it);
        m_open.erase(it);
    }
}

void K6Points::write(const Open &open)
{
    const auto has = [&](Role role) { return (open.has & bit(std::size_t(role))) != 0; };
    const auto ns = [&](Role role) { return open.ns[std::size_t(role)]; };
    if (!has(Role::Took)) {
        m_sink.note(Severity::DataLoss, "k6_request_without_duration", open.offset,
                    "there are samples of a request, but not how long it took");
        return;
    }
    const auto &tags = *open.tags;
    RequestRow row;
    const auto duration = ns(Role::Took);
    std::int64_t begin = 0;
    if (__builtin_sub_overflow(open.endNs, std::max<std::int64_t>(duration, 0), &begin))
        begin = INT64_MIN + 1;
    row.beginEpochNs = begin;
    row.latency = Duration{duration};
    row.endpoint = tags.endpoint;
    const auto vu = open.vu.empty() ? tags.worker : "VU " + open.vu;
    row.worker = vu;
    row.phase = tags.phase;
    row.status = tags.status;
    row.labels = tags.labels;
    if (has(Role::Failed))
        row.ok = ns(Role::Failed) == 0;
    else if (tags.expected)
        row.ok = *tags.expected;
    else if (const auto status = parseUnsigned(tags.status))
        row.ok = *status >= 200 && *status < 400;
    if (!row.ok)
        row.error = tags.error;
    // "blocked" is the time until there was a connection: name look-up, TCP, TLS when it was made,
    // waiting for a free one when it was not. None of it is part of the duration.
    if (has(Role::Connecting) && has(Role::Handshaking)) {
        const auto made = saturatingAdd(ns(Role::Connecting), ns(Role::Handshaking));
        row.connect = Duration{made > 0 ? std::max(made, ns(Role::Blocked)) : 0};
        if (made <= 0 && ns(Role::Blocked) >= kWaitedForConnection)
            m_sink.note(Severity::Notice, "k6_waited_for_connection", open.offset,
                        "requests that waited longer than 1 ms for a free connection, which is not "
                        "part of their duration");
    }
    if (has(Role::Sending) && has(Role::Waiting))
        row.firstByte = Duration{saturatingAdd(ns(Role::Sending), ns(Role::Waiting))};
    m_writer.add(row, open.offset);
}

void K6Points::flush()
{
    for (const auto &open : m_open)
        write(open);
    m_open.clear();
}

void K6Points::finish()
{
    flush();
    m_sink.note(Severity::Notice, "k6_generator_saturated", m_droppedAt,
                "iterations that k6 dropped: the load generator was too slow to start them, so the "
                "load was less than planned",
                m_dropped);
    std::uint64_t failed = 0;
    std::string told;
    std::size_t count = 0;
    for (const auto &[name, passes] : m_checks) {
        failed += passes.all - passes.passed;
        if (++count <= kMaxChecksTold)
            told += (told.empty() ? "" : "; ") + name + ": " + std::to_string(passes.passed) +
                    " of " + std::to_string(passes.all);
    }
    if (count > kMaxChecksTold)
        told += "; and " + std::to_string(count - kMaxChecksTold) + " more";
    m_sink.provenance("checks", told);
    m_sink.note(Severity::Info, "k6_failed_checks", 0, "checks of the script that failed", failed);
}

} // namespace flamewright
