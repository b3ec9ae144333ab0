#include "analysis/flame_tree_builder.h"
#include "capture/session/shown_tables.h"
#include "tests/support/import_contract.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace flamewright::testing {
namespace {

const char *nameOf(Unit unit)
{
    switch (unit) {
    case Unit::Count: return "count";
    case Unit::Nanoseconds: return "ns";
    case Unit::Bytes: return "bytes";
    case Unit::Cycles: return "cycles";
    case Unit::Ratio: return "ratio";
    }
    return "?";
}

const char *nameOf(TrackKind kind)
{
    switch (kind) {
    case TrackKind::Process: return "process";
    case TrackKind::Thread: return "thread";
    case TrackKind::Cpu: return "cpu";
    case TrackKind::Service: return "service";
    case TrackKind::Endpoint: return "endpoint";
    case TrackKind::Counter: return "counter";
    case TrackKind::Async: return "async";
    }
    return "?";
}

const char *nameOf(Severity severity)
{
    switch (severity) {
    case Severity::Info: return "info";
    case Severity::Notice: return "notice";
    case Severity::DataLoss: return "data loss";
    case Severity::Error: return "error";
    }
    return "?";
}

std::string hex(std::uint64_t value)
{
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

// One line, whatever the capture holds.
std::string shown(std::string_view text)
{
    std::string out;
    for (const auto c : text.substr(0, 300)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x", byte);
            out += escape;
        } else {
            out += c;
        }
    }
    if (text.size() > 300)
        out += "... (" + std::to_string(text.size()) + " bytes)";
    return out;
}

std::string frameName(const Dimensions &d, FrameId frame)
{
    if (!d.function(frame).empty())
        return shown(d.function(frame));
    if (frame.raw == 0)
        return "[unknown]";
    const auto module = d.module(frame);
    return shown(module.substr(module.rfind('/') + 1)) + "+" + hex(d.frames.address[frame.raw]);
}

// Root first; an inlined function is marked as FlameGraph does.
std::string foldedStack(const Dimensions &d, StackId stack)
{
    std::vector<std::string> names;
    for (; stack.raw != 0 && names.size() < 200; stack = d.stacks.caller[stack.raw]) {
        for (auto frame = d.stacks.frame[stack.raw];; frame = d.frames.outer[frame.raw]) {
            const bool inlined = (d.frames.flags[frame.raw] & kFrameInlined) != 0;
            names.push_back(frameName(d, frame) + (inlined ? "_[i]" : ""));
            if (d.frames.outer[frame.raw].raw == 0)
                break;
        }
    }
    std::string out = stack.raw != 0 ? "(deeper);" : "";
    for (auto name = names.rbegin(); name != names.rend(); ++name)
        out += *name + (name + 1 == names.rend() ? "" : ";");
    return out;
}

std::string number(std::optional<std::int64_t> value)
{
    return value ? std::to_string(*value) : "-";
}

void dumpMeta(const Imported &in, std::string &out)
{
    const auto &meta = in.meta;
    out += "wall_offset_ns " + number(meta.wallOffsetNs) + "\n";
    out += "duration_ns " + number(meta.durationNs) + "\n";
    for (const auto &[key, value] : meta.provenance)
        out += "provenance " + shown(key) + " = " + shown(value) + "\n";
    for (const auto &m : meta.measures) {
        out += "measure " + shown(m.name) + " [" + nameOf(m.unit) +
               "] rows=" + std::to_string(m.rows) + " total=" + std::to_string(m.total) +
               " samples=" + std::to_string(m.samples) + "\n";
    }
    for (const auto &t : meta.tracks) {
        out += std::string("track ") + nameOf(t.kind) + " " + std::to_string(t.pid) + "/" +
               std::to_string(t.tid) + " " + shown(t.name) +
               (t.parent.raw != 0 ? " of " + shown(meta.tracks[t.parent.raw - 1].name) : "") + "\n";
    }
    for (const auto &m : meta.modules) {
        out += "module " + shown(m.name) + " kind=" + std::to_string(static_cast<int>(m.kind)) +
               (m.buildId.empty() ? "" : " build_id=" + shown(m.buildId)) +
               (m.pid >= 0 ? " pid=" + std::to_string(m.pid) : "") + "\n";
    }
    for (const auto &n : meta.notes) {
        out += std::string("note ") + nameOf(n.severity) + " " + n.code + " x" +
               std::to_string(n.count) + " @" + std::to_string(n.firstOffset) + " " +
               shown(n.detail) + "\n";
    }
}

std::string frameLine(const Dimensions &d, FrameId frame)
{
    std::string out =
        frameName(d, frame) + " | " + std::string(flamewright::nameOf(d.frames.kind[frame.raw]));
    if (!d.module(frame).empty())
        out += " | " + shown(d.module(frame));
    if (!d.file(frame).empty() || d.frames.line[frame.raw] != 0)
        out += " | " + shown(d.file(frame)) + ":" + std::to_string(d.frames.line[frame.raw]);
    if (d.frames.address[frame.raw] != 0)
        out += " | " + hex(d.frames.address[frame.raw]);
    if (d.frames.source[frame.raw] != SymbolSource::Capture)
        out += " | source=" + std::to_string(static_cast<int>(d.frames.source[frame.raw]));
    if (d.frames.flags[frame.raw] != 0)
        out += " | flags=" + std::to_string(d.frames.flags[frame.raw]);
    return out;
}

void dumpSamples(const Imported &in, std::size_t topStacks, std::string &out)
{
    struct Sum {
        std::int64_t value = 0, count = 0, rows = 0;
    };
    std::map<std::string, Sum> sums; // by the text of the line: joins what reads the same
    std::vector<std::string> folded(in.dimensions.stacks.size());
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        const auto stack = in.samples.stack[i];
        if (folded[stack.raw].empty())
            folded[stack.raw] = foldedStack(in.dimensions, stack);
        auto key = "[" + in.meta.measures[in.samples.measure[i].raw - 1].name + "] ";
        if (const auto labels = in.dimensions.strings.text(in.samples.labels[i]); !labels.empty())
            key += shown(labels) + " ";
        auto &sum = sums[key + folded[stack.raw]];
        sum.value = saturatingAdd(sum.value, in.samples.value[i]);
        sum.count = saturatingAdd(sum.count, in.samples.count[i]);
        ++sum.rows;
    }
    std::vector<const std::pair<const std::string, Sum> *> order;
    for (const auto &entry : sums)
        order.push_back(&entry);
    std::stable_sort(order.begin(), order.end(), [](const auto *a, const auto *b) {
        return a->second.value > b->second.value;
    });
    out += "stacks " + std::to_string(order.size()) + "\n";
    for (const auto *entry : std::span(order).first(std::min(order.size(), topStacks))) {
        out += "  " + entry->first + " " + std::to_string(entry->second.value) + " (" +
               std::to_string(entry->second.count) + " samples, " +
               std::to_string(entry->second.rows) + " rows)\n";
    }
    std::int64_t first = INT64_MAX, last = INT64_MIN;
    for (const auto time : in.samples.time) {
        if (time == kNoTime)
            continue;
        first = std::min(first, time.time_since_epoch().count());
        last = std::max(last, time.time_since_epoch().count());
    }
    if (first <= last)
        out += "times " + std::to_string(first) + " .. " + std::to_string(last) + "\n";
}

