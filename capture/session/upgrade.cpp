#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_check_sqlite.h"
#include "capture/session/upgrade_sqlite.h"

#include <string>

namespace flamewright {

Result<> upgradeSession(const Connection &db, std::uint32_t version)
{
    const auto steps = upgradesTo1To10();
    static_assert(kSchemaVersion <= 10, "add the next file of upgrades");
    FW_TRY(db.run("PRAGMA synchronous=FULL"));
    for (; version < kSchemaVersion; ++version) {
        const auto next = version + 1;
        auto done = db.transaction([&]() -> Result<> {
            FW_TRY(checkSession(db, version)); // damage must not get a fresh checksum
            FW_TRY(steps[version](db));
            FW_TRY(db.run("UPDATE format SET min_reader=1, min_writer=1"));
            FW_TRY(db.run(("PRAGMA user_version=" + std::to_string(next)).c_str()));
            return sealSession(db, next);
        });
        FW_TRY(std::move(done));
    }
    return {};
}

} // namespace flamewright
