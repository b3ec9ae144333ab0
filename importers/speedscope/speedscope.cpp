#include "importers/formats.h"
#include "importers/speedscope/evented_profile.h"
#include "importers/speedscope/frame_tree.h"
#include "importers/speedscope/speedscope_units.h"
#include "importers/text/json_pull.h"
#include "importers/units.h"

#include <deque>
#include <map>

namespace flamewright {
namespace {

// speedscope's own format, which many profilers write: frames that are shared by several profiles, of
// which each has stacks with weights (sampled), or frames that open and close (evented).
// https://www.speedscope.app/file-format-schema.json
// The order of members is free: what is read before the frames and the unit are known, waits.
constexpr FormatInfo kFormat{"speedscope", "speedscope JSON", "speedscope.json"};

constexpr std::size_t kRowsPerCheck = 4096;

struct Event {
    WrittenNumber at;
    std::uint32_t frame = 0;
    bool opens = false;
};

// One profile as far as it was read.
struct Profile {
    std::string type, name;
    std::optional<std::string> unit;
    std::optional<WrittenNumber> start, end;
    std::deque<Event> events;
    std::deque<std::uint32_t> stacks; // nodes of the tree
    std::deque<WrittenNumber> weights;
};

class SpeedscopeReader {
public:
    explicit SpeedscopeReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_json(run.input, run.job)
    {}
    Result<> run();

private:
    // Where the samples of a profile go.
    struct Target {
        TrackId track;
        MeasureId measure;
        std::int64_t scale = 1;
        bool timed = false;
    };
    void root();
    void frames();
    void frame();
    void profiles();
    void profile();
    void member(Profile &profile);
    std::optional<WrittenNumber> number();
    std::optional<Event> event();
    void events(Profile &profile);
    std::uint32_t stackOfList(std::uint32_t node);
    void stacks(Profile &profile);
    Target targetOf(const Profile &profile);
    std::int64_t valueOf(const WrittenNumber &written, const Target &target);
    FrameId frameAt(std::uint32_t index);
    void emit(const Target &target, std::uint32_t node, std::int64_t begin, std::int64_t value);
    void apply(const Event &event, EventedProfile &stack, const Target &target);
    void endEvents(const Profile &profile, EventedProfile &stack, const Target &target);
    Result<> emitEvents(const Profile &profile);
    Result<> emitSamples(const Profile &profile);
    Result<> emitPending();

