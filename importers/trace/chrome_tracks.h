#pragma once

#include "capture/base/intern_table.h"
#include "capture/session/record_sink.h"

#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

struct ChromeThread {
    TrackId process, thread;
};

// The tracks of a trace in Chrome's format. Processes and threads are numbers, or texts, which some
// tools write ("GPU 0", "stream 7"). Their names come in events of their own, sooner or later.
class ChromeTracks {
public:
    explicit ChromeTracks(RecordSink &sink) : m_sink(sink) {}

    // Without `tid`: the process itself.
    ChromeThread thread(std::string_view pid, std::string_view tid)
    {
        if (pid != m_lastPid || tid != m_lastTid || m_last.process.raw == 0)
            find(pid, tid);
        return m_last;
    }
    TrackId process(std::string_view pid) { return thread(pid, {}).process; }
    // What is asynchronous in a process, by category.
    TrackId async(TrackId process, std::string_view category);
    // A series of a counter.
    TrackId counter(TrackId process, std::string_view name, std::string_view id,
                    std::string_view series);

private:
    void find(std::string_view pid, std::string_view tid);
    ChromeThread add(std::string_view pid, std::string_view tid);

    RecordSink &m_sink;
    std::string m_lastPid, m_lastTid; // events often come in runs of one thread
    ChromeThread m_last;
    InternTable m_threadIndex;
    std::vector<ChromeThread> m_threads{1}; // by number; 0 is none
    InternTable m_otherIndex;
    std::vector<TrackId> m_others{1};
};

} // namespace flamewright
