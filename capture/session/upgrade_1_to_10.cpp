#include "capture/session/schema.h"
#include "capture/session/upgrade_sqlite.h"

namespace flamewright {
namespace {

// Version 1 can mark features and keep saved views.
Result<> toVersion1(const Connection &db)
{
    for (const auto &item : schemaOf(1)) {
        if (item.name == "feature" || item.name == "saved")
            FW_TRY(db.run(std::string(item.sql).c_str()));
    }
    return {};
}

constexpr UpgradeStep kSteps[] = {toVersion1};

} // namespace

std::span<const UpgradeStep> upgradesTo1To10()
{
    return kSteps;
}

} // namespace flamewright