// What is counted over time, by track.
void dumpCounters(const Imported &in, std::string &out)
{
    const auto &c = in.counters;
    if (c.size() == 0)
        return;
    struct Sum {
        std::size_t points = 0;
        double sum = 0, last = 0;
        Timestamp first = kNoTime, end = kNoTime;
    };
    std::map<std::string, Sum> sums;
    for (std::size_t i = 0; i < c.size(); ++i) {
        const auto id = c.track[i].raw;
        auto &sum = sums[id == 0 ? std::string("-") : shown(in.meta.tracks[id - 1].name)];
        if (sum.points++ == 0)
            sum.first = c.time[i];
        sum.end = c.time[i];
        sum.sum += c.value[i];
        sum.last = c.value[i];
    }
    out += "counters " + std::to_string(c.size()) + "\n";
    for (const auto &[name, sum] : sums) {
        char text[160];
        std::snprintf(text, sizeof text, ": %zu points, sum %.9g, last %.9g, times %lld .. %lld\n",
                      sum.points, sum.sum, sum.last,
                      static_cast<long long>(sum.first.time_since_epoch().count()),
                      static_cast<long long>(sum.end.time_since_epoch().count()));
        out += "  " + name + text;
    }
}

std::string trackName(const Imported &in, TrackId id)
{
    return id.raw == 0 ? std::string("-") : shown(in.meta.tracks[id.raw - 1].name);
}

std::string idText(std::uint64_t id)
{
    return id == 0 ? std::string("-") : hex(id);
}

