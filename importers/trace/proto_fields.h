#pragma once

#include <bit>
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <string_view>

namespace flamewright {

// The fields of a protobuf message one by one, whatever their types: a known field of another type is
// as good as unknown. protozero speaks of damage by exceptions; they end here.
class ProtoFields {
public:
    struct Field {
        std::uint32_t tag = 0;
        std::uint64_t number = 0; // of varint, fixed32 and fixed64; otherwise 0
        std::string_view bytes;   // of length-delimited; otherwise empty
        bool isBytes = false;

        std::int64_t integer() const { return static_cast<std::int64_t>(number); }
        double real() const { return std::bit_cast<double>(number); }
    };

    explicit ProtoFields(std::string_view message) : m_reader(message.data(), message.size()) {}

    bool next(Field &out)
    {
        try {
            if (!m_reader.next())
                return false;
            out = {.tag = m_reader.tag()};
            switch (m_reader.wire_type()) {
            case protozero::pbf_wire_type::varint: out.number = m_reader.get_uint64(); break;
            case protozero::pbf_wire_type::fixed64: out.number = m_reader.get_fixed64(); break;
            case protozero::pbf_wire_type::fixed32: out.number = m_reader.get_fixed32(); break;
            case protozero::pbf_wire_type::length_delimited: {
                const auto view = m_reader.get_view();
                out.bytes = {view.data(), view.size()};
                out.isBytes = true;
                break;
            }
            default: m_reader.skip();
            }
            return true;
        } catch (const protozero::exception &) {
            m_damaged = true;
            return false;
        }
    }

    // The message ended in the middle of a field, or it is none.
    bool damaged() const { return m_damaged; }

private:
    protozero::pbf_reader m_reader;
    bool m_damaged = false;
};

// A repeated integer, packed or one by one. False for a damaged one.
template <class Each>
bool forEachVarint(const ProtoFields::Field &field, Each each)
{
    if (!field.isBytes) {
        each(field.number);
        return true;
    }
    const auto *at = field.bytes.data();
    const auto *const end = at + field.bytes.size();
    try {
        while (at < end)
            each(protozero::decode_varint(&at, end));
    } catch (const protozero::exception &) {
        return false;
    }
    return true;
}

// The same of eight bytes each, little-endian.
template <class Each>
bool forEachFixed64(const ProtoFields::Field &field, Each each)
{
    if (!field.isBytes) {
        each(field.number);
        return true;
    }
    for (std::size_t at = 0; at + 8 <= field.bytes.size(); at += 8) {
        std::uint64_t value = 0;
        for (std::size_t i = 8; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(field.bytes[at + i]);
        each(value);
    }
    return field.bytes.size() % 8 == 0;
}

} // namespace flamewright
