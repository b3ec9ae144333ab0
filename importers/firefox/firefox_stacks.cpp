#include "importers/firefox/firefox_thread.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace flamewright::firefox {
namespace {

constexpr std::size_t kRowsPerCheck = 4096;

std::optional<std::uint64_t> hexAddress(std::string_view text)
{
    if (!text.starts_with("0x") || text.size() > 18)
        return std::nullopt;
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), out, 16);
    if (error != std::errc() || end != text.data() + text.size() || text.size() == 2)
        return std::nullopt;
    return out;
}

std::uint32_t lineOf(std::int64_t line)
{
    return line > 0 && line <= UINT32_MAX ? static_cast<std::uint32_t>(line) : 0;
}

bool isHex(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

// "name (file:line:column)" of JavaScript, "name (in library) (+ 12)" of what was symbolicated.
struct Location {
    std::string_view function, file, binary;
    std::uint32_t line = 0;
};

void takeNumber(std::string_view &text, std::uint32_t &number)
{
    const auto colon = text.rfind(':');
    if (colon == text.npos || colon + 1 == text.size())
        return;
    std::uint32_t value = 0;
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size())
        return;
    number = value;
    text = text.substr(0, colon);
}

Location locationOf(std::string_view text)
{
    Location out{.function = text};
    if (const auto in = text.find(" (in "); in != text.npos && text.ends_with(')')) {
        const auto rest = text.substr(in + 5);
        out.function = text.substr(0, in);
        out.binary = rest.substr(0, rest.find(')'));
        return out;
    }
    const auto open = text.rfind(" (");
    if (open == text.npos || !text.ends_with(')'))
        return out;
    auto inside = text.substr(open + 2, text.size() - open - 3);
    // Of C++ it is the parameters.
    if (inside.find(':') == inside.npos || inside.find(' ') != inside.npos)
        return out;
    std::uint32_t last = 0, before = 0;
    takeNumber(inside, last);
    takeNumber(inside, before);
    out.function = text.substr(0, open);
    out.file = inside;
    out.line = before != 0 ? before : last; // the column is the last of two
    return out;
}

} // namespace

StackBuilder::StackBuilder(const Tables &tables, const std::vector<Lib> &libs, RecordSink &sink)
    : m_tables(tables),
      m_libs(libs),
      m_sink(sink),
      m_frames(tables.frames.rows()),
      m_framesMade(tables.frames.rows())
{
    for (const auto &lib : libs)
        m_byStart.push_back(&lib);
    std::stable_sort(m_byStart.begin(), m_byStart.end(),
                     [](const Lib *a, const Lib *b) { return a->start < b->start; });
}

// Addresses are offsets from where the library was mapped, which is not quite what ELF's symbols are
// found by: the kind of the module stays unknown.
ModuleId StackBuilder::moduleOf(const Lib &lib)
{
    const auto &name = lib.path.empty() ? lib.name : lib.path;
    return name.empty() ? ModuleId()
                        : m_sink.module({.name = name,
                                         .buildId = isHex(lib.id) ? std::string_view(lib.id)
                                                                  : std::string_view()});
}

const Lib *StackBuilder::libAt(std::uint64_t address) const
{
    const auto after =
        std::upper_bound(m_byStart.begin(), m_byStart.end(), address,
                         [](std::uint64_t value, const Lib *lib) { return value < lib->start; });
    if (after == m_byStart.begin())
        return nullptr;
    const auto *const lib = *(after - 1);
    return address < lib->end ? lib : nullptr;
}

FrameId StackBuilder::addressFrame(const Lib *lib, std::uint64_t address)
{
    return m_sink.frame({.function = {},
                         .module = lib == nullptr ? ModuleId() : moduleOf(*lib),
                         .kind = FrameKind::User,
                         .source = SymbolSource::None,
                         .address = address});
}

