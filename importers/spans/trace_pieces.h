#pragma once

#include "importers/importer.h"
#include "importers/io/text_source.h"
#include "importers/text/json_elements.h"

#include <functional>
#include <string_view>

namespace flamewright {

// What Jaeger and Zipkin have in common: JSON of any size that is read piece by piece, where damage
// costs a piece.
class TracePieces {
public:
    TracePieces(ImportRun run, JsonElements::Wanted wanted);
    // `read`: whether the piece was sound.
    Result<> each(const std::function<bool(const JsonElements::Piece &)> &read);
    // Is an error when nothing could be read.
    Result<> finish(std::string_view tool);

private:
    ImportRun m_run;
    TextSource m_text;
    JsonElements m_elements;
    std::uint64_t m_sound = 0;
    std::uint64_t m_damaged = 0;
};

// Microseconds, or what is nearest to them in nanoseconds.
std::uint64_t nanosOfMicros(std::uint64_t micros);
// When a span of so many nanoseconds ends; before its begin when that is negative.
std::uint64_t endAfter(std::uint64_t begin, std::int64_t nanoseconds);
std::int64_t signedNanosOfMicros(std::int64_t micros);

} // namespace flamewright
