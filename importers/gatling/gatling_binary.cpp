#include "importers/formats.h"
#include "importers/gatling/gatling_run.h"
#include "importers/gatling/gatling_stream.h"

#include <string>
#include <vector>

namespace flamewright {
namespace {

// simulation.log of Gatling 3.13 and later: records that begin with a byte for their type, big-endian,
// times in milliseconds from the start of the run. Texts that come often are written once.
//
//   0 run      version, class, i64 start, description, scenarios, assertions
//   1 request  groups, name, begin, end, ok, message
//   2 user     scenario, starts, time
//   3 group    groups, begin, end, cumulated, ok
//   4 error    message, time
constexpr FormatInfo kFormat{"gatling-binary", "Gatling simulation.log (binary)", "log",
                             "load test"};

constexpr unsigned kRecordsPerCheck = 512;
constexpr std::int32_t kMaxScenarios = 100'000;
constexpr std::int32_t kMaxGroups = 1000; // of one request, nested
constexpr std::size_t kMaxVersion = 64;

class GatlingBinaryReader {
public:
    explicit GatlingBinaryReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_in(run.input),
          m_log(run.sink)
    {}
    Result<> run();

private:
    Result<> header();
    Result<> record();
    Result<> request();
    Result<> user();
    Result<> group();
    Result<> error();
    Result<std::string_view> groups();
    Result<std::int64_t> time();
    Result<bool> flag();

