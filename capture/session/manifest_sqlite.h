#pragma once

#include "capture/session/chunk_row.h"
#include "capture/session/connection_sqlite.h"

#include <cstdint>
#include <string_view>

// Checksums over everything in a session that is not a chunk. See FORMAT.md.
namespace flamewright {

// The uuid of the one row of `session`.
Result<SessionUuid> sessionUuid(const Connection &db);

// Over the row of the capture, but for `sum`, and its rows of module, track, measure, note and
// provenance. Errc::NotFound without such a capture.
Result<std::uint64_t> captureManifest(const Connection &db, const SessionUuid &uuid,
                                      std::int64_t capture);
// Writes it into the row.
Result<> sealCapture(const Connection &db, const SessionUuid &uuid, std::int64_t capture);
// Errc::Corrupt when the row and its rows elsewhere are not what was written.
Result<> checkCapture(const Connection &db, const SessionUuid &uuid, std::int64_t capture);

// Over session (but for `sum`), format, feature, the keys and sums of saved, and the number of
// captures.
Result<> sealSession(const Connection &db, std::uint32_t version);
Result<> checkSession(const Connection &db, std::uint32_t version);

std::uint64_t savedSum(const SessionUuid &uuid, std::string_view key, std::string_view value);

} // namespace flamewright
