#include "importers/formats.h"
#include "importers/gatling/gatling_run.h"
#include "importers/io/text_source.h"
#include "importers/text/csv_reader.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

// simulation.log of Gatling 2.0 to 3.12: records of fields between tabs. The columns changed four
// times, and a log may name another version than the one that wrote it, so that they are found from
// what does not move: the status, and the times before it.
//
//            2.0, 2.1                          2.2, 2.3         3.0 - 3.3      3.4 - 3.12
//   before   scenario user REQUEST groups      scenario user    user groups    groups
//   the      name, and four times:             groups name      name           name
//   times    sent begin, end; answer begin, end
constexpr FormatInfo kFormat{"gatling-log", "Gatling simulation.log (text)", "log", "load test"};

constexpr unsigned kLinesPerCheck = 1024;
constexpr std::size_t kMaxProbeLines = 20;

using Fields = std::span<const std::string_view>;

enum class Type : unsigned char { Run, User, Request, Group, Error, Assertion };

std::optional<Type> typeOf(std::string_view word)
{
    if (word == "RUN")
        return Type::Run;
    if (word == "USER")
        return Type::User;
    if (word == "REQUEST")
        return Type::Request;
    if (word == "GROUP")
        return Type::Group;
    if (word == "ERROR")
        return Type::Error;
    return word == "ASSERTION" ? std::optional(Type::Assertion) : std::nullopt;
}

struct Record {
    Type type = Type::Run;
    Fields before; // 2.0: the two fields before the type
    Fields fields; // what follows the type
};

std::optional<Record> recordOf(Fields fields)
{
    if (const auto type = typeOf(fields[0]))
        return Record{*type, {}, fields.subspan(1)};
    if (fields.size() < 4)
        return std::nullopt;
    const auto type = typeOf(fields[2]);
    if (!type)
        return std::nullopt;
    return Record{*type, fields.first(2), fields.subspan(3)};
}

std::optional<std::int64_t> millis(std::string_view text)
{
    return text.size() >= 9 ? parseInteger(text) : std::nullopt;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

// Where the status is: the first OK or KO behind numbers. 0: nowhere.
std::size_t statusColumn(Fields fields, std::size_t numbers)
{
    for (std::size_t i = numbers + 1; i < fields.size(); ++i) {
        if ((fields[i] == "OK" || fields[i] == "KO") && parseInteger(fields[i - 1]) &&
            millis(fields[i - numbers]))
            return i;
    }
    return 0;
}

class GatlingLogReader {
public:
    explicit GatlingLogReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_text(run.input),
          m_lines(m_text, {.separator = '\t', .quote = 0}),
          m_log(run.sink)
    {}
    Result<> run();

private:
    void line(const CsvReader::Record &line);
    bool take(const Record &record, std::uint64_t offset);
    bool takeRun(const Record &record);
    bool takeUser(const Record &record);
    bool takeRequest(const Record &record, std::uint64_t offset);
    bool takeGroup(const Record &record, std::uint64_t offset);
    bool takeError(Fields fields, std::uint64_t offset);
    std::string_view groups(std::string_view joined);
    // What stands before groups: nothing, the user, or scenario and user.
    static void takeWho(const Record &record, Fields who, GatlingRun::Response &out);

    ImportRun m_run;
    RecordSink &m_sink;
    TextSource m_text;
    CsvReader m_lines;
    GatlingRun m_log;
    std::string m_groups;
};

std::string_view GatlingLogReader::groups(std::string_view joined)
{
    m_groups.clear();
    for (const auto c : joined) {
        if (c == ',')
            m_groups += GatlingRun::kGroupSeparator;
        else
            m_groups += c;
    }
    return m_groups;
}

void GatlingLogReader::takeWho(const Record &record, Fields who, GatlingRun::Response &out)
{
    if (record.before.size() == 2)
        who = record.before;
    if (who.size() >= 2)
        out.scenario = who[who.size() - 2];
    if (!who.empty())
        out.user = who.back();
}

// class, id (one or two), start, description, version.
bool GatlingLogReader::takeRun(const Record &record)
{
    const auto fields = record.fields;
    const auto *start = std::find_if(fields.data(), fields.data() + fields.size(),
                                     [](auto text) { return millis(text).has_value(); });
    const auto at = static_cast<std::size_t>(start - fields.data());
    if (at == fields.size())
        return false;
    GatlingRun::Header header{.startMs = *millis(fields[at])};
    header.simulation = !record.before.empty() ? record.before[0]
                        : at > 0               ? fields[0]
                                               : std::string_view();
    if (at + 1 < fields.size())
        header.version = trimmed(fields.back());
    if (at + 2 < fields.size())
        header.description = trimmed(fields[at + 1]);
    m_log.header(header);
    return true;
}

// scenario, user, START or END, times: START has its own first, END its own last.
bool GatlingLogReader::takeUser(const Record &record)
{
    const auto fields = record.fields;
    for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
        auto word = fields[i];
        std::string_view scenario;
        // Tools that rewrite logs lose the tab before.
        for (const std::string_view end : {" START", " END"}) {
            if (word.ends_with(end)) {
                scenario = word.substr(0, word.size() - end.size());
                word.remove_prefix(scenario.size() + 1);
            }
        }
        if (word != "START" && word != "END")
            continue;
        GatlingRun::User user{.starts = word == "START"};
        const auto who = record.before.size() == 2 ? record.before : fields.first(i);
        if (!who.empty())
            scenario = who[0];
        user.scenario = scenario;
        if (who.size() >= 2)
            user.id = who[1];
        const auto time = millis(user.starts ? fields[i + 1] : fields.back());
        if (!time)
            return false;
        user.ms = *time;
        m_log.user(user);
        return true;
    }
    return false;
}