// Slices: sums by track and kind, and the first rows as stored.
void dumpSlices(const Imported &in, std::size_t top, std::string &out)
{
    const auto &s = in.slices;
    if (s.size() == 0)
        return;
    struct Sum {
        std::size_t rows = 0, errors = 0;
        std::int64_t length = 0;
        std::uint32_t deepest = 0;
    };
    std::map<std::string, Sum> sums;
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const auto kind = std::string(flamewright::nameOf(s.kind[i]));
        auto &sum = sums[trackName(in, s.track[i]) + " | " + kind];
        ++sum.rows;
        sum.errors += s.flags[i] & kSliceError;
        sum.length = saturatingAdd(sum.length, s.length[i].count());
        sum.deepest = std::max(sum.deepest, s.depth[i]);
        if (rows.size() >= top)
            continue;
        const auto args = s.args[i].raw;
        rows.push_back(number(s.begin[i].time_since_epoch().count()) + " +" +
                       std::to_string(s.length[i].count()) + " | " + trackName(in, s.track[i]) +
                       " " + std::to_string(s.depth[i]) + " | " + kind +
                       (s.flags[i] == 0 ? "" : " flags " + std::to_string(int{s.flags[i]})) +
                       " | " + shown(in.dimensions.strings.text(s.name[i])) + " | " +
                       (s.trace[i].raw == 0 ? "-" : shown(in.dimensions.strings.text(s.trace[i]))) +
                       " " + idText(s.span[i]) + " < " + idText(s.parent[i]) + " | " +
                       (args == 0 ? "-" : shown(in.texts[args - 1])));
    }
    out += "slices " + std::to_string(s.size()) + "\n";
    for (const auto &[key, sum] : sums)
        out += "  " + key + ": " + std::to_string(sum.rows) + " rows, " +
               std::to_string(sum.length) + " ns, " + std::to_string(sum.errors) +
               " errors, deepest " + std::to_string(sum.deepest) + "\n";
    for (const auto &row : rows)
        out += "  " + row + "\n";
}

void dumpFlows(const Imported &in, std::size_t top, std::string &out)
{
    const auto &f = in.flows;
    if (f.size() == 0)
        return;
    out += "flows " + std::to_string(f.size()) + "\n";
    for (std::size_t i = 0; i < std::min(f.size(), top); ++i)
        out += "  " + number(f.begin[i].time_since_epoch().count()) + " +" +
               std::to_string(f.length[i].count()) + " | " + trackName(in, f.from[i]) +
               (f.backward[i] != 0 ? " <- " : " -> ") + trackName(in, f.to[i]) + " | " +
               shown(in.dimensions.strings.text(f.name[i])) + " | " + idText(f.fromSpan[i]) + " " +
               idText(f.toSpan[i]) + "\n";
}

// A load test: sums by endpoint, phase and outcome, and the first rows.
void dumpRequests(const Imported &in, std::size_t top, std::string &out)
{
    const auto &r = in.requests;
    if (r.size() == 0)
        return;
    const auto &texts = in.dimensions.strings;
    const auto track = [&](TrackId id) {
        return id.raw == 0 ? std::string("-") : shown(in.meta.tracks[id.raw - 1].name);
    };
    const auto text = [&](StringId id) { return id.raw == 0 ? "-" : shown(texts.text(id)); };
    struct Sum {
        std::int64_t rows = 0, latency = 0, bytesIn = 0, bytesOut = 0;
    };
    std::map<std::string, Sum> sums;
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < r.size(); ++i) {
        const auto status =
            r.statusText[i].raw != 0 ? text(r.statusText[i]) : std::to_string(r.status[i]);
        const auto key = track(r.endpoint[i]) + " | " + text(r.phase[i]) + " | " + status + " | " +
                         (r.ok[i] != 0 ? "ok" : "failed") + " | " +
                         std::string(flamewright::nameOf(r.kind[i]));
        auto &sum = sums[key];
        ++sum.rows;
        sum.latency = saturatingAdd(sum.latency, r.latency[i].count());
        sum.bytesIn = saturatingAdd(sum.bytesIn, static_cast<std::int64_t>(r.bytesIn[i]));
        sum.bytesOut = saturatingAdd(sum.bytesOut, static_cast<std::int64_t>(r.bytesOut[i]));
        if (rows.size() >= top)
            continue;
        rows.push_back((r.begin[i] == kNoTime ? std::string("-")
                                              : number(r.begin[i].time_since_epoch().count())) +
                       " +" + std::to_string(r.latency[i].count()) + " | " + key + " | " +
                       track(r.worker[i]) + " | in=" + std::to_string(r.bytesIn[i]) +
                       " out=" + std::to_string(r.bytesOut[i]) +
                       " connect=" + std::to_string(r.connect[i].count()) +
                       " first_byte=" + std::to_string(r.firstByte[i].count()) + " | " +
                       text(r.error[i]) + " | " + text(r.labels[i]));
    }
    out += "requests " + std::to_string(r.size()) + "\n";
    for (const auto &[key, sum] : sums)
        out += "  " + key + ": " + std::to_string(sum.rows) + " rows, " +
               std::to_string(sum.latency) + " ns, in=" + std::to_string(sum.bytesIn) +
               " out=" + std::to_string(sum.bytesOut) + "\n";
    for (const auto &row : rows)
        out += "  " + row + "\n";
}

