#include "importers/symbols/elf_symbolizer.h"

#include "importers/symbols/address_text.h"
#include "importers/symbols/demangle.h"
#include "importers/symbols/dwarf_info.h"
#include "importers/symbols/elf_symbols.h"
#include "importers/symbols/module_files.h"
#include "importers/symbols/rooted_file.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace flamewright {
namespace {

constexpr std::uint64_t kMaxDebugBytes = 3ull << 30; // debug sections of one file, decompressed
constexpr std::size_t kMaxTextBytes = 64u << 10;     // of one name or file

// Demangles each name once: a hot function is asked for at hundreds of addresses.
class Demangler {
public:
    const std::string &text(std::string_view name)
    {
        const auto [it, fresh] = m_known.try_emplace(std::string(name));
        if (fresh)
            it->second = demangle(name);
        return it->second;
    }

private:
    std::unordered_map<std::string, std::string> m_known;
};

// What is looked up for each address of a query: the byte before a return address is part of the
// call, the address itself may already belong to the next line or function.
std::uint64_t lookupAddress(const SymbolAddress &asked)
{
    return asked.returnAddress && asked.address != 0 ? asked.address - 1 : asked.address;
}

// Sorted and unique, with the way back from each address asked.
struct Lookups {
    static constexpr std::uint32_t kNone = UINT32_MAX;
    std::vector<std::uint64_t> addresses;
    std::vector<std::uint32_t> slot; // of each address asked; kNone: not in the file
};

template <class Translate>
Lookups prepare(const std::vector<SymbolAddress> &asked, Translate translate)
{
    Lookups out;
    std::vector<std::optional<std::uint64_t>> places;
    places.reserve(asked.size());
    for (const auto &address : asked) {
        places.push_back(translate(lookupAddress(address)));
        if (places.back())
            out.addresses.push_back(*places.back());
    }
    std::sort(out.addresses.begin(), out.addresses.end());
    out.addresses.erase(std::unique(out.addresses.begin(), out.addresses.end()),
                        out.addresses.end());
    for (const auto &place : places) {
        out.slot.push_back(
            place ? static_cast<std::uint32_t>(
                        std::lower_bound(out.addresses.begin(), out.addresses.end(), *place) -
                        out.addresses.begin())
                  : Lookups::kNone);
    }
    return out;
}

void closeRow(SymbolAnswer &answer)
{
    answer.end.push_back(static_cast<std::uint32_t>(answer.frames.size()));
}

SymbolAnswer emptyAnswer(const SymbolQuery &query)
{
    SymbolAnswer answer;
    answer.end.assign(query.addresses.size(), 0);
    return answer;
}

// One frame for each address from a text file of symbols.
SymbolAnswer answerFrom(const Lookups &lookups, const std::vector<std::string_view> &names,
                        bool withPlace)
{
    SymbolAnswer answer;
    for (const auto slot : lookups.slot) {
        if (slot != Lookups::kNone && !names[slot].empty()) {
            ResolvedFrame frame;
            frame.function = names[slot];
            frame.source = SymbolSource::Symtab;
            if (withPlace) {
                const auto place = placeInName(names[slot]);
                frame.file = place.file;
                frame.line = place.line;
            }
            answer.frames.push_back(std::move(frame));
        }
        closeRow(answer);
    }
    return answer;
}

struct SymbolText {
    std::string path, text;
};

// Notes what was there but could not be read.
std::optional<SymbolText> openSymbolText(const FilePlace &place, std::vector<ImportNote> &notes)
{
    const auto file = openPlace(place, kMaxSymbolTextBytes);
    if (!file.has_value()) {
        if (file.error().code() != Errc::NotFound)
            addNote(notes, Severity::Notice, "symbols_file_refused", file.error().text());
        return std::nullopt;
    }
    auto text = readText(*file);
    if (!text.has_value()) {
        addNote(notes, Severity::Notice, "symbols_file_refused", text.error().text());
        return std::nullopt;
    }
    return SymbolText{file->path.string(), *std::move(text)};
}

class ElfSymbolizer final : public Symbolizer {
public:
    explicit ElfSymbolizer(SymbolSearch search) : m_search(std::move(search)) {}

    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &job) override
    {
        FW_TRY(job.checkpoint());
        switch (query.module.kind) {
        case ModuleKind::Unknown: return emptyAnswer(query);
        case ModuleKind::Elf:
        case ModuleKind::Vdso: return resolveElf(query, job);
        case ModuleKind::Kernel:
        case ModuleKind::KernelModule: return resolveKernel(query);
        case ModuleKind::Jit: return resolveJit(query);
        }
        return emptyAnswer(query);
    }

private:
    Result<SymbolAnswer> resolveElf(const SymbolQuery &query, JobContext &job) const;
    SymbolAnswer resolveKernel(const SymbolQuery &query) const;
    SymbolAnswer resolveJit(const SymbolQuery &query) const;