    ImportRun m_run;
    RecordSink &m_sink;
    GatlingStream m_in;
    GatlingRun m_log;
    std::int64_t m_startMs = 0;
    bool m_begun = false;
    std::uint64_t m_offset = 0; // of the record
    std::vector<std::string> m_scenarios;
    std::string m_groups;
};

Result<std::int64_t> GatlingBinaryReader::time()
{
    FW_ASSIGN(const auto ms, m_in.int32());
    return saturatingAdd(m_startMs, ms);
}

Result<bool> GatlingBinaryReader::flag()
{
    FW_ASSIGN(const auto byte, m_in.byte());
    return byte != 0;
}

Result<std::string_view> GatlingBinaryReader::groups()
{
    m_groups.clear();
    FW_ASSIGN(const auto count, m_in.int32());
    if (count < 0 || count > kMaxGroups)
        return fail(m_in.corrupt("an impossible number of groups"));
    for (std::int32_t i = 0; i < count; ++i) {
        FW_ASSIGN(const auto name, m_in.cachedText());
        if (i > 0)
            m_groups += GatlingRun::kGroupSeparator;
        if (m_groups.size() + name.size() > GatlingStream::kMaxText)
            return fail(m_in.corrupt("names of groups that are too long"));
        m_groups += name;
    }
    return std::string_view(m_groups);
}

Result<> GatlingBinaryReader::header()
{
    FW_ASSIGN(const auto version, m_in.text());
    FW_ASSIGN(const auto simulation, m_in.text());
    FW_ASSIGN(m_startMs, m_in.int64());
    FW_ASSIGN(const auto description, m_in.text());
    FW_ASSIGN(const auto scenarios, m_in.int32());
    if (scenarios < 0 || scenarios > kMaxScenarios)
        return fail(m_in.corrupt("an impossible number of scenarios"));
    m_scenarios.clear();
    for (std::int32_t i = 0; i < scenarios; ++i) {
        FW_ASSIGN(auto name, m_in.text());
        m_scenarios.push_back(std::move(name));
    }
    FW_ASSIGN(const auto assertions, m_in.int32());
    for (std::int32_t i = 0; i < assertions; ++i)
        FW_TRY(m_in.skipBytes()); // Java objects, which only Gatling can read
    const auto blank = description.find_first_not_of(' ') == std::string::npos;
    m_log.header({.version = version,
                  .simulation = simulation,
                  .description = blank ? std::string_view() : std::string_view(description),
                  .startMs = m_startMs});
    return {};
}

Result<> GatlingBinaryReader::request()
{
    GatlingRun::Response out;
    FW_ASSIGN(out.groups, groups());
    // The text of a cached name stays where it is.
    FW_ASSIGN(out.name, m_in.cachedText());
    FW_ASSIGN(out.beginMs, time());
    FW_ASSIGN(out.endMs, time());
    FW_ASSIGN(out.ok, flag());
    FW_ASSIGN(out.message, m_in.cachedText());
    m_log.request(out, m_offset);
    return {};
}

Result<> GatlingBinaryReader::user()
{
    FW_ASSIGN(const auto scenario, m_in.int32());
    GatlingRun::User out;
    FW_ASSIGN(out.starts, flag());
    FW_ASSIGN(out.ms, time());
    if (scenario < 0 || static_cast<std::size_t>(scenario) >= m_scenarios.size())
        m_sink.note(Severity::DataLoss, "gatling_bad_scenario", m_offset,
                    "a user of a scenario that the log does not name");
    else
        out.scenario = m_scenarios[static_cast<std::size_t>(scenario)];
    m_log.user(out);
    return {};
}

Result<> GatlingBinaryReader::group()
{
    GatlingRun::Response out;
    FW_ASSIGN(out.groups, groups());
    FW_ASSIGN(out.beginMs, time());
    FW_ASSIGN(out.endMs, time());
    FW_ASSIGN(const auto cumulated, m_in.int32());
    FW_ASSIGN(out.ok, flag());
    m_log.group(out, cumulated, m_offset);
    return {};
}

Result<> GatlingBinaryReader::error()
{
    FW_ASSIGN(const auto message, m_in.cachedText());
    FW_TRY(time());
    m_log.error(message, m_offset);
    return {};
}

Result<> GatlingBinaryReader::record()
{
    FW_ASSIGN(const auto type, m_in.byte());
    if (!m_begun && type != 0)
        return fail(m_in.corrupt("the log does not begin with a run"));
    m_begun = true;
    switch (type) {
    case 0: return header();
    case 1: return request();
    case 2: return user();
    case 3: return group();
    case 4: return error();
    }
    return fail(Error(Errc::Unsupported, "a record of the unknown type " + std::to_string(type) +
                                             ", after which nothing can be found again")
                    .at(m_offset));
}

Result<> GatlingBinaryReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    unsigned untilCheck = kRecordsPerCheck;
    for (;;) {
        m_offset = m_in.offset();
        FW_ASSIGN(const auto more, m_in.more());
        if (!more)
            break;
        if (auto read = record(); !read.has_value()) {
            // A run that was killed ends in the middle of what its buffer held.
            if (!m_in.ended() || m_offset == 0)
                return read;
            m_sink.note(Severity::DataLoss, "gatling_cut_record", m_offset,
                        "the log ends within a record; Gatling was stopped while writing");
            break;
        }
        if (--untilCheck == 0) {
            untilCheck = kRecordsPerCheck;
            m_run.job.setDone(m_offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

// A zero, then a short text that is a version: "3.13.1".
bool startsWithVersion(std::string_view head)
{
    if (head.size() < 8 || head.substr(0, 4) != std::string_view("\0\0\0\0", 4))
        return false;
    const auto length = static_cast<unsigned char>(head[4]);
    if (length < 3 || length > kMaxVersion || head.size() < 6u + length || head[5u + length] > 1)
        return false;
    const auto version = head.substr(5, length);
    const auto digits = version.find_first_not_of("0123456789");
    return digits > 0 && digits + 1 < version.size() && version[digits] == '.' &&
           version[digits + 1] >= '0' && version[digits + 1] <= '9';
}

class GatlingBinary final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return startsWithVersion(probe.text()) ? Match::Magic : Match::No;
    }

    Result<> run(ImportRun run) const override { return GatlingBinaryReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeGatlingBinary()
{
    return std::make_unique<GatlingBinary>();
}

} // namespace flamewright
