#include "importers/pprof/profile_tables.h"

#include <algorithm>
#include <protozero/pbf_reader.hpp>

namespace flamewright::pprof {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

// Rows of one table; above it, the input is an attack on memory.
constexpr std::size_t kMaxRows = 1u << 25;

// Fields of message Profile.
enum ProfileField : std::uint32_t {
    kSampleType = 1,
    kSample = 2,
    kMapping = 3,
    kLocation = 4,
    kFunction = 5,
    kStringTable = 6,
    kDropFrames = 7,
    kKeepFrames = 8,
    kTimeNanos = 9,
    kDurationNanos = 10,
    kPeriodType = 11,
    kPeriod = 12,
    kComment = 13,
    kDefaultSampleType = 14,
    kDocUrl = 15
};

// protozero asserts that the getter fits the wire type, so ask first. A known field of another
// type is as good as unknown: skipped.
std::uint64_t varint(pbf_reader &field)
{
    if (field.wire_type() == pbf_wire_type::varint)
        return field.get_uint64();
    field.skip();
    return 0;
}

std::int64_t signedVarint(pbf_reader &field)
{
    return static_cast<std::int64_t>(varint(field));
}

std::string_view message(pbf_reader &field)
{
    if (field.wire_type() != pbf_wire_type::length_delimited) {
        field.skip();
        return {};
    }
    const auto view = field.get_view();
    return {view.data(), view.size()};
}

// A repeated integer, packed or one by one.
template <class Each>
void varints(pbf_reader &field, Each each)
{
    if (field.wire_type() == pbf_wire_type::varint) {
        each(field.get_uint64());
    } else if (field.wire_type() == pbf_wire_type::length_delimited) {
        for (const auto value : field.get_packed_uint64())
            each(value);
    } else {
        field.skip();
    }
}

// Calls `each` for every field. False when the message is damaged: protozero says so by
// exceptions, which end here.
template <class Each>
bool decode(std::string_view bytes, Each each)
{
    try {
        pbf_reader field(bytes.data(), bytes.size());
        while (field.next())
            each(field);
        return true;
    } catch (const protozero::exception &) {
        return false;
    }
}

bool decodeInto(std::string_view bytes, ValueType &out)
{
    return decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: out.type = signedVarint(field); break;
        case 2: out.unit = signedVarint(field); break;
        default: field.skip();
        }
    });
}

bool decodeInto(std::string_view bytes, Mapping &out)
{
    return decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: out.id = varint(field); break;
        case 2: out.start = varint(field); break;
        case 3: out.limit = varint(field); break;
        case 4: out.fileOffset = varint(field); break;
        case 5: out.file = signedVarint(field); break;
        case 6: out.buildId = signedVarint(field); break;
        default: field.skip();
        }
    });
}

bool decodeInto(std::string_view bytes, Function &out)
{
    return decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: out.id = varint(field); break;
        case 2: out.name = signedVarint(field); break;
        case 3: out.systemName = signedVarint(field); break;
        case 4: out.file = signedVarint(field); break;
        default: field.skip();
        }
    });
}

// While decoding, a line holds the id of its function; resolved when all functions are known.
struct PendingLine {
    std::uint64_t functionId = 0;
    std::int64_t line = 0;
};

bool decodeInto(std::string_view bytes, PendingLine &out)
{
    return decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: out.functionId = varint(field); break;
        case 2: out.line = signedVarint(field); break;
        default: field.skip();
        }
    });
}

bool decodeInto(std::string_view bytes, Label &out)
{
    return decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: out.key = signedVarint(field); break;
        case 2: out.text = signedVarint(field); break;
        case 3: out.number = signedVarint(field); break;
        case 4: out.unit = signedVarint(field); break;
        default: field.skip();
        }
    });
}

bool decodeInto(std::string_view bytes, SampleRow &out)
{
    out.locations.clear();
    out.values.clear();
    out.labels.clear();
    bool good = true;
    good &= decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: varints(field, [&](auto id) { out.locations.push_back(id); }); break;
        case 2:
            varints(field, [&](auto v) { out.values.push_back(static_cast<std::int64_t>(v)); });
            break;
        case 3: good &= decodeInto(message(field), out.labels.emplace_back()); break;
        default: field.skip();
        }
    });
    return good;
}

