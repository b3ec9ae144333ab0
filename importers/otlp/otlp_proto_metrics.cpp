#include "importers/otlp/otlp_proto.h"
#include "importers/otlp/proto_fields.h"

#include <algorithm>
#include <bit>

namespace flamewright {
namespace {

constexpr std::uint32_t kNoTag = 0;

bool kindOf(std::uint32_t tag, OtlpMetricKind &kind)
{
    switch (tag) {
    case 5: kind = OtlpMetricKind::Gauge; return true;
    case 7: kind = OtlpMetricKind::Sum; return true;
    case 9: kind = OtlpMetricKind::Histogram; return true;
    case 10: kind = OtlpMetricKind::ExponentialHistogram; return true;
    case 11: kind = OtlpMetricKind::Summary; return true;
    default: return false;
    }
}

bool readBuckets(std::string_view bytes, std::int64_t &offset, OtlpPoint &point,
                 std::vector<std::uint64_t> &counts)
{
    return eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() == 1)
            offset = protoZigzag(field);
        else if (field.tag() == 2)
            eachProtoVarint(field, [&](std::uint64_t count) { point.addCount(counts, count); });
        else
            field.skip();
    });
}

} // namespace

bool OtlpProtoReader::metric(std::string_view bytes)
{
    m_metric = {};
    std::string_view data;
    bool whole = true;
    std::uint32_t dataTag = kNoTag;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() == 1) {
            m_metric.name = protoBytes(field);
        } else if (field.tag() == 3) {
            m_metric.unit = protoBytes(field);
        } else if (dataTag == kNoTag && kindOf(field.tag(), m_metric.kind)) {
            dataTag = field.tag();
            data = protoBytes(field);
        } else {
            field.skip();
        }
    });
    // What kind of sum it is comes after its points.
    whole &= eachProtoField(data, [&](ProtoField &field) {
        if (field.tag() == 2)
            m_metric.temporality = protoVarint(field);
        else if (field.tag() == 3)
            m_metric.monotonic = protoVarint(field) != 0;
        else
            field.skip();
    });
    eachProtoField(data, [&](ProtoField &field) {
        if (field.tag() == 1)
            whole &= point(protoBytes(field));
        else
            field.skip();
    });
    return whole;
}

bool OtlpProtoReader::point(std::string_view bytes)
{
    m_point.clear();
    bool whole = false;
    switch (m_metric.kind) {
    case OtlpMetricKind::Gauge:
    case OtlpMetricKind::Sum: whole = numberPoint(bytes); break;
    case OtlpMetricKind::Histogram: whole = histogramPoint(bytes); break;
    case OtlpMetricKind::ExponentialHistogram: whole = exponentialPoint(bytes); break;
    case OtlpMetricKind::Summary: whole = summaryPoint(bytes); break;
    }
    if (whole)
        m_metrics.point(m_metric, m_point, m_offset);
    return whole;
}

bool OtlpProtoReader::numberPoint(std::string_view bytes)
{
    auto &p = m_point;
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 2: p.start = protoFixed64(field); break;
        case 3: p.time = protoFixed64(field); break;
        case 4: p.value = protoDouble(field); break;
        case 5:
            ++p.exemplars;
            field.skip();
            break;
        case 6: p.setInteger(static_cast<std::int64_t>(protoFixed64(field))); break;
        case 7: whole &= attribute(protoBytes(field), p.attributes, Attributes::kMaxNesting); break;
        case 8: p.flags = protoVarint(field); break;
        default: field.skip();
        }
    });
    return whole;
}

bool OtlpProtoReader::histogramPoint(std::string_view bytes)
{
    auto &p = m_point;
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 2: p.start = protoFixed64(field); break;
        case 3: p.time = protoFixed64(field); break;
        case 4: p.count = protoFixed64(field); break;
        case 5: p.sum = protoDouble(field); break;
        case 6:
            eachProtoFixed64(field, [&](std::uint64_t count) { p.addCount(p.counts, count); });
            break;
        case 7:
            eachProtoFixed64(field,
                             [&](std::uint64_t bits) { p.addBound(std::bit_cast<double>(bits)); });
            break;
        case 8:
            ++p.exemplars;
            field.skip();
            break;
        case 9: whole &= attribute(protoBytes(field), p.attributes, Attributes::kMaxNesting); break;
        case 10: p.flags = protoVarint(field); break;
        case 11: p.min = protoDouble(field); break;
        case 12: p.max = protoDouble(field); break;
        default: field.skip();
        }
    });
    return whole;
}

bool OtlpProtoReader::exponentialPoint(std::string_view bytes)
{
    auto &p = m_point;
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 1: whole &= attribute(protoBytes(field), p.attributes, Attributes::kMaxNesting); break;
        case 2: p.start = protoFixed64(field); break;
        case 3: p.time = protoFixed64(field); break;
        case 4: p.count = protoFixed64(field); break;
        case 5: p.sum = protoDouble(field); break;
        case 6: p.setScale(protoZigzag(field)); break;
        case 7: p.zeroCount = protoFixed64(field); break;
        case 8: whole &= readBuckets(protoBytes(field), p.positiveOffset, p, p.positive); break;
        case 9: whole &= readBuckets(protoBytes(field), p.negativeOffset, p, p.negative); break;
        case 10: p.flags = protoVarint(field); break;
        case 11:
            ++p.exemplars;
            field.skip();
            break;
        case 12: p.min = protoDouble(field); break;
        case 13: p.max = protoDouble(field); break;
        case 14: p.zeroThreshold = protoDouble(field); break;
        default: field.skip();
        }
    });
    return whole;
}

bool OtlpProtoReader::summaryPoint(std::string_view bytes)
{
    auto &p = m_point;
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 2: p.start = protoFixed64(field); break;
        case 3: p.time = protoFixed64(field); break;
        case 4: p.count = protoFixed64(field); break;
        case 5: p.sum = protoDouble(field); break;
        case 6: {
            std::pair<double, double> quantile{0, 0};
            whole &= eachProtoField(protoBytes(field), [&](ProtoField &member) {
                if (member.tag() == 1)
                    quantile.first = protoDouble(member);
                else if (member.tag() == 2)
                    quantile.second = protoDouble(member);
                else
                    member.skip();
            });
            p.addQuantile(quantile);
            break;
        }
        case 7: whole &= attribute(protoBytes(field), p.attributes, Attributes::kMaxNesting); break;
        case 8: p.flags = protoVarint(field); break;
        default: field.skip();
        }
    });
    return whole;
}

} // namespace flamewright
