#include "capture/session/manifest_sqlite.h"
#include "capture/session/session_core_sqlite.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kMaxNameBytes = 64u << 10;
constexpr std::size_t kMaxSavedBytes = 4u << 20;

class SqliteSession final : public Session {
public:
    explicit SqliteSession(std::shared_ptr<SessionCore> core) : m_core(std::move(core)) {}
    ~SqliteSession() override { (void)m_core->close(); }

    const std::filesystem::path &path() const override { return m_core->path; }
    bool readOnly() const override { return !m_core->readOnlyReason.empty(); }
    std::string readOnlyReason() const override { return m_core->readOnlyReason; }
    Result<std::unique_ptr<SessionReader>> reader() const override { return makeReader(m_core); }

    Result<std::unique_ptr<CaptureWriter>> beginCapture(const CaptureDesc &desc) override
    {
        return makeCaptureWriter(m_core, desc);
    }
    Result<> rewriteFrames(CaptureId capture,
                           const std::function<Result<>(ChunkStore &store)> &write) override
    {
        return rewriteFramesOf(*m_core, capture, write);
    }
    Result<> renameCapture(CaptureId capture, std::string_view name) override
    {
        return update(capture, "UPDATE capture SET name=? WHERE id=?",
                      [&](Statement &s) { s.bind(1, name.substr(0, kMaxNameBytes)); });
    }
    Result<> setRole(CaptureId capture, CaptureRole role) override
    {
        return update(capture, "UPDATE capture SET role=? WHERE id=?",
                      [&](Statement &s) { s.bind(1, static_cast<std::int64_t>(role)); });
    }
    Result<> setWallOffset(CaptureId capture, std::optional<std::int64_t> epochNs) override
    {
        return update(capture, "UPDATE capture SET wall_offset_ns=? WHERE id=?",
                      [&](Statement &s) { s.bind(1, epochNs); });
    }
    Result<> keepPartial(CaptureId capture) override
    {
        FW_TRY(notBeingImported(capture));
        return update(
            capture, "UPDATE capture SET state=?1 WHERE id=?2 AND state=0",
            [](Statement &s) { s.bind(1, static_cast<std::int64_t>(CaptureState::Partial)); });
    }
    Result<> deleteCapture(CaptureId capture) override
    {
        FW_TRY(notBeingImported(capture));
        return m_core->shrink([&](const Connection &db) -> Result<> {
            FW_ASSIGN(auto row, db.prepare("SELECT 1 FROM capture WHERE id=?"));
            FW_ASSIGN(const auto found, row.bind(1, std::int64_t{capture.raw}).step());
            if (!found)
                return fail(Errc::NotFound, "there is no such capture in the session");
            row.reset();
            return removeCapture(db, m_core->version, capture.raw);
        });
    }

    Result<std::optional<std::string>> saved(std::string_view key) override
    {
        FW_ASSIGN(const auto db, m_core->openReader());
        if (m_core->version == 0)
            return std::optional<std::string>();
        FW_ASSIGN(auto row, db.prepare("SELECT value,sum FROM saved WHERE key=?"));
        FW_ASSIGN(const auto found, row.bind(1, key).step());
        if (!found) {
            FW_TRY(checkSession(db, m_core->version)); // not there, or lost?
            return std::optional<std::string>();
        }
        FW_ASSIGN(auto value, row.text(0));
        FW_ASSIGN(const auto stored, row.blob(1));
        const auto sum = sumBytes(savedSum(m_core->uuid, key, value));
        if (!std::equal(stored.begin(), stored.end(), sum.begin(), sum.end()))
            return fail(Errc::Corrupt, "what was saved as \"" + std::string(key) +
                                           "\" does not match its checksum");
        return std::optional(std::move(value));
    }
    Result<> save(std::string_view key, std::string_view json) override
    {
        if (key.empty() || key.size() > kMaxNameBytes || json.size() > kMaxSavedBytes)
            return fail(Errc::Limit, "there is too much to save under one key");
        return m_core->write(
            SessionCore::Durability::Saved, json.size() + (1u << 20),
            [&](const Connection &db) -> Result<> {
                FW_ASSIGN(auto insert, db.prepare("INSERT OR REPLACE INTO saved VALUES(?,?,?)"));
                const auto sum = sumBytes(savedSum(m_core->uuid, key, json));
                FW_TRY(checkSession(db, m_core->version));
                FW_TRY(insert.bind(1, key).bind(2, json).bind(3, std::span(sum)).run());
                return sealSession(db, m_core->version);
            });
    }
    Result<> close() override { return m_core->close(); }

private:
    Result<> notBeingImported(CaptureId capture)
    {
        const std::scoped_lock lock(m_core->mutex);
        if (m_core->activeCapture == capture.raw)
            return fail(Errc::Busy, "the capture is still being imported");
        return {};
    }
    // Runs `sql`, whose last parameter is the capture, and renews the checksum.
    template <class Bind>
    Result<> update(CaptureId capture, std::string_view sql, Bind bind)
    {
        const std::int64_t id = capture.raw;
        return m_core->write(
            SessionCore::Durability::Saved, 1u << 20, [&](const Connection &db) -> Result<> {
                FW_TRY(checkCapture(db, m_core->uuid, id)); // damage must not get a fresh checksum
                FW_ASSIGN(auto statement, db.prepare(sql));
                bind(statement);
                FW_TRY(statement.bind(2, id).run());
                return sealCapture(db, m_core->uuid, id);
            });
    }

    std::shared_ptr<SessionCore> m_core;
};

} // namespace

std::unique_ptr<Session> makeSession(std::shared_ptr<SessionCore> core)
{
    return std::make_unique<SqliteSession>(std::move(core));
}

} // namespace flamewright
