#pragma once

#include "capture/session/record_sink.h"
#include "importers/firefox/firefox_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright::firefox {

// A program or library. Of raw profiles, where it was mapped.
struct Lib {
    std::string name, path, id;
    std::uint64_t start = 0, end = 0;
};
void readLibs(JsonPull &json, JobContext &job, std::vector<Lib> &libs);

// What threads have of their own or share: functions, frames and stacks.
struct Tables {
    // Columns by place; the names are those of the file, in firefox_thread.cpp.
    enum FrameColumn : std::size_t { kLocation, kFunc, kFrameAddress, kFrameLine };
    enum FuncColumn : std::size_t { kFuncName, kResource, kFileName, kSource, kFuncLine };
    enum StackColumn : std::size_t { kFrame, kPrefix, kPrefixOffset };
    enum ResourceColumn : std::size_t { kResourceLib, kResourceName };

    Strings strings;
    Table frames, funcs, stacks, resources;
    Table sources; // column 0: the number of its name
    bool hasStacks = false;
    bool raw = false; // frames have texts for locations: Gecko's own form

    // Reads the member at hand when it is one of these.
    bool member(JsonPull &json);
};

// A marker's own values as canonical JSON, and what there is of times in them.
struct MarkerData {
    std::size_t row = 0;
    TextId args;
    std::int64_t begin = kNull, end = kNull;
    enum class Edge : std::uint8_t { None, Start, End } edge = Edge::None;
};
class MarkerDataReader {
public:
    explicit MarkerDataReader(RecordSink &sink) : m_sink(sink) {}
    MarkerData read(JsonPull &json, std::size_t row);

private:
    RecordSink &m_sink;
    std::vector<std::pair<std::string, std::string>> m_members;
    std::string m_text;
};

struct Thread {
    enum SampleColumn : std::size_t { kStack, kTime, kTimeDelta, kWeight, kCpuDelta };
    enum MarkerColumn : std::size_t { kName, kMarkerTime, kStart, kEnd, kPhase };

    std::string name, processName, processType, pidText;
    std::int64_t pid = -1, tid = -1;
    Tables own;
    std::vector<Lib> libs;
    Table samples, nativeAllocations, jsAllocations, markers;
    std::vector<MarkerData> data;

    // The value at hand, an object.
    void read(JsonPull &json, JobContext &job, RecordSink &sink);
};

// Stacks of the sink for those of the tables.
class StackBuilder {
public:
    StackBuilder(const Tables &tables, const std::vector<Lib> &libs, RecordSink &sink);
    Result<> build(JobContext &job);
    // Empty for none, and for a number that is none of theirs.
    StackId at(std::int64_t index) const
    {
        return index < 0 || static_cast<std::size_t>(index) >= m_stacks.size()
                   ? StackId()
                   : m_stacks[static_cast<std::size_t>(index)];
    }
    bool has(std::int64_t index) const
    {
        return index >= 0 && static_cast<std::size_t>(index) < m_stacks.size();
    }

private:
    FrameId frameAt(std::int64_t row);
    FrameId processedFrame(std::size_t row);
    FrameId rawFrame(std::size_t row);
    FrameId addressFrame(const Lib *lib, std::uint64_t address);
    ModuleId moduleOf(const Lib &lib);
    const Lib *libAt(std::uint64_t address) const;

    const Tables &m_tables;
    const std::vector<Lib> &m_libs;
    std::vector<const Lib *> m_byStart;
    RecordSink &m_sink;
    std::vector<FrameId> m_frames;
    std::vector<bool> m_framesMade;
    std::vector<StackId> m_stacks;
};

} // namespace flamewright::firefox
