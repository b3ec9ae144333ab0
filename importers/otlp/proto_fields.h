#pragma once

#include <bit>
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <string_view>

namespace flamewright {

// For readers of protobuf by protozero, which asserts that a getter fits the wire type and says by
// exceptions that a message is damaged. Here a field of another type than expected is passed over,
// as unknown fields are.
using ProtoField = protozero::pbf_reader;
using ProtoWire = protozero::pbf_wire_type;

// f(field) for each field, which it must read or skip. False when the message is damaged.
template <class F>
bool eachProtoField(std::string_view message, F &&f)
{
    try {
        ProtoField field(message.data(), message.size());
        while (field.next())
            f(field);
        return true;
    } catch (const protozero::exception &) {
        return false;
    }
}

inline std::uint64_t protoVarint(ProtoField &field)
{
    if (field.wire_type() == ProtoWire::varint)
        return field.get_uint64();
    field.skip();
    return 0;
}

inline std::uint64_t protoFixed64(ProtoField &field)
{
    if (field.wire_type() == ProtoWire::fixed64)
        return field.get_fixed64();
    field.skip();
    return 0;
}

inline double protoDouble(ProtoField &field)
{
    return std::bit_cast<double>(protoFixed64(field));
}

// A text, bytes or a message.
inline std::string_view protoBytes(ProtoField &field)
{
    if (field.wire_type() != ProtoWire::length_delimited) {
        field.skip();
        return {};
    }
    const auto view = field.get_view();
    return {view.data(), view.size()};
}

// Of type sint32 and sint64.
inline std::int64_t protoZigzag(ProtoField &field)
{
    const auto raw = protoVarint(field);
    return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
}

// A repeated number, packed or one by one.
template <class F>
void eachProtoVarint(ProtoField &field, F &&f)
{
    if (field.wire_type() == ProtoWire::varint) {
        f(field.get_uint64());
    } else if (field.wire_type() == ProtoWire::length_delimited) {
        for (const auto value : field.get_packed_uint64())
            f(value);
    } else {
        field.skip();
    }
}
template <class F>
void eachProtoFixed64(ProtoField &field, F &&f)
{
    if (field.wire_type() == ProtoWire::fixed64) {
        f(field.get_fixed64());
    } else if (field.wire_type() == ProtoWire::length_delimited) {
        for (const auto value : field.get_packed_fixed64())
            f(value);
    } else {
        field.skip();
    }
}

} // namespace flamewright
