#include "importers/otlp/otlp_proto.h"

#include "importers/json_text.h"
#include "importers/otlp/otlp_enums.h"
#include "importers/otlp/proto_fields.h"
#include "importers/spans/trace_ids.h"

namespace flamewright {
namespace {

// In messages of a resource: its rows by scope, and what that was called before 2022.
constexpr std::uint32_t kScopeRows = 2;
constexpr std::uint32_t kLibraryRows = 1000;

} // namespace

std::optional<OtlpSignal> OtlpProtoReader::signalOfRow(std::string_view row)
{
    std::optional<OtlpSignal> out;
    bool named = false, data = false;
    eachProtoField(row, [&](ProtoField &field) {
        const auto tag = field.tag();
        const auto wire = field.wire_type();
        if (wire == ProtoWire::fixed64 && (tag == 7 || tag == 8)) // begin and end
            out = OtlpSignal::Spans;
        else if (!out && wire == ProtoWire::fixed64 && (tag == 1 || tag == 11)) // when it happened
            out = OtlpSignal::Logs;
        else if (wire == ProtoWire::length_delimited && tag == 1)
            named = true;
        else if (wire == ProtoWire::length_delimited &&
                 (tag == 5 || tag == 7 || tag == 9 || tag == 10 || tag == 11))
            data = true;
        field.skip();
    });
    if (!out && named && data)
        out = OtlpSignal::Metrics;
    return out;
}

bool OtlpProtoReader::message(std::string_view bytes, std::uint64_t offset)
{
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() == 1) {
            const auto inner = protoBytes(field);
            whole &= resourceRows(inner, offset + (bytes.size() - field.length()) - inner.size());
        } else {
            field.skip();
        }
    });
    return whole;
}

bool OtlpProtoReader::resourceRows(std::string_view bytes, std::uint64_t offset)
{
    m_offset = offset;
    m_resource.clear();
    bool whole = true;
    // What the rows belong to may come after them.
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() != 1)
            return field.skip();
        whole &= eachProtoField(protoBytes(field), [&](ProtoField &member) {
            if (member.tag() == 1)
                whole &= attribute(protoBytes(member), m_resource, Attributes::kMaxNesting);
            else
                member.skip();
        });
    });
    m_writer.resource(m_resource);
    eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() == kScopeRows || field.tag() == kLibraryRows)
            whole &= scopeRows(protoBytes(field));
        else
            field.skip();
    });
    return whole;
}

bool OtlpProtoReader::scopeRows(std::string_view bytes)
{
    m_scope.clear();
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() != 1)
            return field.skip();
        whole &= eachProtoField(protoBytes(field), [&](ProtoField &member) {
            switch (member.tag()) {
            case 1: m_scope.name = protoBytes(member); break;
            case 2: m_scope.version = protoBytes(member); break;
            case 3:
                whole &= attribute(protoBytes(member), m_scope.attributes, Attributes::kMaxNesting);
                break;
            default: member.skip();
            }
        });
    });
    m_writer.scope(m_scope);
    std::optional<OtlpSignal> signal;
    eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() != 2)
            return field.skip();
        const auto bytesOfRow = protoBytes(field);
        if (!signal)
            signal = signalOfRow(bytesOfRow);
        if (signal)
            whole &= row(*signal, bytesOfRow);
        else
            ++m_unknown;
    });
    return whole;
}

bool OtlpProtoReader::row(OtlpSignal signal, std::string_view bytes)
{
    switch (signal) {
    case OtlpSignal::Spans: return span(bytes);
    case OtlpSignal::Metrics: return metric(bytes);
    case OtlpSignal::Logs: return log(bytes);
    }
    return true;
}

void OtlpProtoReader::setTraceId(std::string_view bytes, std::string &id, bool &bad)
{
    bad |= !traceIdFromBytes(bytes, id);
}

void OtlpProtoReader::setSpanId(std::string_view bytes, std::uint64_t &id, bool &bad)
{
    const auto known = spanIdFromBytes(bytes);
    bad |= !known;
    id = known.value_or(0);
}

bool OtlpProtoReader::span(std::string_view bytes)
{
    auto &s = m_span;
    s.clear();
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 1: setTraceId(protoBytes(field), s.trace, s.badId); break;
        case 2: setSpanId(protoBytes(field), s.span, s.badId); break;
        case 3: s.traceState = protoBytes(field); break;
        case 4: setSpanId(protoBytes(field), s.parent, s.badId); break;
        case 5: s.name = protoBytes(field); break;
        case 6: s.kind = protoVarint(field); break;
        case 7: s.begin = protoFixed64(field); break;
        case 8: s.end = protoFixed64(field); break;
        case 9: whole &= attribute(protoBytes(field), s.attributes, Attributes::kMaxNesting); break;
        case 10: s.droppedAttributes = otlpSum(s.droppedAttributes, protoVarint(field)); break;
        case 11: whole &= event(protoBytes(field)); break;
        case 12: s.droppedEvents = protoVarint(field); break;
        case 13: whole &= link(protoBytes(field)); break;
        case 14: s.droppedLinks = protoVarint(field); break;
        case 15:
            whole &= eachProtoField(protoBytes(field), [&](ProtoField &member) {
                if (member.tag() == 2)
                    s.statusMessage = protoBytes(member);
                else if (member.tag() == 3)
                    s.status = protoVarint(member);
                else
                    member.skip();
            });
            break;
        default: field.skip();
        }
    });
    if (whole)
        m_writer.span(s, m_offset);
    return whole;
}

