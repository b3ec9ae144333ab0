#include "importers/trace/perfetto_sequence.h"

#include "importers/trace/proto_fields.h"

namespace flamewright::perfetto {
namespace {

constexpr std::uint64_t kEntryBytes = 80;       // what an entry costs besides its text
constexpr std::size_t kMaxText = 16u << 10;     // of one name
constexpr std::size_t kMaxExtraCounters = 1024; // tracks of one event

// {1: number, 2: text}, as all that is interned here looks.
bool addEntry(std::unordered_map<std::uint64_t, std::string> &names, std::string_view message,
              std::uint64_t &budget)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    std::uint64_t number = 0;
    std::string_view text;
    while (fields.next(field)) {
        if (field.tag == 1)
            number = field.number;
        else if (field.tag == 2)
            text = field.bytes;
    }
    const bool cut = text.size() > kMaxText;
    text = text.substr(0, kMaxText);
    const auto cost = kEntryBytes + text.size();
    if (cost > budget)
        return false;
    budget -= cost;
    names.insert_or_assign(number, std::string(text));
    return !fields.damaged() && !cut;
}

bool setEventDefaults(Sequence &sequence, std::string_view message)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    bool good = true;
    sequence.extraCounters.clear();
    sequence.extraDoubleCounters.clear();
    const auto append = [](std::vector<std::uint64_t> &to) {
        return [&to](std::uint64_t uuid) {
            if (to.size() < kMaxExtraCounters)
                to.push_back(uuid);
        };
    };
    while (fields.next(field)) {
        switch (field.tag) {
        case 11: sequence.defaultTrack = field.number; break;
        case 31: good &= forEachVarint(field, append(sequence.extraCounters)); break;
        case 45: good &= forEachVarint(field, append(sequence.extraDoubleCounters)); break;
        default: break;
        }
    }
    return good && !fields.damaged();
}

} // namespace

void Sequence::forget(std::uint64_t newGeneration)
{
    generation = newGeneration;
    defaultClock = 0;
    defaultTrack.reset();
    extraCounters.clear();
    extraDoubleCounters.clear();
    categories.clear();
    eventNames.clear();
    argNames.clear();
    argTexts.clear();
}

bool addInterned(Sequence &sequence, std::string_view message, std::uint64_t &budget)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    bool good = true;
    while (fields.next(field)) {
        switch (field.tag) {
        case 1: good &= addEntry(sequence.categories, field.bytes, budget); break;
        case 2: good &= addEntry(sequence.eventNames, field.bytes, budget); break;
        case 3: good &= addEntry(sequence.argNames, field.bytes, budget); break;
        case 29: good &= addEntry(sequence.argTexts, field.bytes, budget); break;
        default: break; // of data that is not shown
        }
    }
    return good && !fields.damaged();
}

bool setDefaults(Sequence &sequence, std::string_view message)
{
    ProtoFields fields(message);
    ProtoFields::Field field;
    bool good = true;
    while (fields.next(field)) {
        if (field.tag == 58)
            sequence.defaultClock = static_cast<std::uint32_t>(field.number);
        else if (field.tag == 11)
            good &= setEventDefaults(sequence, field.bytes);
    }
    return good && !fields.damaged();
}

} // namespace flamewright::perfetto
