#include "importers/spans/span_writer.h"

namespace flamewright {
namespace {

constexpr std::size_t kMaxPendingLinks = 1u << 18;
constexpr std::size_t kMaxName = 1u << 10; // a name is read as a whole; the rest is no name

std::string_view nameOf(std::string_view text)
{
    return firstBytes(text, kMaxName);
}

} // namespace

SpanWriter::SpanWriter(RecordSink &sink) : m_sink(sink)
{
    sink.setWallOffset(0);
}

TrackId SpanWriter::service(std::string_view name)
{
    if (name.empty())
        name = "unknown_service";
    if (m_lastService.raw == 0 || m_lastServiceName != name) {
        m_lastServiceName = name;
        m_lastService = m_sink.track({.kind = TrackKind::Service, .name = nameOf(name)});
    }
    return m_lastService;
}

Timestamp SpanWriter::timeOf(std::uint64_t epochNs, std::uint64_t offset)
{
    if (epochNs > static_cast<std::uint64_t>(INT64_MAX)) {
        m_sink.note(Severity::DataLoss, "span_time_saturated", offset,
                    "a time after the year 2262 was moved there: " + std::to_string(epochNs));
        epochNs = static_cast<std::uint64_t>(INT64_MAX);
    }
    return Timestamp(Duration(static_cast<std::int64_t>(epochNs)));
}

std::string_view SpanWriter::argsOf(Attributes &attributes, std::uint64_t offset)
{
    const auto json = attributes.json();
    if (attributes.shortened())
        m_sink.note(Severity::DataLoss, "attributes_shortened", offset,
                    "attributes that are very long were shortened");
    return json;
}

bool SpanWriter::span(const SpanFields &fields)
{
    const auto begin = fields.begin ? fields.begin : fields.end;
    if (!begin) {
        m_sink.note(Severity::DataLoss, "span_no_time", fields.offset,
                    "a span without any time cannot be placed: " +
                        std::string(nameOf(fields.name)));
        return false;
    }
    const auto key = SpanIndex::keyOf(fields.trace, fields.span);
    m_index.prefetch(key);
    Slice slice{.begin = timeOf(*begin, fields.offset),
                .length = Duration(0),
                .track = fields.service,
                .name = m_sink.string(nameOf(fields.name)),
                .depth = kFreeLane,
                .kind = fields.kind,
                .flags = fields.flags,
                .trace = m_sink.string(fields.trace),
                .span = fields.span,
                .parent = fields.parent,
                .args = m_sink.text(fields.args)};
    if (nameOf(fields.name).size() != fields.name.size())
        m_sink.note(Severity::DataLoss, "span_name_cut", fields.offset,
                    "names that are very long were cut");
    if (!fields.begin) {
        slice.flags |= kSliceNoBegin;
        m_sink.note(Severity::Notice, "span_no_begin", fields.offset,
                    "a span has an end and no begin");
    } else if (!fields.end) {
        slice.flags |= kSliceNoEnd;
        m_sink.note(Severity::Notice, "span_no_end", fields.offset,
                    "a span has no end: it had not finished, or nobody said when");
    } else if (*fields.end < *fields.begin) {
        m_sink.note(Severity::Notice, "span_backward", fields.offset,
                    "a span ends before it begins; shown without a length");
    } else {
        slice.length = timeOf(*fields.end, fields.offset) - slice.begin;
    }
    if (fields.span != 0) {
        const auto *known = m_index.add(
            {.key = key, .begin = slice.begin, .track = slice.track, .kind = slice.kind});
        // The halves of a shared span are of different kinds.
        if (known != nullptr && known->kind == slice.kind)
            m_sink.note(Severity::Notice, "span_duplicate_id", fields.offset,
                        "a trace has several spans of one id; all of them are kept");
    } else {
        m_sink.note(Severity::Notice, "span_no_id", fields.offset, "a span has no id");
    }
    m_sink.add(slice);
    m_last = slice;
    m_lastOffset = fields.offset;
    ++m_spans;
    return true;
}

bool SpanWriter::knows(std::string_view trace, std::uint64_t span, SliceKind kind) const
{
    const auto *place = m_index.find(SpanIndex::keyOf(trace, span));
    return place != nullptr && place->kind == kind;
}

void SpanWriter::event(std::string_view name, std::optional<std::uint64_t> time,
                       Attributes &attributes)
{
    if (!time)
        m_sink.note(Severity::Notice, "event_no_time", m_lastOffset,
                    "an event without a time is put where its span begins");
    m_sink.add(Slice{.begin = time ? timeOf(*time, m_lastOffset) : m_last.begin,
                     .length = Duration(0),
                     .track = m_last.track,
                     .name = m_sink.string(nameOf(name)),
                     .kind = SliceKind::Instant,
                     .trace = m_last.trace,
                     .parent = m_last.span,
                     .args = m_sink.text(argsOf(attributes, m_lastOffset))});
}

void SpanWriter::log(const LogFields &fields)
{
    if (!fields.time) {
        m_sink.note(Severity::DataLoss, "log_no_time", fields.offset,
                    "a record of a log without any time cannot be placed");
        return;
    }
    m_sink.add(Slice{.begin = timeOf(*fields.time, fields.offset),
                     .length = Duration(0),
                     .track = fields.service,
                     .name = m_sink.string(nameOf(fields.name)),
                     .kind = SliceKind::Log,
                     .flags = std::uint8_t(fields.failed ? kSliceError : 0),
                     .trace = m_sink.string(fields.trace),
                     .parent = fields.span,
                     .args = m_sink.text(fields.args)});
}

void SpanWriter::link(std::string_view trace, std::uint64_t span)
{
    m_links.push_back({.key = SpanIndex::keyOf(trace, span),
                       .fromSpan = span,
                       .toSpan = m_last.span,
                       .begin = m_last.begin,
                       .track = m_last.track});
    if (m_links.size() >= kMaxPendingLinks)
        writeLinks();
}

void SpanWriter::writeLinks()
{
    if (!m_links.empty())
        m_linkName = m_sink.string("link");
    for (const auto &link : m_links) {
        const auto *from = m_index.find(link.key);
        if (from == nullptr)
            m_sink.note(Severity::Notice, "link_to_unknown_span", 0,
                        "a span is linked to one that is not in the file");
        const auto begin = from != nullptr ? from->begin : link.begin;
        m_sink.add(Flow{.begin = begin,
                        .length = link.begin - begin,
                        .from = from != nullptr ? from->track : link.track,
                        .to = link.track,
                        .name = m_linkName,
                        .fromSpan = link.fromSpan,
                        .toSpan = link.toSpan});
    }
    m_links.clear();
}

void SpanWriter::finish()
{
    writeLinks();
    if (m_index.forgets())
        m_sink.note(Severity::Info, "span_ids_not_all_checked", 0,
                    "the file has so many spans that ids were only compared with those of spans "
                    "that are near");
}

} // namespace flamewright
