#include "importers/trace/perfetto_args.h"

#include "importers/json_text.h"
#include "importers/trace/object_text.h"
#include "importers/trace/proto_fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace flamewright::perfetto {
namespace {

constexpr std::size_t kMaxAnnotation = 1u << 20; // bytes of one, before it is looked into
constexpr std::size_t kMaxValue = 16u << 10;     // of JSON
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxMembers = 4096;      // of one event
constexpr std::size_t kMaxInterned = 1u << 20; // bytes of names in one annotation

using Members = std::vector<std::pair<std::string, std::string>>;

std::string jsonOf(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}

std::string realText(double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return {buffer, end};
}

std::string pointerText(std::uint64_t value)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "\"0x%llx\"", static_cast<unsigned long long>(value));
    return buffer;
}

// Members in order of their names; of one name that comes again, the later ones are numbered.
std::string objectText(Members members)
{
    std::stable_sort(members.begin(), members.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    std::string out = "{";
    std::size_t same = 1;
    for (std::size_t i = 0; i < members.size(); ++i) {
        same = i > 0 && members[i].first == members[i - 1].first ? same + 1 : 1;
        if (i > 0)
            out += ',';
        appendJsonString(out, same == 1 ? members[i].first
                                        : members[i].first + " (" + std::to_string(same) + ")");
        out += ':';
        out += members[i].second;
    }
    return out + "}";
}

// A value that is being read. Two messages look alike enough to share it: DebugAnnotation and, inside
// it, the older NestedValue.
struct Level {
    explicit Level(std::string_view message, bool isNested) : fields(message), nested(isNested) {}
    ProtoFields fields;
    bool nested;
    bool isDict = false, isArray = false;
    bool childIsMember = false; // of the child that is being read
    std::string name;
    std::string value = "null";
    Members members;
    std::vector<std::string> items;
    std::vector<std::string_view> keys; // of a NestedValue, whose values come apart from them
    std::vector<std::string> keyed;

    std::string json()
    {
        for (std::size_t i = 0; i < keyed.size(); ++i)
            members.emplace_back(i < keys.size() ? std::string(keys[i]) : std::string(),
                                 std::move(keyed[i]));
        if (isDict || !members.empty())
            return objectText(std::move(members));
        if (!isArray && items.empty())
            return std::move(value);
        std::string out = "[";
        for (std::size_t i = 0; i < items.size(); ++i)
            out += (i > 0 ? "," : "") + items[i];
        return out + "]";
    }
};

// `budget`: a number of two bytes may stand for a long text, any number of times.
std::string interned(const std::unordered_map<std::uint64_t, std::string> &names,
                     std::uint64_t number, std::size_t &budget, Args::Oddities &odd)
{
    const auto it = names.find(number);
    if (it != names.end() && it->second.size() <= budget) {
        budget -= it->second.size();
        return it->second;
    }
    if (it != names.end()) {
        ++odd.cut;
        return "#" + std::to_string(number);
    }
    ++odd.lostNames;
    return "#" + std::to_string(number);
}

// Reads one field of an annotation; the message of a child where there is one.
std::string_view annotationField(Level &level, const ProtoFields::Field &field,
                                 const Sequence &sequence, std::size_t &budget, Args::Oddities &odd)
{
    switch (field.tag) {
    case 1: level.name = interned(sequence.argNames, field.number, budget, odd); break;
    case 2: level.value = field.number != 0 ? "true" : "false"; break;
    case 3: level.value = std::to_string(field.number); break;
    case 4: level.value = std::to_string(field.integer()); break;
    case 5: level.value = realText(field.real()); break;
    case 6:
    case 9: level.value = jsonOf(field.bytes); break;
    case 7: level.value = pointerText(field.number); break;
    case 10: level.name = field.bytes; break;
    case 11:
    case 12:
        level.isDict |= field.tag == 11;
        level.isArray |= field.tag == 12;
        level.childIsMember = field.tag == 11;
        return field.bytes;
    case 17: level.value = jsonOf(interned(sequence.argTexts, field.number, budget, odd)); break;
    default: break;
    }
    return {};
}

std::string_view nestedField(Level &level, const ProtoFields::Field &field)
{
    switch (field.tag) {
    case 1:
        level.isDict = field.number == 1;
        level.isArray = field.number == 2;
        break;
    case 2: level.keys.push_back(field.bytes); break;
    case 3:
    case 4: level.childIsMember = field.tag == 3; return field.bytes;
    case 5: level.value = std::to_string(field.integer()); break;
    case 6: level.value = realText(field.real()); break;
    case 7: level.value = field.number != 0 ? "true" : "false"; break;
    case 8: level.value = jsonOf(field.bytes); break;
    default: break;
    }
    return {};
}

void give(Level &parent, Level &child)
{
    auto json = child.json();
    if (parent.nested && parent.childIsMember)
        parent.keyed.push_back(std::move(json));
    else if (!parent.nested && child.nested)
        parent.value = std::move(json);
    else if (parent.childIsMember)
        parent.members.emplace_back(std::move(child.name), std::move(json));
    else
        parent.items.push_back(std::move(json));
}

} // namespace

void Args::addText(std::string_view key, std::string_view text)
{
    m_members.emplace_back(key, jsonOf(text));
}

void Args::addNumber(std::string_view key, std::uint64_t number)
{
    m_members.emplace_back(key, std::to_string(number));
}

void Args::addAnnotation(const Sequence &sequence, std::string_view message, Oddities &odd)
{
    if (message.size() > kMaxAnnotation || m_members.size() >= kMaxMembers) {
        ++odd.cut;
        return;
    }
    auto budget = kMaxInterned;
    std::vector<Level> levels;
    levels.emplace_back(message, false);
    for (;;) {
        auto &level = levels.back();
        ProtoFields::Field field;
        if (level.fields.next(field)) {
            const bool nested = level.nested || field.tag == 8;
            const bool isChild = level.nested
                                     ? field.tag == 3 || field.tag == 4
                                     : field.tag == 8 || field.tag == 11 || field.tag == 12;
            const auto child = level.nested ? nestedField(level, field)
                               : field.tag == 8
                                   ? field.bytes
                                   : annotationField(level, field, sequence, budget, odd);
            if (isChild && levels.size() < kMaxDepth)
                levels.emplace_back(child, nested); // `level` is no longer valid
            else if (isChild)
                ++odd.cut;
            continue;
        }
        odd.damaged += level.fields.damaged() ? 1 : 0;
        if (levels.size() == 1)
            break;
        auto done = std::move(level);
        levels.pop_back();
        give(levels.back(), done);
    }
    auto json = levels[0].json();
    if (json.size() > kMaxValue) {
        ++odd.cut;
        json = jsonOf("(" + std::to_string(json.size()) + " bytes)");
    }
    m_members.emplace_back(std::move(levels[0].name), std::move(json));
}

std::string Args::json(Oddities &odd)
{
    if (m_members.empty())
        return {};
    std::size_t size = 0, kept = 0;
    for (; kept < m_members.size(); ++kept) {
        size += 2 * m_members[kept].first.size() + m_members[kept].second.size() + 16;
        if (size > kMaxObjectText)
            break;
    }
    odd.cut += m_members.size() - kept;
    m_members.resize(kept);
    return objectText(std::move(m_members));
}

} // namespace flamewright::perfetto
