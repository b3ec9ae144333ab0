#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/text/number_text.h"
#include "importers/trace/chrome_events.h"
#include "importers/trace/json_scan.h"
#include "importers/trace/json_window.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace flamewright {
namespace {

// The JSON that Chrome, Node, PyTorch's profiler and very many others write: an array of events, or
// an object with the array in "traceEvents". The array's end may be missing: programs append
// events until they end, in whatever way.
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
constexpr FormatInfo kFormat{"chrome-trace", "Chrome trace events", "json;trace", "trace"};

constexpr unsigned kEventsPerCheck = 1024;
constexpr std::size_t kMaxFacts = 64;         // of the file, that are kept as provenance
constexpr std::size_t kMaxFactText = 256;     // longer ones are no facts to show
constexpr std::size_t kMaxDamage = 64u << 10; // how far an object that is damaged may reach

using json_scan::skipSpace;

class ChromeTrace {
public:
    explicit ChromeTrace(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_text(run.input),
          m_window(m_text),
          m_events(run.sink)
    {}
    Result<> run();

private:
    enum class Piece : std::uint8_t { Event, Other, End, Cut };

    Result<> read();
    Result<> members();
    Result<bool> member(const std::string &key);
    Result<bool> events();
    Result<Piece> event();
    Result<> skipDamage();
    void fact(const std::string &key, std::string_view value);
    void facts(const std::string &prefix, std::string_view object);
    void keep(const std::string &key, std::string_view value, std::uint64_t offset);
    void cut();
    void wallClock();

    ImportRun m_run;
    RecordSink &m_sink;
    TextSource m_text;
    JsonWindow m_window;
    ChromeEvents m_events;
    bool m_anyEvents = false; // a list of them was found
    bool m_cut = false;
    bool m_kineto = false;
    std::size_t m_facts = 0;
    std::optional<std::int64_t> m_baseNs; // of Kineto's times
};

void ChromeTrace::cut()
{
    if (!m_cut)
        m_sink.note(Severity::Notice, "chrome_no_end", m_window.offset(),
                    "the file ends before its JSON does");
    m_cut = true;
}

// An object that is damaged: to where it ends if that is near, otherwise to what looks like the
// next event. The same whatever the sizes of reads.
Result<> ChromeTrace::skipDamage()
{
    constexpr std::string_view kNextLine = "\n{", kNextObject = "},{";
    for (bool first = true;; first = false) {
        bool more = true;
        while (more && static_cast<std::size_t>(m_window.end() - m_window.begin()) < kMaxDamage) {
            FW_ASSIGN(more, m_window.more());
        }
        const auto *const from = m_window.begin();
        const auto *const end = std::min(m_window.end(), from + kMaxDamage);
        const std::string_view text(from, static_cast<std::size_t>(end - from));
        auto next = text.find(kNextLine, 1);
        next += next == text.npos ? 0 : 1;
        bool spaces = false;
        const auto *const close = first ? json_scan::valueEnd(from, end, spaces) : nullptr;
        if (close != nullptr)
            next = std::min(next, static_cast<std::size_t>(close - from));
        if (next == text.npos) {
            next = text.find(kNextObject, 1);
            next += next == text.npos ? 0 : 2;
        }
        if (next != text.npos || !more) {
            m_window.dropTo(next != text.npos ? from + next : end);
            return {};
        }
        m_window.dropTo(end - kNextObject.size()); // what is looked for may begin here
    }
}

Result<ChromeTrace::Piece> ChromeTrace::event()
{
    for (;;) {
        const auto *p = m_window.begin();
        while (p < m_window.end() && (json_scan::isSpace(*p) || *p == ','))
            ++p;
        m_window.dropTo(p);
        if (p == m_window.end()) {
            FW_ASSIGN(const auto more, m_window.more());
            if (!more)
                return Piece::Cut;
            continue;
        }
        if (*p == ']') {
            m_window.dropTo(p + 1);
            return Piece::End;
        }
        const auto offset = m_window.offset();
        if (*p != '{') {
            m_sink.note(Severity::DataLoss, "chrome_no_event", offset,
                        "an entry in the list of events is no object");
            if (*p == '}') { // nothing begins with it
                m_window.dropTo(p + 1);
                return Piece::Other;
            }
            FW_ASSIGN(const auto whole, skipValue(m_window));
            return whole ? Piece::Other : Piece::Cut;
        }
        ChromeEvent event;
        const char *next = nullptr;
        switch (readChromeEvent(p, m_window.end(), event, next)) {
        case JsonPiece::Whole:
            m_events.add(event, offset);
            m_window.dropTo(next);
            return Piece::Event;
        case JsonPiece::Bad:
            m_sink.note(Severity::DataLoss, "chrome_bad_event", offset, "an event is damaged");
            FW_TRY(skipDamage());
            return Piece::Other;
        case JsonPiece::NeedsMore: break;
        }
        FW_ASSIGN(const auto more, m_window.more());
        if (more)
            continue;
        if (m_window.inputEnded()) {
            m_sink.note(Severity::DataLoss, "chrome_cut_event", offset,
                        "the file ends within an event");
            m_window.dropTo(m_window.end());
            return Piece::Cut;
        }
        m_sink.note(Severity::DataLoss, "chrome_long_event", offset,
                    "an event of more than 32 MiB was skipped");
        FW_ASSIGN(const auto whole, skipValue(m_window));
        return whole ? Piece::Other : Piece::Cut;
    }
}

// Behind the opening bracket. False when the input ends within the list.
Result<bool> ChromeTrace::events()
{
    m_anyEvents = true;
    unsigned untilCheck = kEventsPerCheck;
    for (;;) {
        FW_ASSIGN(const auto piece, event());
        if (piece == Piece::End)
            return true;
        if (piece == Piece::Cut) {
            cut();
            return false;
        }
        if (--untilCheck == 0) {
            untilCheck = kEventsPerCheck;
            m_run.job.setDone(m_window.offset());
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
}

void ChromeTrace::fact(const std::string &key, std::string_view value)
{
    const auto text = json_scan::plainText(value);
    if (text.empty() || text == "null")
        return;
    if (text.size() <= kMaxFactText && m_facts < kMaxFacts) {
        ++m_facts;
        m_sink.provenance(key.substr(0, kMaxFactText), text);
        return;
    }
    m_sink.note(Severity::Info, "chrome_other_member", 0,
                "what a file says besides its events and is not kept, the first is \"" +
                    key.substr(0, 80) + '"');
}

void ChromeTrace::facts(const std::string &prefix, std::string_view object)
{
    json_scan::forEachMember(object, [&](std::string_view key, std::string_view value) {
        fact(prefix + std::string(key), value);
        if (value.starts_with('{') || value.starts_with('['))
            m_sink.note(Severity::Info, "chrome_other_member", 0,
                        "what a file says besides its events and is not kept, the first is \"" +
                            prefix + std::string(key.substr(0, 80)) + '"');
        return true;
    });
}

void ChromeTrace::keep(const std::string &key, std::string_view value, std::uint64_t offset)
{
    const bool structured = value.starts_with('{') || value.starts_with('[');
    if (key == "stackFrames") {
        m_events.samples().setStackFrames(value);
    } else if (key == "samples") {
        m_events.samples().setSamples(value, offset);
    } else if (key == "metadata" || key == "otherData") {
        facts(key + '.', value);
    } else if (key == "systemTraceEvents") {
        m_sink.note(Severity::Notice, "chrome_system_trace", offset,
                    "the kernel's trace inside of the file was left out");
    } else if (structured) {
        m_kineto = m_kineto || key == "deviceProperties" || key == "distributedInfo";
        m_sink.note(Severity::Info, "chrome_other_member", offset,
                    "what a file says besides its events and is not kept, the first is \"" +
                        key.substr(0, 80) + '"');
    } else {
        m_kineto = m_kineto || key == "schemaVersion";
        if (key == "baseTimeNanoseconds")
            m_baseNs = parseInteger(json_scan::plainText(value));
        fact(key, value);
    }
}

// Behind the colon. False when the input ends within the value.
Result<bool> ChromeTrace::member(const std::string &key)
{
    FW_ASSIGN(const auto any, skipSpaces(m_window));
    if (!any)
        return false;
    if (key == "traceEvents" && *m_window.begin() == '[') {
        m_window.dropTo(m_window.begin() + 1);
        return events();
    }
    const auto offset = m_window.offset();
    for (;;) {
        bool spaces = false;
        const auto *const from = m_window.begin();
        if (const auto *const end = json_scan::valueEnd(from, m_window.end(), spaces)) {
            keep(key, {from, static_cast<std::size_t>(end - from)}, offset);
            m_window.dropTo(end);
            return true;
        }
        FW_ASSIGN(const auto more, m_window.more());
        if (more)
            continue;
        m_sink.note(Severity::DataLoss, "chrome_long_member", offset,
                    "\"" + key.substr(0, 80) + "\" is cut off, or too long, and was left out");
        return skipValue(m_window);
    }
}

// Behind the opening bracket.
Result<> ChromeTrace::members()
{
    for (;;) {
        FW_ASSIGN(const auto any, skipSpaces(m_window));
        if (!any) {
            cut();
            return {};
        }
        const auto *const p = m_window.begin();
        if (*p == '}') {
            m_window.dropTo(p + 1);
            return {};
        }
        if (*p == ',') {
            m_window.dropTo(p + 1);
            continue;
        }
        if (*p != '"')
            return fail(
                Error(Errc::Corrupt, "the file is no JSON from here on").at(m_window.offset()));
        bool escaped = false;
        const auto *const close = json_scan::stringEnd(p + 1, m_window.end(), escaped);
        const auto *const colon = close == nullptr ? nullptr : skipSpace(close + 1, m_window.end());
        if (colon == nullptr || colon == m_window.end()) {
            FW_ASSIGN(const auto more, m_window.more());
            if (more)
                continue;
            cut();
            return {};
        }
        if (*colon != ':')
            return fail(
                Error(Errc::Corrupt, "the file is no JSON from here on").at(m_window.offset()));
        const auto key = json_scan::unescaped({p + 1, static_cast<std::size_t>(close - p - 1)});
        m_window.dropTo(colon + 1);
        FW_ASSIGN(const auto whole, member(key));
        if (!whole) {
            cut();
            return {};
        }
        FW_TRY(m_run.job.checkpoint());
    }
}

Result<> ChromeTrace::read()
{
    FW_ASSIGN(const auto any, skipSpaces(m_window));
    const char first = any ? *m_window.begin() : '\0';
    if (first == '[') {
        m_window.dropTo(m_window.begin() + 1);
        FW_TRY(events());
    } else if (first == '{') {
        m_window.dropTo(m_window.begin() + 1);
        const auto whole = members();
        // What came before the damage is good.
        if (!whole.has_value() && (whole.error().code() != Errc::Corrupt || !m_anyEvents))
            return whole;
        if (!whole.has_value()) {
            m_sink.note(Severity::DataLoss, "chrome_damaged", m_window.offset(),
                        whole.error().message());
            m_cut = true;
        }
    }
    if (!m_anyEvents)
        return fail(Errc::Corrupt, "the file has no list of trace events");
    if (!m_cut) {
        FW_ASSIGN(const auto more, skipSpaces(m_window));
        if (more)
            m_sink.note(Severity::DataLoss, "chrome_trailing", m_window.offset(),
                        "something follows the end of the trace and was left out");
    }
    return {};
}

// PyTorch says what its times are relative to; before that was so, they were since the epoch.
void ChromeTrace::wallClock()
{
    constexpr std::int64_t kYear2015 = 1'420'070'400'000'000'000;
    if (m_baseNs)
        m_sink.setWallOffset(*m_baseNs);
    else if (m_kineto && m_events.firstNs().value_or(0) > kYear2015)
        m_sink.setWallOffset(0);
}

Result<> ChromeTrace::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    FW_TRY(read());
    wallClock();
    FW_TRY(m_events.finish(m_run.job));
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

// Whether the text behind an opening bracket begins with events: the first of them, or the one that
// the head ends in, says which phase it is of.
Match eventsMatch(const char *p, const char *end)
{
    while (p < end) {
        p = skipSpace(p, end);
        if (p < end && *p == ',') {
            ++p;
            continue;
        }
        if (p >= end || *p != '{')
            return Match::No;
        ChromeEvent event;
        const char *next = nullptr;
        const auto piece = readChromeEvent(p, end, event, next);
        if (piece != JsonPiece::Bad && !event.phase.empty() && event.phase.size() <= 2 &&
            (!event.time.empty() || !event.name.empty() || !event.pid.empty()))
            return Match::Strong;
        if (piece != JsonPiece::Whole)
            return Match::No;
        p = next;
    }
    return Match::No;
}

class ChromeTraceImporter final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto *p = skipSpace(head.data(), head.data() + head.size());
        const auto *const end = head.data() + head.size();
        if (p < end && *p == '[')
            return eventsMatch(p + 1, end);
        if (p >= end || *p != '{')
            return Match::No;
        Match out = Match::No;
        bool known = false; // members that such files have in front of the events
        const auto object = std::string_view(p, static_cast<std::size_t>(end - p));
        json_scan::forEachMember(object, [&](std::string_view key, std::string_view value) {
            if (key == "traceEvents" && value.starts_with('['))
                out = Match::Strong;
            known = known || key == "schemaVersion" || key == "deviceProperties" ||
                    key == "displayTimeUnit" || key == "stackFrames" || key == "otherData";
            return out == Match::No;
        });
        if (out != Match::No)
            return out;
        // Usually the list does not end within the head.
        constexpr std::string_view kKey = "\"traceEvents\"";
        auto at = object.find(kKey);
        while (at != std::string_view::npos) {
            const auto *q = skipSpace(object.data() + at + kKey.size(), end);
            if (q < end && *q == ':' && (q = skipSpace(q + 1, end)) < end && *q == '[')
                return Match::Strong;
            at = object.find(kKey, at + 1);
        }
        return known && !probe.headIsAll ? Match::Weak : Match::No;
    }

    Result<> run(ImportRun run) const override { return ChromeTrace(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeChromeTrace()
{
    return std::make_unique<ChromeTraceImporter>();
}

} // namespace flamewright