// What a tool computed, figure by figure.
void dumpSummaries(const Imported &in, std::string &out)
{
    const auto &s = in.summaries;
    if (s.size() == 0)
        return;
    const auto text = [&](StringId id) {
        return id.raw == 0 ? "-" : shown(in.dimensions.strings.text(id));
    };
    out += "summaries " + std::to_string(s.size()) + "\n";
    for (std::size_t i = 0; i < s.size(); ++i) {
        const auto endpoint = s.endpoint[i].raw;
        char value[64], quantile[40] = "";
        std::snprintf(value, sizeof value, " = %.12g ", s.value[i]);
        if (s.figure[i] == SummaryFigure::Quantile || s.figure[i] == SummaryFigure::Bucket)
            std::snprintf(quantile, sizeof quantile, " %.9g", s.position[i]);
        out += "  " +
               (s.begin[i] == kNoTime ? std::string("-")
                                      : number(s.begin[i].time_since_epoch().count())) +
               " +" + std::to_string(s.length[i].count()) + " | " +
               (endpoint == 0 ? std::string("-") : shown(in.meta.tracks[endpoint - 1].name)) +
               " | " + text(s.metric[i]) + " | " + text(s.subset[i]) + " | " +
               std::string(flamewright::nameOf(s.figure[i])) + quantile + value +
               nameOf(s.unit[i]) + " | " + text(s.method[i]) + "\n";
    }
}

// Benchmarks: what was measured and what the tool computed, value by value.
void dumpBenchmarks(const Imported &in, std::string &out)
{
    const auto &b = in.benchmarks;
    if (b.size() == 0)
        return;
    const auto text = [&](StringId id) {
        return id.raw == 0 ? "-" : shown(in.dimensions.strings.text(id));
    };
    out += "benchmark values " + std::to_string(b.size()) + "\n";
    for (std::size_t i = 0; i < b.size(); ++i) {
        char value[64];
        std::snprintf(value, sizeof value, " = %.12g ", b.value[i]);
        out += "  " +
               (b.time[i] == kNoTime ? std::string("-")
                                     : number(b.time[i].time_since_epoch().count())) +
               " | " + text(b.name[i]) + " | " + text(b.metric[i]) + " | " +
               std::to_string(b.run[i]) + "/" + std::to_string(b.repetition[i]) + " x" +
               std::to_string(b.iterations[i]) + (b.ok[i] ? "" : " failed") + value +
               text(b.unit[i]) + " | " + text(b.statistic[i]) + " | " + text(b.method[i]) + " | " +
               text(b.labels[i]) + "\n";
    }
}

} // namespace

std::string dump(const Imported &in, std::size_t topStacks)
{
    std::string out = in.result.has_value() ? "ok\n" : "error " + in.result.error().text() + "\n";
    if (!in.broken.empty())
        out += "BROKEN " + in.broken + "\n";
    dumpMeta(in, out);
    out += "samples " + std::to_string(in.samples.size()) + "\n";
    dumpSamples(in, topStacks, out);
    dumpSlices(in, topStacks, out);
    dumpFlows(in, topStacks, out);
    dumpCounters(in, out);
    dumpRequests(in, topStacks, out);
    dumpSummaries(in, out);
    dumpBenchmarks(in, out);
    const auto frames = in.dimensions.frames.size();
    out += "frames " + std::to_string(frames > 0 ? frames - 1 : 0) + "\n";
    for (std::uint32_t i = 1; i < std::min<std::size_t>(frames, topStacks + 1); ++i)
        out += "  " + frameLine(in.dimensions, FrameId{i}) + "\n";
    return out;
}

std::string functionTable(const Imported &in, std::string_view measure)
{
    StackWeights weights;
    weights.value.resize(in.dimensions.stacks.size());
    weights.samples.resize(in.dimensions.stacks.size());
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        if (in.meta.measures[in.samples.measure[i].raw - 1].name != measure)
            continue;
        auto &value = weights.value[in.samples.stack[i].raw];
        auto &samples = weights.samples[in.samples.stack[i].raw];
        value = saturatingAdd(value, in.samples.value[i]);
        samples = saturatingAdd(samples, in.samples.count[i]);
    }
    const ProfileInput input{&in.dimensions, std::move(weights)};
    const auto profile = buildProfile({&input, 1});
    std::string out;
    for (const auto &row : profile.table) {
        if (row.self == 0 && row.total == 0)
            continue;
        const auto &function = profile.functions[row.function.raw];
        out += std::to_string(row.self) + " " + std::to_string(row.total) + " " +
               shown(function.name) + "\n";
    }
    return out;
}

} // namespace flamewright::testing
