#pragma once

#include "capture/session/record_sink.h"
#include "importers/firefox/firefox_table.h"

#include <cstdint>
#include <string>

namespace flamewright::firefox {

// Something that was counted along with the samples: memory, power, bandwidth.
struct Counter {
    enum Column : std::size_t { kTime, kTimeDelta, kCount };

    std::string name, category;
    std::int64_t pid = -1;
    Table samples;

    // The value at hand, an object.
    void read(JsonPull &json);
    // Of memory, whose points are changes, the sum so far.
    Result<> write(std::int64_t shift, RecordSink &sink, JobContext &job) const;
};

} // namespace flamewright::firefox