    SymbolSearch m_search;
};

// Names from symbol tables of the module's files; "name@plt" for linkage tables, which
// symbols without a size would swallow.
class ElfNames {
public:
    ElfNames(const ModuleFiles &files, std::span<const std::uint64_t> addresses,
             std::vector<ImportNote> &notes)
    {
        for (const ElfFile *file :
             std::initializer_list<const ElfFile *>{files.withSymtab(), files.mini.get()}) {
            if (file != nullptr && !addElfSymbols(*file, m_symbols))
                addNote(notes, Severity::Notice, "symbols_file_damaged",
                        file->path() + ": its symbol table cannot be read");
        }
        m_symbols.finish();
        // A file found by build id may be a debug file or a whole program; both have the tables.
        if (const auto *file = files.program ? files.program.get() : files.debug.get())
            m_plt = pltEntries(*file, addresses);
    }
    // Mangled; empty: none.
    std::string_view symbol(std::uint64_t address) const
    {
        const auto *found = m_symbols.find(address);
        return found != nullptr ? found->name : std::string_view();
    }
    std::string_view plt(std::uint64_t address) const
    {
        auto it = std::upper_bound(
            m_plt.begin(), m_plt.end(), address,
            [](std::uint64_t a, const PltEntry &entry) { return a < entry.begin; });
        return it != m_plt.begin() && address < (--it)->end ? it->name : std::string_view();
    }

private:
    SymbolTable m_symbols;
    std::vector<PltEntry> m_plt;
};

std::unique_ptr<DwarfInfo> dwarfOf(const ModuleFiles &files, std::vector<ImportNote> &notes)
{
    const auto *file = files.withDebugInfo();
    if (file == nullptr)
        return nullptr;
    if (file->debugBytes() > kMaxDebugBytes) {
        addNote(notes, Severity::Notice, "symbols_debug_too_large",
                file->path() + " has more debug information than is read; only its symbol table "
                               "was used");
        return nullptr;
    }
    auto dwarf = openDwarf(*file, files.alt.get());
    if (!dwarf)
        addNote(notes, Severity::Notice, "symbols_file_damaged",
                file->path() + ": its debug information cannot be read");
    return dwarf;
}

std::string bounded(std::string text)
{
    if (text.size() > kMaxTextBytes)
        text.resize(kMaxTextBytes);
    return text;
}

// The frames of one address, innermost first. The outermost function has its name from the symbol
// table where there is one, as perf and other tools show it.
void appendFrames(std::span<const DwarfFrame> chain, std::string_view symbol, bool plt,
                  Demangler &names, SymbolAnswer &answer)
{
    if (chain.empty()) {
        if (symbol.empty())
            return;
        ResolvedFrame frame;
        frame.function = bounded(names.text(symbol) + (plt ? "@plt" : ""));
        frame.source = SymbolSource::Symtab;
        answer.frames.push_back(std::move(frame));
        return;
    }
    for (const auto &known : chain) {
        const bool outermost = &known == &chain.back();
        ResolvedFrame frame;
        const std::string_view raw = outermost && !symbol.empty() ? symbol : known.function;
        if (raw.empty())
            continue;
        frame.function = bounded(names.text(raw));
        frame.file = bounded(known.file);
        frame.line = known.line;
        frame.source = SymbolSource::Dwarf;
        answer.frames.push_back(std::move(frame));
    }
}

