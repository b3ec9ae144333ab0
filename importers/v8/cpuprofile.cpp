#include "importers/formats.h"
#include "importers/text/number_text.h"
#include "importers/v8/v8_tree.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

// CPU profiles of V8, as `node --cpu-prof` and Chrome's developer tools save them: a tree of nodes, the
// node of each sample, and the microseconds between samples.
// https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
// Before 2016 the tree was nested in `head`, and times were `timestamps` or missing.
constexpr FormatInfo kFormat{"cpuprofile", "V8 CPU profile", "cpuprofile"};

constexpr std::int64_t kMicro = 1000, kSecond = 1'000'000'000;
constexpr std::size_t kSamplesPerCheck = 4096;

class CpuProfile {
public:
    explicit CpuProfile(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_json(run.input, run.job),
          m_tree(m_json, run.sink)
    {}
    Result<> run();

private:
    void member();
    void integers(std::vector<std::int64_t> &into);
    void times();
    void timesFromDeltas();
    void timesSpread();
    void order();
    Result<> emit();
    StackId stackOf(std::int64_t id);

    ImportRun m_run;
    RecordSink &m_sink;
    JsonPull m_json;
    V8Tree m_tree;
    std::string m_title;
    bool m_nested = false;
    bool m_hasDeltas = false;
    std::string m_start, m_end; // as written: the unit depends on the form
    std::vector<std::int64_t> m_samples;
    std::vector<std::int64_t>
        m_times; // first deltas or timestamps in us, then ns; as many as samples
    std::optional<std::int64_t> m_endNs;
};

void CpuProfile::integers(std::vector<std::int64_t> &into)
{
    if (!m_json.enterArray())
        return;
    while (m_json.nextElement()) {
        const auto value = m_json.integer();
        if (!value)
            m_sink.note(Severity::DataLoss, "v8_bad_number", m_json.offset(),
                        "a sample or time is no whole number");
        into.push_back(value.value_or(0));
    }
}

void CpuProfile::member()
{
    const auto key = m_json.key();
    const auto written = [&](std::string &into) {
        if (const auto text = m_json.text())
            into = *text;
        else
            into = m_json.number().value_or("");
    };
    if (key == "nodes" && m_tree.empty()) {
        m_tree.readNodes();
    } else if (key == "head" && m_tree.empty()) {
        m_nested = true;
        m_tree.readHead();
    } else if (key == "startTime") {
        written(m_start);
    } else if (key == "endTime") {
        written(m_end);
    } else if (key == "samples" && m_samples.empty()) {
        integers(m_samples);
    } else if ((key == "timeDeltas" || key == "timestamps") && m_times.empty()) {
        m_hasDeltas = key == "timeDeltas";
        integers(m_times);
    } else if (key == "title") {
        m_title = m_json.text().value_or("");
    }
}

void CpuProfile::timesFromDeltas()
{
    std::int64_t now = m_hasDeltas ? parseScaled(m_start, 1).value_or(0) : 0;
    std::uint64_t backward = 0;
    for (auto &time : m_times) {
        const auto before = now;
        now = m_hasDeltas ? saturatingAdd(now, time) : time;
        backward += now < before;
        const auto ns = nanosFrom(now, kMicro);
        time = ns ? ns->count() : now < 0 ? INT64_MIN + 1 : INT64_MAX;
    }
    m_sink.note(Severity::Notice, "v8_time_backward", 0,
                "V8 wrote samples out of order; they were sorted by time", backward);
}

// Old files without times: all that is known is when it began and ended.
void CpuProfile::timesSpread()
{
    const auto scale = m_nested ? kSecond : kMicro;
    const auto start = parseScaled(m_start, scale), end = parseScaled(m_end, scale);
    std::int64_t length = 0;
    if (!start || !end || __builtin_sub_overflow(*end, *start, &length) || length <= 0)
        return;
    m_sink.note(Severity::Notice, "v8_times_spread", 0,
                "the file has no times of samples: they were spread evenly from begin to end",
                m_samples.size());
    m_times.resize(m_samples.size());
    __extension__ using Wide = __int128;
    for (std::size_t i = 0; i < m_times.size(); ++i)
        m_times[i] =
            *start + static_cast<std::int64_t>(Wide(length) * Wide(i) / Wide(m_times.size()));
    m_endNs = *end;
}

// A time for every sample, or none at all.
void CpuProfile::times()
{
    if (m_times.empty()) {
        timesSpread();
        return;
    }
    timesFromDeltas();
    const auto samples = m_samples.size();
    if (!m_hasDeltas && m_times.size() == samples + 1) // one more: the end
        m_endNs = m_times.back();
    else if (const auto end = parseScaled(m_end, kMicro); end && m_hasDeltas)
        m_endNs = *end;
    if (m_times.size() < samples || m_times.size() > samples + 1)
        m_sink.note(Severity::DataLoss, "v8_time_count", 0,
                    std::to_string(samples) + " samples have " + std::to_string(m_times.size()) +
                        " times");
    m_times.resize(samples, m_times.back());
}

void CpuProfile::order()
{
    if (std::is_sorted(m_times.begin(), m_times.end()))
        return;
    std::vector<std::size_t> by(m_times.size());
    std::iota(by.begin(), by.end(), std::size_t{0});
    std::stable_sort(by.begin(), by.end(), [&](auto a, auto b) { return m_times[a] < m_times[b]; });
    std::vector<std::int64_t> times(by.size()), samples(by.size());
    for (std::size_t i = 0; i < by.size(); ++i) {
        times[i] = m_times[by[i]];
        samples[i] = m_samples[by[i]];
    }
    m_times = std::move(times);
    m_samples = std::move(samples);
}

StackId CpuProfile::stackOf(std::int64_t id)
{
    const auto *const node = m_tree.find(id);
    if (node == nullptr) {
        m_sink.note(Severity::DataLoss, "v8_unknown_node", 0,
                    "a sample names a node that is not in the file: " + std::to_string(id));
        return m_sink.stack({}, m_sink.frame({.function = "(unknown)", .kind = FrameKind::Marker}));
    }
    return node->stack.raw == 0 ? m_sink.stack({}, node->frame) : node->stack;
}

Result<> CpuProfile::emit()
{
    const auto process = m_sink.track({.kind = TrackKind::Process, .name = "V8"});
    const auto track = m_sink.track({.kind = TrackKind::Thread,
                                     .name = m_title.empty() ? "JavaScript" : m_title,
                                     .parent = process});
    const bool timed = !m_times.empty();
    const auto measure = timed ? m_sink.measure({"time", Unit::Nanoseconds})
                               : m_sink.measure({"samples", Unit::Count});
    for (std::size_t i = 0; i < m_samples.size(); ++i) {
        if (i % kSamplesPerCheck == 0) {
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
        Sample sample{.track = track, .stack = stackOf(m_samples[i]), .measure = measure};
        sample.value = 1;
        if (timed) {
            // What was seen lasts until the next look, as V8's own tools show it.
            const auto end = i + 1 < m_times.size() ? m_times[i + 1] : m_endNs.value_or(m_times[i]);
            sample.time = Timestamp(Duration(m_times[i]));
            if (__builtin_sub_overflow(end, m_times[i], &sample.value))
                sample.value = INT64_MAX;
            sample.value = std::max<std::int64_t>(sample.value, 0);
        }
        m_sink.add(sample);
    }
    return {};
}

Result<> CpuProfile::run()
{
    if (m_json.enterObject()) {
        while (m_json.nextMember())
            member();
    }
    if (const auto whole = m_json.finish(); !whole.has_value()) {
        // What came before the damage is good, if it says who ran.
        if (whole.error().code() != Errc::Corrupt || m_tree.empty() || m_samples.empty())
            return whole;
        m_sink.note(Severity::DataLoss, "v8_truncated", m_json.offset(), whole.error().text());
    }
    if (m_tree.empty())
        return fail(Errc::Corrupt, "the profile has no nodes");
    m_sink.provenance("tool", "V8 CPU profiler");
    m_sink.provenance("title", m_title);
    m_sink.provenance("line_numbers", "where functions begin");
    m_sink.note(Severity::Info, "v8_position_ticks", 0,
                "hits of single lines are not kept: no sample says which it was",
                m_tree.positionTicks());
    if (m_json.textWasCut())
        m_sink.note(Severity::DataLoss, "text_cut", 0, "a text of more than 1 MB was cut");
    FW_TRY(m_tree.resolve(m_run.job));
    times();
    order();
    if (const auto start = parseScaled(m_start, m_nested ? kSecond : kMicro),
        end = parseScaled(m_end, m_nested ? kSecond : kMicro);
        start && end && *end > *start && *start >= 0)
        m_sink.setDuration(*end - *start);
    FW_TRY(emit());
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class CpuProfileImporter final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasV8Node(probe, "nodes", "hitCount") || headHasV8Node(probe, "head", "hitCount")
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override { return CpuProfile(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeCpuProfile()
{
    return std::make_unique<CpuProfileImporter>();
}

} // namespace flamewright
