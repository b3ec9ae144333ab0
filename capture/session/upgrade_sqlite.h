#pragma once

#include "capture/session/connection_sqlite.h"

#include <span>

namespace flamewright {

// Changes a file of one version into the next. Runs inside a transaction; the caller sets
// user_version, format and checksums.
using UpgradeStep = Result<> (*)(const Connection &db);

// One file of code per ten versions; element i leads to version 1 + i.
std::span<const UpgradeStep> upgradesTo1To10();

} // namespace flamewright