class TableDecoder {
public:
    TableDecoder(std::string_view bytes, RecordSink &sink) : m_bytes(bytes), m_sink(sink) {}
    Result<Tables> run();

private:
    void field(pbf_reader &field);
    void location(std::string_view bytes);
    template <class Row>
    void row(std::vector<Row> &table, std::string_view bytes)
    {
        Row decoded;
        check(decodeInto(bytes, decoded));
        table.push_back(decoded);
        m_full |= table.size() >= kMaxRows;
    }
    void check(bool good)
    {
        if (!good)
            m_sink.note(Severity::DataLoss, "pprof_bad_message", m_offset,
                        "a part of the profile cannot be decoded");
    }
    void resolve();

    std::string_view m_bytes;
    RecordSink &m_sink;
    Tables m_out;
    std::vector<PendingLine> m_lines;
    std::uint64_t m_offset = 0; // of the field being read
    std::uint64_t m_known = 0;  // fields
    bool m_full = false;
};

void TableDecoder::location(std::string_view bytes)
{
    Location out;
    out.lineBegin = static_cast<std::uint32_t>(m_lines.size());
    check(decode(bytes, [&](pbf_reader &field) {
        switch (field.tag()) {
        case 1: out.id = varint(field); break;
        case 2: out.mappingId = varint(field); break;
        case 3: out.address = varint(field); break;
        case 4:
            if (m_lines.size() < kMaxRows)
                check(decodeInto(message(field), m_lines.emplace_back()));
            else
                m_full = true, field.skip();
            break;
        case 5: out.folded = varint(field) != 0; break;
        default: field.skip();
        }
    }));
    out.lineEnd = static_cast<std::uint32_t>(m_lines.size());
    m_out.locations.push_back(out);
    m_full |= m_out.locations.size() >= kMaxRows;
}

void TableDecoder::field(pbf_reader &field)
{
    ++m_known;
    switch (field.tag()) {
    case kSampleType: row(m_out.sampleTypes, message(field)); return;
    case kSample:
        ++m_out.samples;
        field.skip();
        return;
    case kMapping: row(m_out.mappings, message(field)); return;
    case kLocation: location(message(field)); return;
    case kFunction: row(m_out.functions, message(field)); return;
    case kStringTable:
        m_out.strings.push_back(message(field));
        m_full |= m_out.strings.size() >= kMaxRows;
        return;
    case kDropFrames: m_out.dropFrames = signedVarint(field); return;
    case kKeepFrames: m_out.keepFrames = signedVarint(field); return;
    case kTimeNanos: m_out.timeNanos = signedVarint(field); return;
    case kDurationNanos: m_out.durationNanos = signedVarint(field); return;
    case kPeriodType: check(decodeInto(message(field), m_out.periodType)); return;
    case kPeriod: m_out.period = signedVarint(field); return;
    case kComment:
        varints(field, [&](auto i) {
            if (m_out.comments.size() < 1000)
                m_out.comments.push_back(static_cast<StringIndex>(i));
        });
        return;
    case kDefaultSampleType: m_out.defaultSampleType = signedVarint(field); return;
    case kDocUrl: m_out.docUrl = signedVarint(field); return;
    default: // from a newer writer
        --m_known;
        field.skip();
    }
}

void TableDecoder::resolve()
{
    for (const auto &m : m_out.mappings)
        m_out.mappingIndex.add(m.id);
    for (const auto &f : m_out.functions)
        m_out.functionIndex.add(f.id);
    for (const auto &l : m_out.locations)
        m_out.locationIndex.add(l.id);
    const auto twice =
        m_out.mappingIndex.seal() + m_out.functionIndex.seal() + m_out.locationIndex.seal();
    m_sink.note(Severity::DataLoss, "pprof_duplicate_id", 0,
                "an id was given twice; the first one counts", twice);

    m_out.lines.reserve(m_lines.size());
    std::uint64_t unknown = 0;
    for (const auto &line : m_lines) {
        const auto function = m_out.functionIndex.find(line.functionId);
        // Id 0 means "no function", unless the file declares it.
        unknown += function == IdIndex::kNone && line.functionId != 0;
        m_out.lines.push_back({function, line.line});
    }
    m_sink.note(Severity::DataLoss, "pprof_unknown_function", 0,
                "a line refers to a function that is not in the file", unknown);

    std::uint64_t strings = 0;
    for (const auto &f : m_out.functions)
        strings += !m_out.has(f.name) + !m_out.has(f.systemName) + !m_out.has(f.file);
    for (const auto &m : m_out.mappings)
        strings += !m_out.has(m.file) + !m_out.has(m.buildId);
    for (const auto &t : m_out.sampleTypes)
        strings += !m_out.has(t.type) + !m_out.has(t.unit);
    m_sink.note(Severity::DataLoss, "pprof_bad_string", 0,
                "a name refers to a string that is not in the file", strings);
}

