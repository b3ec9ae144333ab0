#include "importers/symbols/symbolizer.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace flamewright {
namespace {

// Frames that an earlier run appended for inlined calls: named by symbols, without an address of
// their own. What an importer writes is named by the capture or by nobody.
bool isAppended(const FrameColumns &f, std::size_t row)
{
    return f.address[row] == 0 && f.source[row] >= SymbolSource::Symtab;
}

bool isAsked(const Dimensions &d, std::size_t row)
{
    const auto module = d.frames.module[row].raw;
    return d.frames.address[row] != 0 && d.frames.source[row] != SymbolSource::Capture &&
           module != 0 && module <= d.modules.size();
}

SymbolAddress addressOf(const FrameColumns &f, std::size_t row)
{
    return {f.address[row], (f.flags[row] & kFrameReturnAddress) != 0};
}

std::string_view baseName(std::string_view path)
{
    const auto slash = path.rfind('/');
    // "/" and "dir/" keep their name; nobody maps those.
    return slash == std::string_view::npos || slash + 1 == path.size() ? path
                                                                       : path.substr(slash + 1);
}

std::string hex(std::uint64_t value)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    do {
        text.insert(text.begin(), kDigits[value & 15]);
        value >>= 4;
    } while (value != 0);
    return text;
}

// What stands for an address that nobody could name.
std::string unnamed(const Dimensions &d, std::size_t row)
{
    const auto module = d.frames.module[row].raw;
    if (module == 0 || module > d.modules.size())
        return "[unknown]";
    const auto &m = d.modules[module - 1];
    const auto name = m.kind == ModuleKind::Kernel ? "[kernel]" : baseName(m.name);
    return std::string(name) + "+0x" + hex(d.frames.address[row]);
}

// Strings of the capture and those added, each once.
class Strings {
public:
    Strings(const StringTable &table, std::vector<std::string> &added)
        : m_table(table),
          m_added(added)
    {
        m_ids.reserve(table.size());
        for (std::uint32_t i = 0; i < table.size(); ++i)
            m_ids.try_emplace(std::string(table.text(StringId{i})), i);
    }
    StringId id(std::string_view text)
    {
        const auto fresh = static_cast<std::uint32_t>(m_table.size() + m_added.size());
        const auto [it, isNew] = m_ids.try_emplace(std::string(text), fresh);
        if (isNew)
            m_added.emplace_back(text);
        return StringId{it->second};
    }

private:
    const StringTable &m_table;
    std::vector<std::string> &m_added;
    std::unordered_map<std::string, std::uint32_t> m_ids;
};

// One frame of a chain, ready to be written.
struct Link {
    StringId function, file;
    std::uint32_t line = 0;
    SymbolSource source = SymbolSource::None;
};

class Update {
public:
    explicit Update(const Dimensions &dimensions)
        : m_in(dimensions),
          m_strings(dimensions.strings, m_out.strings)
    {}
    FrameUpdate run(const std::vector<SymbolQuery> &queries,
                    const std::vector<SymbolAnswer> &answers);

private:
    using Range = std::pair<std::uint32_t, std::uint32_t>; // of an answer's frames
    struct Known {
        const SymbolQuery *query = nullptr;
        const SymbolAnswer *answer = nullptr;
    };

    void keepRows();
    std::vector<Link> answered(std::size_t row);
    std::vector<Link> earlier(std::size_t row) const;
    void write(std::size_t row, const std::vector<Link> &chain);
    FrameId appended(const Link &link, std::size_t like, FrameId outer);
    void countMissing();

    const Dimensions &m_in;
    FrameUpdate m_out;
    Strings m_strings;
    std::size_t m_rows = 0; // of the input that are kept, row 0 included
    std::vector<Known> m_byModule;
    std::map<
        std::tuple<StringId, StringId, std::uint32_t, ModuleId, FrameKind, SymbolSource, FrameId>,
        FrameId>
        m_appended;
    std::map<std::string, std::uint64_t> m_missing; // addresses by module
};

