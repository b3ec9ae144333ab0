#pragma once

#include "importers/importer.h"
#include "importers/perf_data/blocks.h"
#include "importers/perf_data/event_order.h"
#include "importers/perf_data/events.h"
#include "importers/perf_data/features.h"
#include "importers/perf_data/input_stream.h"
#include "importers/perf_data/modules.h"
#include "importers/perf_data/processes.h"
#include "importers/perf_data/record_reader.h"
#include "importers/perf_data/sample.h"
#include "importers/perf_data/stacks.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace flamewright {

// A note that may be counted once per record: one addition, and said at the end.
struct PerfCount {
    std::uint64_t times = 0, firstOffset = 0;
    void add(std::uint64_t offset, std::uint64_t n = 1)
    {
        if (times == 0)
            firstOffset = offset;
        times = times + n < times ? UINT64_MAX : times + n;
    }
};

// The records of one perf.data on their way into the sink: puts them into order, keeps processes
// and maps up to date, writes samples.
class PerfImport {
public:
    PerfImport(ImportRun run, bool swap);

    PerfEvents &events() { return m_events; }
    PerfFeatures &features() { return m_features; }
    PerfBlocks &blocks() { return m_blocks; }

    // Reads all records. Damage ends it early and is noted.
    Result<> readAll(PerfInputStream &input, PerfRecordReader &reader);
    // Delivers what waits for order or for its deferred half, and writes the notes.
    void finish();

private:
    // A sample whose user part comes when the thread returns to user space.
    struct Waiting {
        std::uint64_t cookie;
        std::int32_t pid, tid;
        Sample sample;
        std::vector<PerfChainEntry> kernelPart;
        std::uint64_t offset;
    };

    void take(const PerfRecord &record);
    void takeUser(const PerfRecord &record);
    void deliver(const PerfRecord &record);
    void noteStreamEnd(const PerfRecordReader &reader);

    void sample(const PerfRecord &record);
    void addSample(PerfEvent &event, const PerfSample &sample, const PerfRecord &record);
    void deferredChain(const PerfRecord &record);
    void emitWaiting(const Waiting &waiting, std::span<const std::byte> userWords);
    void mmap(const PerfRecord &record);
    void comm(const PerfRecord &record);
    void fork(const PerfRecord &record);
    void ksymbol(const PerfRecord &record);
    void lost(const PerfRecord &record);
    void headerAttr(const PerfRecord &record);
    void eventType(const PerfRecord &record);
    void eventUpdate(const PerfRecord &record);
    // The body without the fields that sample_id_all adds.
    std::span<const std::byte> withoutTrailer(const PerfRecord &record);

    ImportRun m_run;
    RecordSink &m_sink;
    bool m_swap;
    PerfBlocks m_blocks;
    PerfEventOrder m_order;
    PerfEvents m_events;
    PerfModules m_modules;
    PerfProcesses m_processes;
    PerfFeatures m_features;
    PerfStacks m_stacks;
    std::vector<PerfChainEntry> m_chain;
    std::deque<Waiting> m_waiting;

    PerfCount m_lost, m_lostSamples, m_throttled, m_unknownRecords, m_unknownIds, m_badRecords,
        m_badSamples, m_userStacks, m_branches, m_aux, m_deferredMissing, m_clamped;
};

} // namespace flamewright
