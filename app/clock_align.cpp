#include "app/clock_align.h"

#include "app/span_rows.h"
#include "app/workbench.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <optional>
#include <string>

namespace flamewright {
namespace {

Result<std::int64_t> firstOf(SessionReader &reader, CaptureId capture, std::string_view name,
                             JobContext &job)
{
    FW_ASSIGN(const auto dimensions, loadDimensions(reader, capture, job));
    std::uint32_t wanted = 0;
    for (std::uint32_t id = 1; id < dimensions->strings.size() && wanted == 0; ++id) {
        if (dimensions->strings.text(StringId{id}) == name)
            wanted = id;
    }
    std::optional<std::int64_t> first;
    if (wanted != 0) {
        FW_TRY(
            reader.scan(capture, ChunkKind::Slices, {}, job, [&](const Chunk &chunk) -> Result<> {
                FW_ASSIGN(const auto rows, decodeSlices(chunk));
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    const auto begin = rows.begin[i].time_since_epoch().count();
                    if (rows.name[i].raw == wanted && (!first || begin < *first))
                        first = begin;
                }
                return {};
            }));
    }
    if (!first)
        return fail(Errc::NotFound, "nothing in capture " + std::to_string(capture.raw) +
                                        " is called \"" + std::string(name) + "\"");
    return *first;
}

} // namespace

Result<ClockOffset> offsetByCalls(SessionReader &reader, CaptureId reference, CaptureId other,
                                  JobContext &job)
{
    FW_ASSIGN(const auto here, spanRows(reader, Scope{.captures = {reference}}, job));
    FW_ASSIGN(const auto there, spanRows(reader, Scope{.captures = {other}}, job));
    const auto offset = offsetByTraceContext(here.rows, there.rows);
    if (!offset)
        return fail(Errc::NotFound, "no call goes from one capture to the other: no span has its "
                                    "parent in the other one");
    return *offset;
}

Result<ClockOffset> offsetByEvent(SessionReader &reader, CaptureId reference, CaptureId other,
                                  std::string_view name, JobContext &job)
{
    FW_ASSIGN(const auto here, firstOf(reader, reference, name, job));
    FW_ASSIGN(const auto there, firstOf(reader, other, name, job));
    ClockOffset out;
    if (__builtin_sub_overflow(here, there, &out.ns))
        return fail(Errc::Limit, "the two are further apart than time can be written");
    return out;
}

Result<> alignClocks(Session &session, const CaptureInfo &reference, CaptureId other,
                     std::int64_t offsetNs)
{
    if (!reference.meta.wallOffsetNs)
        FW_TRY(session.setWallOffset(reference.id, 0));
    return session.setWallOffset(other,
                                 saturatingAdd(reference.meta.wallOffsetNs.value_or(0), offsetNs));
}

Result<> shiftClock(Session &session, const CaptureInfo &capture, std::int64_t byNs)
{
    return session.setWallOffset(capture.id,
                                 saturatingAdd(capture.meta.wallOffsetNs.value_or(0), byNs));
}

} // namespace flamewright
