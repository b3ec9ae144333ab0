#pragma once

#include "capture/session/record_sink.h"
#include "importers/load/request_writer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace flamewright {

// What Gatling's records mean, whichever way the log writes them. Times are milliseconds since 1970.
class GatlingRun {
public:
    explicit GatlingRun(RecordSink &sink);

    struct Header {
        std::string_view version, simulation, description;
        std::int64_t startMs = 0;
    };
    void header(const Header &header);

    struct User {
        std::string_view scenario;
        std::string_view id; // of layouts that have one
        bool starts = false;
        std::int64_t ms = 0;
    };
    // Users that run become a counter: of all, and of their scenario.
    void user(const User &user);

    struct Response {
        std::string_view scenario, user; // of layouts that have them
        std::string_view groups;         // outermost first, separated by kGroupSeparator
        std::string_view name;
        std::int64_t beginMs = 0, endMs = 0;
        std::optional<std::int64_t> firstByteMs; // of layouts that have it
        bool ok = true;
        std::string_view message; // of failures
    };
    void request(const Response &response, std::uint64_t offset);

    // The responses within a group took `cumulatedMs` together; pauses are not part of that.
    void group(const Response &response, std::int64_t cumulatedMs, std::uint64_t offset);
    void error(std::string_view message, std::uint64_t offset);

    static constexpr std::string_view kGroupSeparator = " / ";

private:
    struct Users {
        std::int64_t running = 0;
        TrackId track = {};
    };
    void count(Users &users, const User &user, Timestamp at);
    std::string_view scenarioOf(const Response &response) const;

    RecordSink &m_sink;
    RequestWriter m_writer;
    Users m_all;
    std::map<std::string, Users, std::less<>> m_users; // by scenario
    Timestamp m_lastUser = kNoTime;
    std::unordered_map<std::string, std::string> m_scenarioOfUser;
    std::string m_labels, m_labelsOf; // the last groups as labels
};

} // namespace flamewright