bool OtlpProtoReader::event(std::string_view bytes)
{
    auto &e = m_span.nextEvent();
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 1: e.time = protoFixed64(field); break;
        case 2: e.name = protoBytes(field); break;
        case 3: whole &= attribute(protoBytes(field), e.attributes, Attributes::kMaxNesting); break;
        case 4:
            m_span.droppedAttributes = otlpSum(m_span.droppedAttributes, protoVarint(field));
            break;
        default: field.skip();
        }
    });
    return whole;
}

bool OtlpProtoReader::link(std::string_view bytes)
{
    auto &l = m_span.nextLink();
    return eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 1: setTraceId(protoBytes(field), l.trace, m_span.badId); break;
        case 2: setSpanId(protoBytes(field), l.span, m_span.badId); break;
        case 4:
            l.hasAttributes = true;
            field.skip();
            break;
        case 5:
            m_span.droppedAttributes = otlpSum(m_span.droppedAttributes, protoVarint(field));
            break;
        default: field.skip();
        }
    });
}

bool OtlpProtoReader::log(std::string_view bytes)
{
    auto &l = m_log;
    l.clear();
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        switch (field.tag()) {
        case 1: l.time = protoFixed64(field); break;
        case 2: l.severity = protoVarint(field); break;
        case 3: l.severityText = protoBytes(field); break;
        case 5: {
            const auto body = protoBytes(field);
            bool isText = false;
            whole &= eachProtoField(body, [&](ProtoField &member) {
                isText = member.tag() == 1 && member.wire_type() == ProtoWire::length_delimited;
                if (isText)
                    l.bodyText = protoBytes(member);
                else
                    member.skip();
            });
            if (!isText && !body.empty())
                whole &= anyValue(body, l.body, Attributes::kMaxNesting);
            break;
        }
        case 6: whole &= attribute(protoBytes(field), l.attributes, Attributes::kMaxNesting); break;
        case 7: l.droppedAttributes = protoVarint(field); break;
        case 9: setTraceId(protoBytes(field), l.trace, l.badId); break;
        case 10: setSpanId(protoBytes(field), l.span, l.badId); break;
        case 11: l.observedTime = protoFixed64(field); break;
        case 12: l.eventName = protoBytes(field); break;
        default: field.skip();
        }
    });
    if (whole)
        m_writer.log(l, m_offset);
    return whole;
}

bool OtlpProtoReader::attribute(std::string_view bytes, Attributes &out, unsigned levels)
{
    out.begin();
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        if (field.tag() == 1)
            out.setKey(protoBytes(field));
        else if (field.tag() == 2)
            whole &= anyValue(protoBytes(field), out.value(), levels);
        else
            field.skip();
    });
    out.commit();
    return whole;
}

// As deep as `levels` and no deeper.
bool OtlpProtoReader::anyValue(std::string_view bytes, std::string &out, unsigned levels)
{
    const auto start = out.size();
    bool whole = true;
    whole &= eachProtoField(bytes, [&](ProtoField &field) {
        const auto tag = field.tag();
        if (out.size() > start) // one of them is set
            return field.skip();
        if (tag == 1) {
            appendJsonString(out, protoBytes(field));
        } else if (tag == 2) {
            out += protoVarint(field) != 0 ? "true" : "false";
        } else if (tag == 3) {
            appendJsonInteger(out, static_cast<std::int64_t>(protoVarint(field)));
        } else if (tag == 4) {
            appendJsonReal(out, protoDouble(field));
        } else if (tag == 7) {
            out += '"';
            appendBase64(out, protoBytes(field));
            out += '"';
        } else if ((tag == 5 || tag == 6) && levels == 0) {
            m_writer.tooDeep(m_offset);
            out += "null";
            field.skip();
        } else if (tag == 5) {
            out += '[';
            const auto first = out.size();
            whole &= eachProtoField(protoBytes(field), [&](ProtoField &member) {
                if (member.tag() != 1)
                    return member.skip();
                out += out.size() > first ? "," : "";
                whole &= anyValue(protoBytes(member), out, levels - 1);
            });
            out += ']';
        } else if (tag == 6) {
            Attributes inner;
            whole &= eachProtoField(protoBytes(field), [&](ProtoField &member) {
                if (member.tag() != 1)
                    return member.skip();
                whole &= attribute(protoBytes(member), inner, levels - 1);
            });
            out += inner.empty() ? "{}" : inner.json();
        } else {
            field.skip();
        }
    });
    if (out.size() == start)
        out += "null";
    return whole;
}

} // namespace flamewright