Result<SymbolAnswer> ElfSymbolizer::resolveElf(const SymbolQuery &query, JobContext &job) const
{
    auto files = findModuleFiles(query.module, m_search);
    const auto *layout = files.program ? files.program.get() : files.debug.get();
    auto answer = emptyAnswer(query);
    answer.notes = std::move(files.notes);
    if (layout == nullptr)
        return answer;
    answer.end.clear();
    answer.usedFile = files.withDebugInfo() != nullptr ? files.withDebugInfo()->path()
                                                       : files.withSymtab()->path();
    const auto lookups = prepare(
        query.addresses, [&](std::uint64_t offset) { return layout->virtualAddress(offset); });
    DwarfChains chains;
    if (const auto dwarf = dwarfOf(files, answer.notes)) {
        FW_ASSIGN(chains, dwarf->resolve(lookups.addresses, job));
        if (chains.cut)
            addNote(answer.notes, Severity::Notice, "symbols_debug_limits",
                    answer.usedFile + " exceeds a limit on debug information; some inlined "
                                      "functions are missing");
    }
    const ElfNames table(files, lookups.addresses, answer.notes);
    Demangler names;
    for (const auto slot : lookups.slot) {
        if (slot != Lookups::kNone) {
            const auto begin = slot == 0 || chains.end.empty() ? 0 : chains.end[slot - 1];
            const auto end = chains.end.empty() ? 0 : chains.end[slot];
            const auto address = lookups.addresses[slot];
            const auto stub = table.plt(address);
            const bool plt = !stub.empty() && begin == end;
            const auto symbol = plt ? stub : table.symbol(address);
            appendFrames(std::span(chains.frames).subspan(begin, end - begin), symbol, plt, names,
                         answer);
        }
        closeRow(answer);
    }
    return answer;
}

SymbolAnswer ElfSymbolizer::resolveKernel(const SymbolQuery &query) const
{
    auto answer = emptyAnswer(query);
    for (const auto &place : kallsymsPlaces(query.module, m_search)) {
        const auto file = openSymbolText(place, answer.notes);
        if (!file)
            continue;
        const auto about = inspectKallsyms(file->text);
        if (about.hidden) {
            addNote(answer.notes, Severity::Notice, "symbols_kallsyms_hidden",
                    file->path +
                        " has no addresses (kernel.kptr_restrict); read it as root and give the "
                        "copy with --symbols");
            continue;
        }
        const auto shift =
            query.module.kind == ModuleKind::Kernel && query.module.base != 0 && about.anchor != 0
                ? query.module.base - about.anchor
                : 0;
        const auto lookups = prepare(query.addresses, [](std::uint64_t address) {
            return std::optional<std::uint64_t>(address);
        });
        const auto found = findInKallsyms(file->text, shift, lookups.addresses);
        auto notes = std::move(answer.notes);
        answer = answerFrom(lookups, found.names, false);
        answer.notes = std::move(notes);
        if (answer.frames.empty())
            continue;
        answer.usedFile = file->path;
        break;
    }
    return answer;
}

SymbolAnswer ElfSymbolizer::resolveJit(const SymbolQuery &query) const
{
    auto answer = emptyAnswer(query);
    for (const auto &place : perfMapPlaces(query.module.pid, m_search)) {
        const auto file = openSymbolText(place, answer.notes);
        if (!file)
            continue;
        const auto lookups = prepare(query.addresses, [](std::uint64_t address) {
            return std::optional<std::uint64_t>(address);
        });
        const auto found = findInPerfMap(file->text, lookups.addresses);
        auto notes = std::move(answer.notes);
        answer = answerFrom(lookups, found.names, true);
        answer.notes = std::move(notes);
        answer.usedFile = file->path;
        if (found.badLines > 0)
            addNote(answer.notes, Severity::Notice, "symbols_perf_map_lines",
                    answer.usedFile + " has lines that are not \"start size name\"",
                    found.badLines);
        if (place.root.empty())
            addNote(answer.notes, Severity::Info, "symbols_perf_map_of_this_machine",
                    answer.usedFile + " was used; it is right only if the capture was made on this "
                                      "machine by a process that still had this number");
        break;
    }
    return answer;
}

} // namespace

std::vector<std::filesystem::path> symbolRoots(const SymbolSearch &search)
{
    namespace fs = std::filesystem;
    auto roots = search.directories;
    if (!search.kallsyms.empty())
        roots.push_back(search.kallsyms);
    if (!search.runningKernel.empty())
        roots.emplace_back(kOwnKallsyms);
    if (search.useSystem) {
        std::error_code error;
        std::vector<fs::path> tops;
        for (const auto &entry : fs::directory_iterator("/", error)) {
            if (!isPseudoDirectory(entry.path()) &&
                (entry.is_directory(error) || entry.is_regular_file(error)))
                tops.push_back(entry.path());
        }
        std::sort(tops.begin(), tops.end());
        roots.insert(roots.end(), tops.begin(), tops.end());
    }
    return roots;
}

std::unique_ptr<Symbolizer> makeElfSymbolizer(const SymbolSearch &search)
{
    return std::make_unique<ElfSymbolizer>(search);
}

} // namespace flamewright
