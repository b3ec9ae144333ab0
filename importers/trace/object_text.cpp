#include "importers/trace/object_text.h"

#include "importers/trace/json_scan.h"

#include <algorithm>
#include <vector>

namespace flamewright {
namespace {

using namespace json_scan;

constexpr std::size_t kMaxMembers = 4096;
constexpr std::size_t kLongValue = 4096; // what may be left out of an object that is too long

void appendDense(std::string &out, std::string_view value)
{
    const auto *p = value.data();
    const auto *const end = p + value.size();
    while (p < end) {
        const auto *from = p;
        bool escaped = false;
        if (*p == '"') {
            const auto *close = stringEnd(p + 1, end, escaped);
            p = close == nullptr ? end : close + 1;
        } else {
            while (p < end && *p != '"' && !isSpace(*p))
                ++p;
        }
        out.append(from, p);
        while (p < end && isSpace(*p))
            ++p;
    }
}

} // namespace

bool ObjectTexts::read(std::string_view object, Members &out)
{
    out.list.clear();
    out.sorted = out.dense = true;
    const auto *p = object.data();
    const auto *const end = p + object.size();
    if (object.size() < 2 || *p != '{' || end[-1] != '}')
        return false;
    const auto skip = [&] {
        const auto *from = p;
        p = skipSpace(p, end);
        out.dense = out.dense && p == from;
    };
    ++p;
    skip();
    if (p + 1 == end)
        return true;
    for (;;) {
        if (p >= end || *p != '"' || out.list.size() >= kMaxMembers)
            return false;
        bool escaped = false;
        const auto *close = stringEnd(p + 1, end, escaped);
        if (close == nullptr)
            return false;
        Member member;
        member.key = {p + 1, static_cast<std::size_t>(close - p - 1)};
        p = close + 1;
        skip();
        if (p >= end || *p != ':')
            return false;
        ++p;
        skip();
        const auto *valueFrom = p;
        p = valueEnd(p, end, member.spaces);
        if (p == nullptr || p == valueFrom)
            return false;
        member.value = {valueFrom, static_cast<std::size_t>(p - valueFrom)};
        out.dense = out.dense && !member.spaces;
        if (!out.list.empty() && member.key < out.list.back().key)
            out.sorted = false;
        out.list.push_back(member);
        skip();
        if (p + 1 == end)
            return true; // the closing bracket
        if (p >= end || *p != ',')
            return false;
        ++p;
        skip();
    }
}

void ObjectTexts::write(std::string &out, const std::vector<Member> &members)
{
    out = "{";
    for (const auto &member : members) {
        out += out.size() > 1 ? ",\"" : "\"";
        out += member.key;
        out += "\":";
        if (member.spaces)
            appendDense(out, member.value);
        else
            out += member.value;
    }
    out += '}';
}

ObjectText ObjectTexts::canonical(std::string_view object, std::string_view key,
                                  std::string_view value)
{
    if (object.empty() || object == "{}") {
        if (key.empty())
            return {};
        m_members.list.assign({{key, value}});
        write(m_buffer, m_members.list);
        return {m_buffer};
    }
    auto &members = m_members;
    if (!read(object, members))
        return {{}, false};
    bool changed = !members.sorted || !members.dense;
    const auto sameKey = [&](const Member &m) { return m.key == key; };
    if (!key.empty() && std::none_of(members.list.begin(), members.list.end(), sameKey)) {
        const auto place =
            members.sorted
                ? std::upper_bound(members.list.begin(), members.list.end(), Member{key, {}}, byKey)
                : members.list.end();
        members.list.insert(place, {key, value});
        changed = true;
    }
    ObjectText out;
    if (object.size() + key.size() + value.size() + 6 > kMaxObjectText) {
        m_names.clear();
        m_names.reserve(members.list.size() * 40);
        for (auto &member : members.list) {
            if (member.value.size() <= kLongValue)
                continue;
            const auto from = m_names.size();
            m_names += "\"(" + std::to_string(member.value.size()) + " bytes)\"";
            member.value = std::string_view(m_names).substr(from);
            member.spaces = false;
            out.cut = changed = true;
        }
    }
    if (!changed)
        return {object};
    if (!members.sorted)
        std::stable_sort(members.list.begin(), members.list.end(), byKey);
    write(m_buffer, members.list);
    if (m_buffer.size() > kMaxObjectText) { // very many members
        m_buffer = "{\"(members)\":" + std::to_string(members.list.size()) + "}";
        out.cut = true;
    }
    out.text = members.list.empty() ? std::string_view() : std::string_view(m_buffer);
    return out;
}

std::string ObjectTexts::merged(std::string_view first, std::string_view second)
{
    auto &all = m_members;
    auto &more = m_more;
    if (!read(first, all))
        return std::string(second);
    if (!read(second, more))
        return std::string(first);
    m_names.clear();
    m_names.reserve(second.size() + more.list.size() * 8);
    const auto count = all.list.size();
    for (auto member : more.list) {
        const auto end = all.list.begin() + static_cast<std::ptrdiff_t>(count);
        const auto same = std::lower_bound(all.list.begin(), end, member, byKey);
        if (same != end && same->key == member.key) {
            if (same->value == member.value)
                continue;
            const auto from = m_names.size();
            m_names += std::string(member.key) + " (end)";
            member.key = std::string_view(m_names).substr(from);
        }
        all.list.push_back(member);
    }
    std::stable_sort(all.list.begin(), all.list.end(), byKey);
    std::string out;
    write(out, all.list);
    return out.size() <= kMaxObjectText ? out : std::string(canonical(out).text);
}

} // namespace flamewright
