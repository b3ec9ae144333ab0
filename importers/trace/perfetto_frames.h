#pragma once

#include "importers/trace/task_tracks.h"
#include "importers/trace/trace_builder.h"

#include <cstdint>
#include <string_view>

namespace flamewright::perfetto {

// Messages FrameTimelineEvent of Android: when the frames of a process were expected and when they were
// made, as asynchronous slices. False for a damaged one.
bool takeFrameEvent(std::string_view message, Timestamp time, std::uint64_t offset,
                    RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks);

} // namespace flamewright::perfetto
