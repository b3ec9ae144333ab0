#include "importers/symbols/cache_entry.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <xxhash.h>

namespace flamewright {
namespace {

constexpr std::string_view kMagic = "FWSYM003"; // the number changes with anything that is cached
constexpr std::size_t kHeaderBytes = 16;

class Writer {
public:
    void u32(std::uint64_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void u8(std::uint64_t value) { number(value, 1); }
    void text(std::string_view value)
    {
        u32(value.size());
        m_out += value;
    }
    std::string take() { return std::move(m_out); }

private:
    void number(std::uint64_t value, int bytes)
    {
        for (int i = 0; i < bytes; ++i)
            m_out += static_cast<char>(value >> 8 * i & 0xff);
    }
    std::string m_out;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : m_left(bytes) {}
    std::uint64_t number(std::size_t bytes)
    {
        std::uint64_t value = 0;
        if (m_left.size() < bytes) {
            m_good = false;
            m_left = {};
            return 0;
        }
        for (std::size_t i = bytes; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(m_left[i]);
        m_left.remove_prefix(bytes);
        return value;
    }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::string_view text()
    {
        const auto size = u32();
        if (size > m_left.size()) {
            m_good = false;
            return {};
        }
        const auto out = m_left.substr(0, size);
        m_left.remove_prefix(size);
        return out;
    }
    // A count of records of at least `bytes` each, which must be there.
    std::size_t count(std::size_t bytes)
    {
        const auto n = u32();
        if (n > m_left.size() / bytes) {
            m_good = false;
            return 0;
        }
        return n;
    }
    bool good() const { return m_good; }
    bool atEnd() const { return m_left.empty(); }
    void spoil() { m_good = false; }

private:
    std::string_view m_left;
    bool m_good = true;
};

// Each text of the frames once.
class TextIds {
public:
    std::uint32_t id(const std::string &text)
    {
        const auto [it, fresh] =
            m_ids.try_emplace(text, static_cast<std::uint32_t>(m_texts.size()));
        if (fresh)
            m_texts.push_back(&it->first);
        return it->second;
    }
    const std::vector<const std::string *> &texts() const { return m_texts; }

private:
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::vector<const std::string *> m_texts;
};

} // namespace

std::string encodeCacheEntry(const CacheEntry &entry)
{
    TextIds ids;
    Writer frames;
    const auto &answer = entry.answer;
    frames.u32(answer.frames.size());
    for (const auto &frame : answer.frames) {
        frames.u32(ids.id(frame.function));
        frames.u32(ids.id(frame.file));
        frames.u32(frame.line);
        frames.u8(static_cast<std::uint8_t>(frame.source));
    }
    Writer out;
    out.text(entry.key);
    out.text(answer.usedFile);
    out.u32(answer.notes.size());
    for (const auto &note : answer.notes) {
        out.u8(static_cast<std::uint8_t>(note.severity));
        out.text(note.code);
        out.u64(note.count);
        out.text(note.detail);
    }
    out.u32(entry.addresses.size());
    for (std::size_t i = 0; i < entry.addresses.size(); ++i) {
        out.u64(entry.addresses[i].address);
        out.u8(entry.addresses[i].returnAddress ? 1 : 0);
        out.u32(answer.end[i]);
    }
    out.u32(ids.texts().size());
    for (const auto *text : ids.texts())
        out.text(*text);
    const auto body = out.take() + frames.take();
    Writer head;
    head.u64(XXH64(body.data(), body.size(), 0));
    return std::string(kMagic) + head.take() + body;
}

std::optional<CacheEntry> decodeCacheEntry(std::string_view bytes)
{
    if (bytes.size() < kHeaderBytes || bytes.substr(0, kMagic.size()) != kMagic)
        return std::nullopt;
    const auto body = bytes.substr(kHeaderBytes);
    if (Reader(bytes.substr(kMagic.size(), 8)).number(8) != XXH64(body.data(), body.size(), 0))
        return std::nullopt;
    Reader in(body);
    CacheEntry entry;
    entry.key = in.text();
    entry.answer.usedFile = in.text();
    for (auto n = in.count(17); n > 0; --n) {
        ImportNote note;
        note.severity = static_cast<Severity>(std::min<std::uint64_t>(in.number(1), 3));
        note.code = in.text();
        note.count = in.number(8);
        note.detail = in.text();
        entry.answer.notes.push_back(std::move(note));
    }
    std::uint32_t last = 0;
    for (auto n = in.count(13); n > 0; --n) {
        SymbolAddress address;
        address.address = in.number(8);
        address.returnAddress = in.number(1) != 0;
        const auto end = in.u32();
        if (end < last || (!entry.addresses.empty() && !(entry.addresses.back() < address)))
            in.spoil();
        last = end;
        entry.addresses.push_back(address);
        entry.answer.end.push_back(end);
    }
    std::vector<std::string_view> texts;
    for (auto n = in.count(4); n > 0; --n)
        texts.push_back(in.text());
    for (auto n = in.count(13); n > 0; --n) {
        const auto function = in.u32(), file = in.u32();
        ResolvedFrame frame;
        frame.line = in.u32();
        const auto source = in.number(1);
        if (function >= texts.size() || file >= texts.size() ||
            source > static_cast<std::uint64_t>(SymbolSource::Dwarf))
            return std::nullopt;
        frame.function = texts[function];
        frame.file = texts[file];
        frame.source = static_cast<SymbolSource>(source);
        entry.answer.frames.push_back(std::move(frame));
    }
    if (!in.good() || !in.atEnd() || last != entry.answer.frames.size())
        return std::nullopt;
    return entry;
}

} // namespace flamewright