// Rows 1.. of the input without what an earlier run appended, which is always at the end.
void Update::keepRows()
{
    const auto &f = m_in.frames;
    m_rows = f.size();
    // Nothing that a stack refers to goes, whatever a damaged session says.
    std::size_t used = 0;
    for (const auto frame : m_in.stacks.frame)
        used = std::max<std::size_t>(used, frame.raw);
    while (m_rows > used + 1 && m_rows > 1 && isAppended(f, m_rows - 1))
        --m_rows;
    const auto copy = [this](const auto &from, auto &to) {
        to.assign(from.begin() + 1, from.begin() + static_cast<std::ptrdiff_t>(m_rows));
    };
    auto &out = m_out.frames;
    if (m_rows == 0)
        return;
    copy(f.function, out.function);
    copy(f.file, out.file);
    copy(f.module, out.module);
    copy(f.line, out.line);
    copy(f.kind, out.kind);
    copy(f.source, out.source);
    copy(f.flags, out.flags);
    copy(f.address, out.address);
    copy(f.outer, out.outer);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out.outer[i].raw < m_rows)
            continue;
        out.outer[i] = {}; // set again from the answers, or damaged
        out.flags[i] = static_cast<std::uint8_t>(out.flags[i] & ~kFrameInlined);
    }
}

// The new chain of a row, innermost first; empty: not known.
std::vector<Link> Update::answered(std::size_t row)
{
    std::vector<Link> chain;
    const auto module = m_in.frames.module[row].raw;
    const auto &known = m_byModule[module];
    if (known.query == nullptr)
        return chain;
    const auto &addresses = known.query->addresses;
    const auto it =
        std::lower_bound(addresses.begin(), addresses.end(), addressOf(m_in.frames, row));
    if (it == addresses.end() || *it != addressOf(m_in.frames, row))
        return chain;
    const auto i = static_cast<std::size_t>(it - addresses.begin());
    const auto &answer = *known.answer;
    if (i >= answer.end.size())
        return chain;
    // The answer came through a pipe from a process that read hostile files.
    const auto begin = i == 0 ? 0 : answer.end[i - 1];
    const auto end = std::min<std::size_t>(answer.end[i], answer.frames.size());
    for (std::size_t k = begin; k < end && chain.size() < kMaxInlineDepth; ++k) {
        const auto &frame = answer.frames[k];
        if (frame.function.empty() || frame.source < SymbolSource::Symtab)
            continue;
        chain.push_back(
            {m_strings.id(frame.function), m_strings.id(frame.file), frame.line, frame.source});
    }
    return chain;
}

// What an earlier run found for a row.
std::vector<Link> Update::earlier(std::size_t row) const
{
    std::vector<Link> chain;
    const auto &f = m_in.frames;
    if (f.source[row] < SymbolSource::Symtab)
        return chain;
    for (auto at = row; chain.size() < kMaxInlineDepth;) {
        chain.push_back({f.function[at], f.file[at], f.line[at], f.source[at]});
        at = f.outer[at].raw;
        if (at == 0)
            break;
    }
    return chain;
}

// The row of an outer function, shared by all chains that end alike.
FrameId Update::appended(const Link &link, std::size_t like, FrameId outer)
{
    const auto module = m_in.frames.module[like];
    const auto kind = m_in.frames.kind[like];
    auto &out = m_out.frames;
    const FrameId fresh{static_cast<std::uint32_t>(out.size() + 1)};
    const auto [it, isNew] = m_appended.try_emplace(
        std::make_tuple(link.function, link.file, link.line, module, kind, link.source, outer),
        fresh);
    if (!isNew)
        return it->second;
    out.function.push_back(link.function);
    out.file.push_back(link.file);
    out.module.push_back(module);
    out.line.push_back(link.line);
    out.kind.push_back(kind);
    out.source.push_back(link.source);
    out.flags.push_back(outer.raw != 0 ? kFrameInlined : 0);
    out.address.push_back(0);
    out.outer.push_back(outer);
    return fresh;
}

void Update::write(std::size_t row, const std::vector<Link> &chain)
{
    FrameId outer;
    for (std::size_t i = chain.size(); i-- > 1;)
        outer = appended(chain[i], row, outer);
    auto &out = m_out.frames;
    const auto at = row - 1;
    out.function[at] = chain[0].function;
    out.file[at] = chain[0].file;
    out.line[at] = chain[0].line;
    out.source[at] = chain[0].source;
    out.outer[at] = outer;
    out.flags[at] = static_cast<std::uint8_t>((out.flags[at] & ~kFrameInlined) |
                                              (outer.raw != 0 ? kFrameInlined : 0));
}

