#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flamewright {

// Load generators append to a file that exists. Tells the runs in it apart: by the time that
// nothing happened, by a clock that goes far back, or because the file says so.
// Rows come when they are complete, so that their begins jump about by as much as the longest
// response.
class RunSplitter {
public:
    // Whether the row [beginNs, endNs) belongs to another run than the one before. Rows without a
    // time do not ask.
    bool isNewRun(std::int64_t beginNs, std::int64_t endNs);
    // The file says that a run begins: a header line again.
    void markNewRun();

    unsigned run() const { return m_run; }            // 1, 2 ...
    std::string_view phase() const { return m_name; } // "run 1"
    std::int64_t gapNs() const { return m_gap; }      // before this run; 0: the file said so

private:
    void begin(std::int64_t gapNs);

    unsigned m_run = 1;
    std::string m_name = "run 1";
    bool m_any = false, m_marked = false;
    std::int64_t m_firstBegin = 0, m_lastEnd = 0; // of this run
    std::int64_t m_largestPause = -1;             // within runs; -1: not known yet
    std::int64_t m_gap = 0;
};

} // namespace flamewright