FrameId StackBuilder::rawFrame(std::size_t row)
{
    const auto text = m_tables.strings.at(m_tables.frames.at(Tables::kLocation, row));
    if (const auto address = hexAddress(text)) {
        const auto *const lib = libAt(*address);
        return addressFrame(lib, lib == nullptr ? *address : *address - lib->start);
    }
    const auto location = locationOf(text);
    const auto line = lineOf(m_tables.frames.at(Tables::kFrameLine, row));
    const auto moduleName = location.binary.empty() ? location.file : location.binary;
    return m_sink.frame(
        {.function = location.function.empty() ? "(anonymous)" : location.function,
         .file = location.file,
         .module = moduleName.empty() ? ModuleId() : m_sink.module({.name = moduleName}),
         .line = line != 0 ? line : location.line,
         .kind = !location.file.empty()      ? FrameKind::Jit
                 : !location.binary.empty() ? FrameKind::User
                                             : FrameKind::Unknown});
}

FrameId StackBuilder::processedFrame(std::size_t row)
{
    const auto &t = m_tables;
    const auto func = t.frames.at(Tables::kFunc, row);
    const auto name = t.strings.at(t.funcs.at(Tables::kFuncName, func));
    const auto resource = t.funcs.at(Tables::kResource, func);
    const auto lib = t.resources.at(Tables::kResourceLib, resource);
    const auto *const library = lib >= 0 && static_cast<std::size_t>(lib) < m_libs.size()
                                    ? &m_libs[static_cast<std::size_t>(lib)]
                                    : nullptr;
    const auto address = t.frames.at(Tables::kFrameAddress, row);
    if (hexAddress(name) && address >= 0)
        return addressFrame(library, static_cast<std::uint64_t>(address));
    auto file = t.strings.at(t.funcs.at(Tables::kFileName, func));
    if (file.empty())
        file = t.strings.at(t.sources.at(0, t.funcs.at(Tables::kSource, func)));
    const auto line = lineOf(t.frames.at(Tables::kFrameLine, row));
    // Of JavaScript, the script tells functions of the same name apart.
    const auto module = library != nullptr ? moduleOf(*library)
                        : file.empty()     ? ModuleId()
                                           : m_sink.module({.name = file});
    return m_sink.frame(
        {.function = name.empty() ? "(anonymous)" : name,
         .file = file,
         .module = module,
         .line = line != 0 ? line : lineOf(t.funcs.at(Tables::kFuncLine, func)),
         .kind = library != nullptr ? FrameKind::User
                 : file.empty()     ? FrameKind::Unknown
                                    : FrameKind::Jit,
         .address = library != nullptr && address > 0 ? static_cast<std::uint64_t>(address) : 0});
}

FrameId StackBuilder::frameAt(std::int64_t row)
{
    if (row < 0 || static_cast<std::size_t>(row) >= m_frames.size()) {
        m_sink.note(Severity::DataLoss, "firefox_unknown_frame", 0,
                    "a stack refers to a frame that is not in the file");
        return m_sink.frame({.function = "(unknown)", .kind = FrameKind::Marker});
    }
    const auto i = static_cast<std::size_t>(row);
    if (!m_framesMade[i]) {
        m_framesMade[i] = true;
        m_frames[i] = m_tables.raw ? rawFrame(i) : processedFrame(i);
    }
    return m_frames[i];
}

Result<> StackBuilder::build(JobContext &job)
{
    const auto &stacks = m_tables.stacks;
    m_stacks.resize(stacks.rows());
    for (std::size_t i = 0; i < stacks.rows(); ++i) {
        if (i % kRowsPerCheck == 0) {
            FW_TRY(job.checkpoint());
            FW_TRY(m_sink.status());
        }
        auto prefix = stacks.at(Tables::kPrefix, i);
        if (const auto offset = stacks.at(Tables::kPrefixOffset, i); offset != kNull && offset > 0)
            prefix = static_cast<std::int64_t>(i) - offset; // 0: there is none
        // Callers stand before their callees.
        if (prefix != kNull && (prefix < -1 || prefix >= static_cast<std::int64_t>(i))) {
            m_sink.note(Severity::DataLoss, "firefox_bad_prefix", 0,
                        "the caller of a stack does not stand before it");
            prefix = kNull;
        }
        m_stacks[i] = m_sink.stack(at(prefix), frameAt(stacks.at(Tables::kFrame, i)));
    }
    return m_sink.status();
}

} // namespace flamewright::firefox
