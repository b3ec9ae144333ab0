#pragma once

#include "importers/load/summary_writer.h"

#include <string_view>
#include <vector>

namespace flamewright {

struct SiegeFigure;

// The figures at the end of what siege prints, as text or as JSON (-j), which both have one a line:
//   Response time:		        0.06 secs
//   "response_time":		        0.05,
class SiegeFigures {
public:
    explicit SiegeFigures(RecordSink &sink) : m_out(sink) {}

    // False when the line is none of them. They are kept until finish(): the time that they are of
    // stands among them.
    bool line(std::string_view text);
    std::uint64_t finish();

private:
    struct Kept {
        const SiegeFigure *figure;
        double value;
    };
    SummaryWriter m_out;
    std::vector<Kept> m_kept;
    Duration m_length{0};
};

// Whether it is the JSON of siege -j.
bool headHasSiegeKeys(std::string_view head);

} // namespace flamewright
