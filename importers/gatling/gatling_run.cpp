#include "importers/gatling/gatling_run.h"

#include "importers/json_text.h"
#include "importers/text/number_text.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::size_t kMaxScenarios = 1000;
constexpr std::size_t kMaxUsers = 1'000'000; // whose scenario is remembered
constexpr std::size_t kMaxName = 256;        // of those

std::int64_t nanos(std::int64_t ms)
{
    if (const auto ns = nanosFrom(ms, kNanosPerMilli))
        return ns->count();
    return ms < 0 ? INT64_MIN + 1 : INT64_MAX;
}

Duration between(std::int64_t beginMs, std::int64_t endMs)
{
    std::int64_t ms = 0;
    if (__builtin_sub_overflow(endMs, beginMs, &ms))
        ms = endMs < beginMs ? INT64_MIN : INT64_MAX;
    return Duration{nanos(ms)};
}

// "status.find.is(200), but actually found 500" -> "500"; empty where it says nothing of that kind.
std::string_view statusOf(std::string_view message)
{
    constexpr std::string_view kActually = "but actually ", kFound = "found ";
    if (!message.starts_with("status"))
        return {};
    const auto at = message.find(kActually);
    if (at == std::string_view::npos)
        return {};
    auto rest = message.substr(at + kActually.size());
    if (rest.starts_with(kFound))
        rest.remove_prefix(kFound.size());
    const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    return digits == 3 ? rest.substr(0, 3) : std::string_view();
}

} // namespace

GatlingRun::GatlingRun(RecordSink &sink) : m_sink(sink), m_writer(sink)
{
    m_sink.provenance("tool", "Gatling");
}

void GatlingRun::header(const Header &header)
{
    m_writer.at(nanos(header.startMs)); // the clock begins with the run
    m_sink.provenance("tool_version", header.version);
    m_sink.provenance("simulation", header.simulation);
    m_sink.provenance("description", header.description);
}

void GatlingRun::count(Users &users, const User &user, Timestamp at)
{
    users.running = std::max<std::int64_t>(users.running + (user.starts ? 1 : -1), 0);
    m_sink.add(CounterPoint{
        .time = at, .track = users.track, .value = static_cast<double>(users.running)});
}

void GatlingRun::user(const User &user)
{
    // Records are in the order of writing, which differs from that of their times by a little.
    m_lastUser = std::max(m_lastUser, m_writer.at(nanos(user.ms)));
    if (m_all.track.raw == 0)
        m_all.track = m_sink.track({.kind = TrackKind::Counter, .name = "users"});
    count(m_all, user, m_lastUser);
    auto scenario = user.scenario;
    if (scenario.empty())
        return;
    auto it = m_users.find(scenario);
    if (it == m_users.end()) {
        if (m_users.size() >= kMaxScenarios || scenario.size() > kMaxName)
            scenario = "(other scenarios)";
        it = m_users.try_emplace(std::string(scenario)).first;
        it->second.track =
            m_sink.track({.kind = TrackKind::Counter, .name = "users: " + it->first});
    }
    count(it->second, user, m_lastUser);
    if (user.id.empty())
        return;
    if (!user.starts)
        m_scenarioOfUser.erase(std::string(user.id));
    else if (m_scenarioOfUser.size() < kMaxUsers &&
             user.id.size() + user.scenario.size() <= kMaxName)
        m_scenarioOfUser.insert_or_assign(std::string(user.id), std::string(user.scenario));
}

std::string_view GatlingRun::scenarioOf(const Response &response) const
{
    if (!response.scenario.empty() || response.user.empty())
        return response.scenario;
    const auto it = m_scenarioOfUser.find(std::string(response.user));
    return it == m_scenarioOfUser.end() ? std::string_view() : it->second;
}

void GatlingRun::request(const Response &response, std::uint64_t offset)
{
    if (response.groups != m_labelsOf || m_labels.empty()) {
        m_labelsOf = response.groups;
        m_labels = "{\"group\":";
        appendJsonString(m_labels, response.groups);
        m_labels += '}';
    }
    const auto worker =
        response.user.empty() ? std::string() : "user " + std::string(response.user);
    RequestRow row;
    row.beginEpochNs = nanos(response.beginMs);
    row.latency = between(response.beginMs, response.endMs);
    row.endpoint = response.name;
    row.worker = worker;
    row.phase = scenarioOf(response);
    row.ok = response.ok;
    if (!response.ok) {
        row.error = response.message;
        row.status = statusOf(response.message);
    }
    if (response.firstByteMs && *response.firstByteMs >= response.beginMs &&
        *response.firstByteMs <= response.endMs)
        row.firstByte = between(response.beginMs, *response.firstByteMs);
    if (!response.groups.empty())
        row.labels = m_labels;
    m_writer.add(row, offset);
}

void GatlingRun::group(const Response &response, std::int64_t cumulatedMs, std::uint64_t offset)
{
    const auto worker =
        response.user.empty() ? std::string() : "user " + std::string(response.user);
    RequestRow row;
    row.beginEpochNs = nanos(response.beginMs);
    row.latency = Duration{nanos(cumulatedMs)};
    row.endpoint = response.groups;
    row.worker = worker;
    row.phase = scenarioOf(response);
    row.ok = response.ok;
    row.kind = RequestKind::Transaction;
    m_writer.add(row, offset);
}

void GatlingRun::error(std::string_view message, std::uint64_t offset)
{
    m_sink.note(Severity::Notice, "gatling_error", offset,
                "errors of the simulation itself, the first: " + std::string(message));
}

} // namespace flamewright