void Update::countMissing()
{
    if (m_out.unresolved == 0)
        return;
    std::vector<std::pair<std::string, std::uint64_t>> worst(m_missing.begin(), m_missing.end());
    std::stable_sort(worst.begin(), worst.end(),
                     [](const auto &a, const auto &b) { return a.second > b.second; });
    constexpr std::size_t kShown = 5;
    std::string detail = "addresses without a name in ";
    for (std::size_t i = 0; i < worst.size() && i < kShown; ++i)
        detail +=
            (i > 0 ? ", " : "") + worst[i].first + " (" + std::to_string(worst[i].second) + ")";
    if (worst.size() > kShown)
        detail += " and " + std::to_string(worst.size() - kShown) + " more";
    detail += "; to name them later: flamewright import --symbols DIR --append";
    m_out.notes.push_back(
        {Severity::Notice, "symbols_missing", m_out.unresolved, 0, std::move(detail)});
}

FrameUpdate Update::run(const std::vector<SymbolQuery> &queries,
                        const std::vector<SymbolAnswer> &answers)
{
    keepRows();
    m_byModule.resize(m_in.modules.size() + 1);
    for (std::size_t i = 0; i < queries.size() && i < answers.size(); ++i) {
        const auto it = std::find(m_in.modules.begin(), m_in.modules.end(), queries[i].module);
        if (it != m_in.modules.end())
            m_byModule[static_cast<std::size_t>(it - m_in.modules.begin()) + 1] = {&queries[i],
                                                                                   &answers[i]};
        for (const auto &note : answers[i].notes) {
            const auto same =
                std::find_if(m_out.notes.begin(), m_out.notes.end(),
                             [&](const ImportNote &other) { return other.code == note.code; });
            if (same == m_out.notes.end()) {
                m_out.notes.push_back(note);
            } else {
                same->count += note.count;
                same->severity = std::max(same->severity, note.severity);
            }
        }
    }
    const auto &f = m_in.frames;
    for (std::size_t row = 1; row < m_rows; ++row) {
        const bool named = f.address[row] == 0 && f.function[row].raw != 0;
        if (f.source[row] == SymbolSource::Capture || named)
            continue;
        const auto old = earlier(row);
        auto chain = isAsked(m_in, row) ? answered(row) : std::vector<Link>();
        // Better symbols replace worse ones; none never replace any.
        if (chain.empty() || (!old.empty() && chain[0].source < old[0].source))
            chain = old;
        if (!chain.empty()) {
            write(row, chain);
            ++m_out.resolved;
            continue;
        }
        const auto name = unnamed(m_in, row);
        write(row, {{m_strings.id(name), m_strings.id({}), 0, SymbolSource::None}});
        ++m_out.unresolved;
        const auto module = f.module[row].raw;
        ++m_missing[module == 0 || module > m_in.modules.size()
                        ? "[unknown]"
                        : std::string(m_in.modules[module - 1].name)];
    }
    countMissing();
    return std::move(m_out);
}

} // namespace

std::vector<SymbolQuery> symbolQueries(const Dimensions &dimensions)
{
    const auto &f = dimensions.frames;
    std::vector<std::vector<SymbolAddress>> byModule(dimensions.modules.size() + 1);
    for (std::size_t row = 1; row < f.size(); ++row) {
        if (isAsked(dimensions, row))
            byModule[f.module[row].raw].push_back(addressOf(f, row));
    }
    std::vector<SymbolQuery> out;
    for (std::size_t i = 1; i < byModule.size(); ++i) {
        auto &addresses = byModule[i];
        if (addresses.empty() || dimensions.modules[i - 1].kind == ModuleKind::Unknown)
            continue;
        std::sort(addresses.begin(), addresses.end());
        addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
        out.push_back({dimensions.modules[i - 1], std::move(addresses)});
    }
    return out;
}

FrameUpdate applySymbols(const Dimensions &dimensions, const std::vector<SymbolQuery> &queries,
                         const std::vector<SymbolAnswer> &answers)
{
    return Update(dimensions).run(queries, answers);
}

} // namespace flamewright