    ImportRun m_run;
    RecordSink &m_sink;
    JsonPull m_json;
    FrameTree m_tree;
    std::vector<FrameId> m_frames;
    bool m_framesKnown = false;
    TrackId m_process;
    std::map<std::string, int, std::less<>> m_names; // of profiles, to tell them apart
    std::deque<Profile> m_pending;
    std::uint64_t m_profiles = 0;
    Result<> m_failed; // while it was read
};

void SpeedscopeReader::frame()
{
    std::string name, file;
    std::int64_t line = 0;
    if (m_json.enterObject()) {
        while (m_json.nextMember()) {
            if (m_json.key() == "name")
                name = m_json.text().value_or("");
            else if (m_json.key() == "file")
                file = m_json.text().value_or("");
            else if (m_json.key() == "line")
                line = m_json.integer().value_or(0);
        }
    }
    // Of interpreted languages, which write most of these files, the file is the module.
    const auto module = file.empty() ? ModuleId() : m_sink.module({.name = file});
    m_frames.push_back(m_sink.frame(
        {.function = name.empty() ? "(anonymous)" : name,
         .file = file,
         .module = module,
         .line = line > 0 && line <= UINT32_MAX ? static_cast<std::uint32_t>(line) : 0}));
}

void SpeedscopeReader::frames()
{
    if (m_framesKnown || !m_json.enterObject())
        return;
    while (m_json.nextMember()) {
        if (m_json.key() != "frames" || m_framesKnown || !m_json.enterArray())
            continue;
        m_framesKnown = true;
        while (m_json.nextElement())
            frame();
    }
}

std::optional<WrittenNumber> SpeedscopeReader::number()
{
    const auto text = m_json.number();
    const auto out = text ? WrittenNumber::parse(*text) : std::nullopt;
    if (!out)
        m_sink.note(Severity::DataLoss, "speedscope_bad_number", m_json.offset(),
                    "a value is no number, or too large");
    return out;
}

std::optional<Event> SpeedscopeReader::event()
{
    if (!m_json.enterObject())
        return std::nullopt;
    std::optional<WrittenNumber> at;
    std::optional<std::int64_t> frame;
    std::string type;
    while (m_json.nextMember()) {
        if (m_json.key() == "type")
            type = m_json.text().value_or("");
        else if (m_json.key() == "frame")
            frame = m_json.integer();
        else if (m_json.key() == "at")
            at = number();
    }
    if (m_json.failed() || !at || !frame || *frame < 0 || *frame >= UINT32_MAX ||
        (type != "O" && type != "C"))
        return std::nullopt;
    return Event{*at, static_cast<std::uint32_t>(*frame), type == "O"};
}

void SpeedscopeReader::apply(const Event &event, EventedProfile &stack, const Target &target)
{
    const auto at = valueOf(event.at, target);
    const auto ended = event.opens ? stack.open(event.frame, at) : stack.close(event.frame, at);
    if (ended.length > 0)
        emit(target, ended.node, ended.begin, ended.length);
}

void SpeedscopeReader::endEvents(const Profile &profile, EventedProfile &stack,
                                 const Target &target)
{
    const auto ended = stack.finish(profile.end ? valueOf(*profile.end, target) : INT64_MIN);
    if (ended.length > 0)
        emit(target, ended.node, ended.begin, ended.length);
    const auto &odd = stack.oddities();
    m_sink.note(Severity::Notice, "speedscope_time_backward", 0,
                "an event is earlier than the one before; it counts from there", odd.backward);
    m_sink.note(Severity::Notice, "speedscope_crossed", 0,
                "frames were closed while others were open inside: those end with them",
                odd.crossed);
    m_sink.note(Severity::Notice, "speedscope_no_begin", 0, "frames were closed that were not open",
                odd.closedTwice);
    m_sink.note(Severity::Notice, "speedscope_no_end", 0,
                "frames were never closed; they last until the end of the profile",
                odd.neverClosed);
}

// At once where everything is known that they need, so that memory does not depend on their number.
void SpeedscopeReader::events(Profile &profile)
{
    if (!m_json.enterArray())
        return;
    const bool known = m_framesKnown && profile.unit && !profile.name.empty();
    EventedProfile stack(m_tree);
    const auto target = known ? targetOf(profile) : Target();
    while (m_json.nextElement()) {
        const auto one = event();
        if (!one)
            m_sink.note(Severity::DataLoss, "speedscope_bad_event", m_json.offset(),
                        "an event does not say what happened");
        else if (known)
            apply(*one, stack, target);
        else
            profile.events.push_back(*one);
    }
    if (known)
        endEvents(profile, stack, target);
}

// The frames of the list at hand, called by `node`.
std::uint32_t SpeedscopeReader::stackOfList(std::uint32_t node)
{
    const auto add = [&] {
        const auto frame = m_json.integer().value_or(-1);
        node =
            m_tree.add(node, frame < 0 || frame >= UINT32_MAX ? UINT32_MAX
                                                              : static_cast<std::uint32_t>(frame));
    };
    while (m_json.nextElement()) {
        if (!m_json.enterArray()) {
            add();
            continue;
        }
        m_sink.note(Severity::Notice, "speedscope_nested_stack", m_json.offset(),
                    "a stack is a list in a list");
        while (m_json.nextElement())
            add();
    }
    return node;
}

void SpeedscopeReader::stacks(Profile &profile)
{
    if (!m_json.enterArray())
        return;
    while (m_json.nextElement()) {
        const bool list = m_json.enterArray();
        if (!list)
            m_sink.note(Severity::DataLoss, "speedscope_bad_sample", m_json.offset(),
                        "a sample is no list of frames");
        profile.stacks.push_back(list ? stackOfList(0) : 0);
    }
}

void SpeedscopeReader::member(Profile &profile)
{
    const auto key = m_json.key();
    if (key == "type") {
        profile.type = m_json.text().value_or("");
    } else if (key == "name") {
        profile.name = m_json.text().value_or("");
    } else if (key == "unit") {
        profile.unit = m_json.text().value_or("");
    } else if (key == "startValue") {
        profile.start = number();
    } else if (key == "endValue") {
        profile.end = number();
    } else if (key == "events" && profile.events.empty()) {
        events(profile);
    } else if (key == "samples" && profile.stacks.empty()) {
        stacks(profile);
    } else if (key == "weights" && profile.weights.empty() && m_json.enterArray()) {
        while (m_json.nextElement())
            profile.weights.push_back(number().value_or(WrittenNumber()));
    }
}

void SpeedscopeReader::profile()
{
    if (!m_json.enterObject())
        return;
    ++m_profiles;
    Profile profile;
    while (m_json.nextMember())
        member(profile);
    if (profile.type != "evented" && profile.type != "sampled")
        m_sink.note(Severity::DataLoss, "speedscope_unknown_type", m_json.offset(),
                    "a profile is neither evented nor sampled: " + profile.type.substr(0, 40));
    m_pending.push_back(std::move(profile));
}

void SpeedscopeReader::profiles()
{
    if (!m_json.enterArray())
        return;
    while (m_json.nextElement()) {
        profile();
        if (m_framesKnown && m_failed.has_value())
            m_failed = emitPending();
    }
}

SpeedscopeReader::Target SpeedscopeReader::targetOf(const Profile &profile)
{
    const auto unit = profile.unit.value_or("none");
    const auto meaning = unit == "none" ? UnitMeaning{Unit::Count, 1, true} : unitFromName(unit);
    auto name = profile.name.empty() ? std::string("profile") : profile.name;
    if (const auto again = ++m_names[name]; again > 1)
        name += " #" + std::to_string(again);
    if (m_process.raw == 0)
        m_process = m_sink.track({.kind = TrackKind::Process, .name = "speedscope"});
    Target out;
    out.track = m_sink.track({.kind = TrackKind::Thread, .name = name, .parent = m_process});
    out.timed = meaning.known && meaning.unit == Unit::Nanoseconds;
    out.scale = meaning.scale;
    const auto measure = out.timed                     ? std::string("time")
                         : meaning.unit == Unit::Bytes ? std::string("bytes")
                         : meaning.known               ? std::string("weight")
                                                       : "weight (" + unit + ")";
    out.measure = m_sink.measure({measure, meaning.unit});
    return out;
}

std::int64_t SpeedscopeReader::valueOf(const WrittenNumber &written, const Target &target)
{
    bool saturated = false;
    const auto out = written.times(target.scale, saturated);
    if (saturated)
        m_sink.note(Severity::DataLoss, "speedscope_value_saturated", 0,
                    "a value is too large for 64 bits in its base unit");
    if (!target.timed && target.scale == 1 && !written.isWhole())
        m_sink.note(Severity::Notice, "speedscope_fraction", 0,
                    "values with decimals were rounded to whole ones");
    return out;
}

FrameId SpeedscopeReader::frameAt(std::uint32_t index)
{
    if (index < m_frames.size())
        return m_frames[index];
    m_sink.note(Severity::DataLoss, "speedscope_unknown_frame", 0,
                "a stack refers to a frame that is not in the file");
    return m_sink.frame({.function = "(unknown)", .kind = FrameKind::Marker});
}

void SpeedscopeReader::emit(const Target &target, std::uint32_t node, std::int64_t begin,
                            std::int64_t value)
{
    Sample sample{.track = target.track, .measure = target.measure};
    if (target.timed && begin != kNoTime.time_since_epoch().count())
        sample.time = Timestamp(Duration(begin));
    sample.stack =
        m_tree.stack(m_sink, node, [this](std::uint32_t index) { return frameAt(index); });
    sample.value = value;
    m_sink.add(sample);
}

Result<> SpeedscopeReader::emitEvents(const Profile &profile)
{
    if (profile.events.empty())
        return {};
    const auto target = targetOf(profile);
    EventedProfile stack(m_tree);
    std::size_t done = 0;
    for (const auto &event : profile.events) {
        if (++done % kRowsPerCheck == 0)
            FW_TRY(m_run.job.checkpoint());
        apply(event, stack, target);
    }
    endEvents(profile, stack, target);
    return {};
}

// Samples follow each other: each begins where the one before ended.
Result<> SpeedscopeReader::emitSamples(const Profile &profile)
{
    if (profile.stacks.empty())
        return {};
    const auto target = targetOf(profile);
    auto now = profile.start ? valueOf(*profile.start, target) : 0;
    const auto rows = std::min(profile.stacks.size(), profile.weights.size());
    if (profile.stacks.size() != profile.weights.size())
        m_sink.note(Severity::DataLoss, "speedscope_weight_count", 0,
                    std::to_string(profile.stacks.size()) + " samples have " +
                        std::to_string(profile.weights.size()) + " weights");
    for (std::size_t i = 0; i < rows; ++i) {
        if (i % kRowsPerCheck == 0) {
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
        const auto value = valueOf(profile.weights[i], target);
        if (profile.stacks[i] != 0)
            emit(target, profile.stacks[i], now, value);
        now = saturatingAdd(now, value);
    }
    return {};
}

Result<> SpeedscopeReader::emitPending()
{
    for (const auto &profile : m_pending) {
        FW_TRY(emitEvents(profile));
        FW_TRY(emitSamples(profile));
    }
    m_pending.clear();
    return m_sink.status();
}

void SpeedscopeReader::root()
{
    if (!m_json.enterObject())
        return;
    while (m_json.nextMember()) {
        const auto key = m_json.key();
        if (key == "shared")
            frames();
        else if (key == "profiles")
            profiles();
        else if (key == "exporter")
            m_sink.provenance("tool", m_json.text().value_or(""));
        else if (key == "name")
            m_sink.provenance("title", m_json.text().value_or(""));
        else if (key == "activeProfileIndex")
            m_sink.provenance("active_profile", m_json.number().value_or(""));
    }
}

Result<> SpeedscopeReader::run()
{
    root();
    FW_TRY(m_failed);
    if (const auto whole = m_json.finish(); !whole.has_value()) {
        if (whole.error().code() != Errc::Corrupt || m_profiles == 0 || m_frames.empty())
            return whole;
        m_sink.note(Severity::DataLoss, "speedscope_truncated", m_json.offset(),
                    whole.error().text());
    }
    if (m_profiles == 0)
        return fail(Errc::Corrupt, "there is no profile in it");
    if (m_json.textWasCut())
        m_sink.note(Severity::DataLoss, "text_cut", 0, "a text of more than 1 MB was cut");
    FW_TRY(emitPending());
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class Speedscope final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto first = head.find_first_not_of(" \t\r\n");
        if (first == head.npos || head[first] != '{')
            return Match::No;
        const auto has = [&](std::string_view text) { return head.find(text) != head.npos; };
        if (has("https://www.speedscope.app/file-format-schema.json"))
            return Match::Strong;
        const bool profiles = has("\"profiles\"") && (has("\"evented\"") || has("\"sampled\""));
        const bool shared = has("\"shared\"") && has("\"frames\"");
        const bool values = has("\"startValue\"") && has("\"endValue\"");
        return (profiles && shared) || (profiles && values) ? Match::Strong : Match::No;
    }
    Result<> run(ImportRun run) const override { return SpeedscopeReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeSpeedscope()
{
    return std::make_unique<Speedscope>();
}

} // namespace flamewright
