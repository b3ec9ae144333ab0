#include "importers/trace/perfetto_frames.h"

#include "importers/json_text.h"
#include "importers/trace/proto_fields.h"

#include <array>
#include <string>

namespace flamewright::perfetto {
namespace {

// Which of the oneof of FrameTimelineEvent it is.
enum FrameField : std::uint32_t {
    kExpectedDisplay = 1,
    kActualDisplay = 2,
    kExpectedSurface = 3,
    kActualSurface = 4,
    kFrameEnd = 5
};

constexpr std::uint32_t kMaxField = 16;

} // namespace

bool takeFrameEvent(std::string_view message, Timestamp time, std::uint64_t offset,
                    RecordSink &sink, TraceBuilder &trace, TaskTracks &tasks)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    bool good = true;
    while (fields.next(field)) {
        if (!field.isBytes || field.tag > kFrameEnd)
            continue;
        std::array<std::uint64_t, kMaxField> number{};
        std::string_view layer;
        const bool ofSurface = field.tag == kExpectedSurface || field.tag == kActualSurface;
        ProtoFields parts(field.bytes);
        ProtoFields::Field part;
        while (parts.next(part)) {
            if (part.tag < number.size())
                number[part.tag] = part.number;
            if (ofSurface && part.tag == 5)
                layer = part.bytes;
        }
        good &= !parts.damaged();
        const auto key = traceKey({"frame", std::to_string(number[1])});
        if (field.tag == kFrameEnd) {
            const auto lost = sink.track({.kind = TrackKind::Async, .name = "frames"});
            trace.asyncEnd(lost, key, time, {}, offset);
            continue;
        }
        const bool isActual = field.tag == kActualDisplay || field.tag == kActualSurface;
        const auto pid = static_cast<std::int32_t>(number[ofSurface ? 4 : 3] & INT32_MAX);
        std::string args = "{";
        if (isActual) // numbers of enumerations that grow with each version of Android
            args += "\"jank\":" + std::to_string(number[ofSurface ? 9 : 7]) + ",";
        if (!layer.empty()) {
            args += "\"layer\":";
            appendJsonString(args, layer);
            args += ",";
        }
        args += "\"token\":" + std::to_string(number[2]) + "}";
        const auto track = sink.track({.kind = TrackKind::Async,
                                       .name = isActual ? "actual frames" : "expected frames",
                                       .parent = tasks.process(pid)});
        trace.asyncBegin(track, key, time,
                         sink.string(ofSurface ? "surface frame" : "display frame"), args, offset);
    }
    return good && !fields.damaged();
}

} // namespace flamewright::perfetto