Result<Tables> TableDecoder::run()
{
    try {
        pbf_reader reader(m_bytes.data(), m_bytes.size());
        while (reader.next()) {
            field(reader);
            m_offset = m_bytes.size() - reader.length();
            if (m_full)
                return fail(Error(Errc::Limit, "the profile has more entries than fit into memory")
                                .at(m_offset));
        }
    } catch (const protozero::exception &) {
        if (m_out.sampleTypes.empty())
            return fail(
                Error(Errc::Corrupt, "this is not a pprof profile, or it is damaged").at(m_offset));
        m_sink.note(Severity::DataLoss, "pprof_cut_off", m_offset,
                    "the profile is cut off or damaged here; what comes before was read");
    }
    if (m_known == 0)
        return fail(Errc::Corrupt, "the profile is empty");
    if (m_out.sampleTypes.empty() && m_out.samples > 0)
        return fail(Errc::Corrupt, "the profile does not say what its samples measure");
    resolve();
    return std::move(m_out);
}

} // namespace

std::uint64_t IdIndex::seal()
{
    m_counting = true;
    for (std::size_t i = 0; i < m_rows.size() && m_counting; ++i)
        m_counting = m_rows[i].first == i + 1;
    if (m_counting)
        return 0;
    std::sort(m_rows.begin(), m_rows.end());
    std::uint64_t twice = 0;
    for (std::size_t i = 1; i < m_rows.size(); ++i)
        twice += m_rows[i].first == m_rows[i - 1].first;
    return twice;
}

std::uint32_t IdIndex::find(std::uint64_t id) const
{
    if (m_counting)
        return id >= 1 && id <= m_rows.size() ? static_cast<std::uint32_t>(id - 1) : kNone;
    const auto it = std::lower_bound(m_rows.begin(), m_rows.end(), std::pair(id, 0u));
    return it != m_rows.end() && it->first == id ? it->second : kNone;
}

Result<Tables> decodeTables(std::string_view bytes, RecordSink &sink)
{
    return TableDecoder(bytes, sink).run();
}

Result<> decodeSamples(std::string_view bytes,
                       const std::function<Result<>(SampleRow &, std::uint64_t)> &each,
                       const std::function<void(std::uint64_t)> &broken)
{
    SampleRow row;
    Result<> result;
    // Damage of the outer message was noted by decodeTables.
    try {
        pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next(kSample, pbf_wire_type::length_delimited)) {
            const auto sample = message(reader);
            const auto offset = bytes.size() - reader.length();
            if (!decodeInto(sample, row)) {
                broken(offset);
                continue;
            }
            result = each(row, offset);
            if (!result.has_value())
                return result;
        }
    } catch (const protozero::exception &) {
    }
    return result;
}

bool looksLikeProfile(std::string_view head, bool isAll)
{
    int types = 0, others = 0;
    bool sound = true;
    std::size_t end = 0; // of the last whole field
    const bool whole = decode(head, [&](pbf_reader &field) {
        const auto tag = field.tag();
        const auto wire = field.wire_type();
        const bool isMessage = (tag >= kSampleType && tag <= kStringTable) || tag == kPeriodType;
        if (tag > kDocUrl) { // from a newer writer
            field.skip();
        } else if (tag != kComment &&
                   wire != (isMessage ? pbf_wire_type::length_delimited : pbf_wire_type::varint)) {
            sound = false;
            field.skip();
        } else if (tag == kSampleType) {
            // Two small integers; a nested message or text has other fields.
            sound &= decode(message(field), [&](pbf_reader &inner) {
                sound &= inner.tag() <= 2 && inner.wire_type() == pbf_wire_type::varint;
                inner.skip();
            });
            ++types;
        } else if (tag == kSample || tag == kLocation || tag == kFunction) {
            sound &= decode(message(field), [&](pbf_reader &inner) {
                sound &= inner.tag() <= 5;
                inner.skip();
            });
            ++others;
        } else {
            others += tag == kStringTable;
            field.skip();
        }
        end = head.size() - field.length();
    });
    // A head that ends inside of a field cannot be told from damage; then at least something
    // whole must have come before.
    return sound && types > 0 && others > 0 && (whole || !isAll || end > head.size() / 2);
}

} // namespace flamewright::pprof