bool GatlingLogReader::takeRequest(const Record &record, std::uint64_t offset)
{
    const auto fields = record.fields;
    const std::size_t times = record.before.empty() ? 2 : 4;
    const auto status = statusColumn(fields, times);
    if (status < times + 2)
        return false;
    const auto first = status - times; // of the times
    GatlingRun::Response out;
    const auto begin = millis(fields[first]), end = millis(fields[status - 1]);
    if (!begin || !end)
        return false;
    out.beginMs = *begin;
    out.endMs = *end;
    if (times == 4)
        out.firstByteMs = parseInteger(fields[status - 2]);
    out.name = fields[first - 1];
    out.groups = groups(fields[first - 2]);
    takeWho(record, fields.first(first - 2), out);
    out.ok = fields[status] == "OK";
    if (status + 1 < fields.size())
        out.message = trimmed(fields[status + 1]);
    m_log.request(out, offset);
    return true;
}

bool GatlingLogReader::takeGroup(const Record &record, std::uint64_t offset)
{
    const auto fields = record.fields;
    constexpr std::size_t kNumbers = 3; // begin, end, cumulated
    const auto status = statusColumn(fields, kNumbers);
    // Some versions wrote errors of the simulation under this name.
    if (status == 0 && fields.size() == 2 && millis(fields[1]))
        return takeError(fields, offset);
    if (status < kNumbers + 1)
        return false;
    const auto first = status - kNumbers;
    const auto begin = millis(fields[first]), end = millis(fields[first + 1]);
    if (!begin || !end)
        return false;
    GatlingRun::Response out{.beginMs = *begin, .endMs = *end, .ok = fields[status] == "OK"};
    out.groups = groups(fields[first - 1]);
    takeWho(record, fields.first(first - 1), out);
    m_log.group(out, parseInteger(fields[status - 1]).value_or(0), offset);
    return true;
}

bool GatlingLogReader::takeError(Fields fields, std::uint64_t offset)
{
    if (fields.empty())
        return false;
    m_log.error(trimmed(fields[0]), offset);
    return true;
}

bool GatlingLogReader::take(const Record &record, std::uint64_t offset)
{
    switch (record.type) {
    case Type::Run: return takeRun(record);
    case Type::User: return takeUser(record);
    case Type::Request: return takeRequest(record, offset);
    case Type::Group: return takeGroup(record, offset);
    case Type::Error: return takeError(record.fields, offset);
    case Type::Assertion: return true; // Java objects, which only Gatling can read
    }
    return false;
}

void GatlingLogReader::line(const CsvReader::Record &line)
{
    if (line.state == CsvReader::State::TooLong) {
        m_sink.note(Severity::DataLoss, "gatling_bad_line", line.offset, "a line that is too long");
        return;
    }
    if (line.fields.size() == 1 && trimmed(line.fields[0]).empty())
        return;
    const auto record = recordOf(line.fields);
    if (record && take(*record, line.offset))
        return;
    if (line.state == CsvReader::State::Cut) {
        m_sink.note(Severity::DataLoss, "gatling_cut_record", line.offset,
                    "the log ends within a record; Gatling was stopped while writing");
        return;
    }
    std::string text;
    for (const auto field : line.fields.first(std::min<std::size_t>(line.fields.size(), 12)))
        text += (text.empty() ? "" : " ") + std::string(field.substr(0, 40));
    m_sink.note(Severity::DataLoss, "gatling_bad_line", line.offset, text);
}

Result<> GatlingLogReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    unsigned untilCheck = kLinesPerCheck;
    for (;;) {
        FW_ASSIGN(const auto next, m_lines.next());
        if (!next)
            break;
        line(*next);
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(next->offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

// A RUN comes first; before it only assertions.
bool startsWithRun(std::string_view head)
{
    for (std::size_t lines = 0; lines < kMaxProbeLines && !head.empty(); ++lines) {
        const auto end = std::min(head.find('\n'), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.starts_with("ASSERTION\t"))
            continue;
        if (line.starts_with("RUN\t"))
            return std::count(line.begin(), line.end(), '\t') >= 4;
        const auto first = line.find('\t');
        const auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
        return second != std::string_view::npos && line.substr(second).starts_with("\tRUN\t");
    }
    return false;
}

class GatlingLog final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return startsWithRun(textHead(probe)) ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return GatlingLogReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeGatlingLog()
{
    return std::make_unique<GatlingLog>();
}

} // namespace flamewright
