#include "importers/load/request_writer.h"

#include "importers/text/number_text.h"

#include <algorithm>

namespace flamewright {
namespace {

// Tracks are rows that people join by hand and that every view lists: enough for addresses with
// ids in them, not for one name per request.
constexpr std::uint32_t kMaxNames = 400'000;

struct Status {
    std::uint16_t number = 0;
    bool isNumber = true;
};

// "0404" and "+200" are texts: the number would not show what the file says.
Status statusOf(std::string_view text)
{
    if (text.empty())
        return {};
    const auto number = parseUnsigned(text);
    if (!number || *number > UINT16_MAX || (text.front() == '0' && text.size() > 1))
        return {0, false};
    return {static_cast<std::uint16_t>(*number), true};
}

} // namespace

// Messages may be different for every request; when they have filled most of what there is room
// for, new ones are left out rather than the requests.
StringId RequestWriter::textOf(std::string_view text, std::uint64_t offset)
{
    if (text.empty() || m_sink.dimensionBytes() < m_sink.maxDimensionBytes() / 4 * 3)
        return m_sink.string(text);
    const auto known = m_sink.findString(text);
    if (known.raw == 0)
        m_sink.note(Severity::DataLoss, "too_many_texts", offset,
                    "there are so many distinct messages that the later ones were left out");
    return known;
}

TrackId RequestWriter::trackOf(Names &names, std::string_view name, std::uint64_t offset)
{
    if (name.empty())
        return {};
    if (names.count >= kMaxNames) {
        // Only names that are known already; the rest shares one row and takes no text.
        const auto id = m_sink.findString(name).raw;
        if (id < names.byString.size() && names.byString[id].raw != 0)
            return names.byString[id];
        m_sink.note(Severity::DataLoss, "too_many_names", offset,
                    "there are so many distinct names that the later ones were put together");
        return m_sink.track({.kind = names.kind, .name = names.others});
    }
    const auto id = m_sink.string(name).raw;
    if (id >= names.byString.size())
        names.byString.resize(std::max<std::size_t>(id + 1, names.byString.size() * 2));
    auto &track = names.byString[id];
    if (track.raw == 0) {
        track = m_sink.track({.kind = names.kind, .name = name});
        ++names.count;
    }
    return track;
}

TrackId RequestWriter::endpoint(std::string_view name, std::uint64_t offset)
{
    return trackOf(m_endpoints, name.empty() ? "(no name)" : name, offset);
}

TrackId RequestWriter::worker(std::string_view name, std::uint64_t offset)
{
    return trackOf(m_workers, name, offset);
}

Timestamp RequestWriter::at(std::int64_t epochNs)
{
    if (!m_zero) {
        m_zero = epochNs;
        m_sink.setWallOffset(epochNs);
    }
    std::int64_t ns = 0;
    if (__builtin_sub_overflow(epochNs, *m_zero, &ns) || ns == INT64_MIN)
        ns = epochNs < *m_zero ? INT64_MIN + 1 : INT64_MAX;
    return Timestamp{Duration{ns}};
}

void RequestWriter::add(const RequestRow &row, std::uint64_t offset)
{
    if (row.latency < Duration{0})
        m_sink.note(Severity::Notice, "negative_latency", offset,
                    "a response came before its request");
    const auto status = statusOf(row.status);
    m_sink.add(
        Request{.begin = row.beginEpochNs ? at(*row.beginEpochNs) : kNoTime,
                .latency = std::max(row.latency, Duration{0}),
                .endpoint = endpoint(row.endpoint, offset),
                .status = status.number,
                .ok = row.ok,
                .bytesIn = row.bytesIn,
                .bytesOut = row.bytesOut,
                .worker = row.workerTrack.raw != 0 ? row.workerTrack : worker(row.worker, offset),
                .phase = textOf(row.phase, offset),
                .statusText = status.isNumber ? StringId{} : textOf(row.status, offset),
                .error = textOf(row.error, offset),
                .kind = row.kind,
                .connect = row.connect,
                .firstByte = row.firstByte,
                .labels = textOf(row.labels, offset)});
}

} // namespace flamewright
