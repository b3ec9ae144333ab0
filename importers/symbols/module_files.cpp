#include "importers/symbols/module_files.h"

#include "importers/symbols/mini_symbols.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <sys/auxv.h>

namespace flamewright {
namespace {

namespace fs = std::filesystem;

const fs::path kSystemDebug = "/usr/lib/debug";

// The build id of the capture, when it can be one: it becomes a part of paths.
std::string usableBuildId(const ModuleRow &module)
{
    return isBuildId(module.buildId) ? module.buildId : std::string();
}

// Absolute and without "..": what the kernel said was mapped. Empty for "[vdso]", "//anon".
fs::path mappedPath(const ModuleRow &module)
{
    constexpr std::string_view kDeleted = " (deleted)";
    std::string_view name = module.name;
    if (name.size() > kDeleted.size() && name.substr(name.size() - kDeleted.size()) == kDeleted)
        name.remove_suffix(kDeleted.size());
    if (name.empty() || name[0] != '/' || name.substr(0, 2) == "//" || name.size() > 4000 ||
        name.find('\0') != std::string_view::npos)
        return {};
    const auto path = fs::path(name).lexically_normal();
    return path.has_filename() ? path : fs::path();
}

// The name of the file alone; of a module without a path, its name if that can be one.
std::string fileNameOf(const ModuleRow &module)
{
    if (const auto path = mappedPath(module); !path.empty())
        return path.filename().string();
    const auto &name = module.name;
    if (name.empty() || name.size() > 255 || name == "." || name == ".." ||
        name.find_first_of(std::string_view("/\0", 2)) != std::string::npos)
        return {};
    return name;
}

fs::path buildIdPath(const std::string &id)
{
    return fs::path(".build-id") / id.substr(0, 2) / id.substr(2);
}

fs::path perfCache(const SymbolSearch &search)
{
    auto home = search.home;
    if (home.empty()) {
        if (const char *value = std::getenv("HOME"))
            home = value;
    }
    return home.is_absolute() ? home / ".debug" : fs::path();
}

// Directories with the layout of perf's build-id cache and of debug packages alike.
std::vector<fs::path> rootsOf(const SymbolSearch &search)
{
    auto roots = search.directories;
    if (search.useSystem) {
        if (const auto cache = perfCache(search); !cache.empty())
            roots.push_back(cache);
        roots.push_back(kSystemDebug);
    }
    return roots;
}

void addSuffixed(std::vector<FilePlace> &out, const fs::path &root, fs::path path)
{
    path += ".debug";
    out.push_back({root, path});
}

} // namespace

void addNote(std::vector<ImportNote> &notes, Severity severity, std::string_view code,
             std::string_view detail, std::uint64_t times)
{
    for (auto &note : notes) {
        if (note.code == code) {
            note.count += times;
            note.severity = std::max(note.severity, severity);
            return;
        }
    }
    notes.push_back({severity, std::string(code), times, 0, std::string(detail)});
}

ModulePlaces modulePlaces(const ModuleRow &module, const SymbolSearch &search)
{
    ModulePlaces out;
    const auto id = usableBuildId(module);
    const auto mapped = mappedPath(module);
    const auto below = mapped.relative_path();
    const auto name = fileNameOf(module);
    // perf keeps files as <path>/<build id>/elf, or /vdso for [vdso].
    const auto cached = [&](const fs::path &directory) {
        const auto file = module.kind == ModuleKind::Vdso ? "vdso" : "elf";
        return directory / id / file;
    };
    for (const auto &root : rootsOf(search)) {
        if (!id.empty()) {
            const auto byId = buildIdPath(id);
            out.program.push_back({root, byId});
            out.program.push_back(
                {root, byId / (module.kind == ModuleKind::Vdso ? "vdso" : "elf")});
            out.program.push_back({root, cached(mapped.empty() ? fs::path(name) : below)});
            out.debug.push_back({root, byId / "debug"});
            addSuffixed(out.debug, root, byId);
        }
    }
    for (const auto &root : search.directories) {
        if (!mapped.empty()) {
            out.program.push_back({root, below});
            addSuffixed(out.debug, root, below);
        }
        if (!name.empty()) {
            out.program.push_back({root, name});
            addSuffixed(out.debug, root, name);
        }
    }
    if (search.useSystem && !mapped.empty()) {
        out.program.push_back({{}, mapped});
        addSuffixed(out.debug, kSystemDebug, below);
    }
    return out;
}

std::vector<FilePlace> debugLinkPlaces(const ModuleRow &module, const std::string &name,
                                       const SymbolSearch &search)
{
    std::vector<FilePlace> out;
    const auto mapped = mappedPath(module);
    const auto below = mapped.relative_path().parent_path();
    for (const auto &root : search.directories) {
        if (!mapped.empty()) {
            out.push_back({root, below / name});
            out.push_back({root, below / ".debug" / name});
        }
        out.push_back({root, name});
        out.push_back({root, fs::path(".debug") / name});
    }
    if (search.useSystem && !mapped.empty()) {
        out.push_back({{}, mapped.parent_path() / name});
        out.push_back({{}, mapped.parent_path() / ".debug" / name});
        out.push_back({kSystemDebug, below / name});
    }
    return out;
}

std::vector<FilePlace> perfMapPlaces(std::int64_t pid, const SymbolSearch &search)
{
    std::vector<FilePlace> out;
    if (pid < 0)
        return out;
    const auto name = "perf-" + std::to_string(pid) + ".map";
    for (const auto &root : search.directories) {
        out.push_back({root, name});
        out.push_back({root, fs::path("tmp") / name});
    }
    if (search.useSystem)
        out.push_back({{}, "/tmp/" + name});
    return out;
}

std::vector<FilePlace> kallsymsPlaces(const ModuleRow &module, const SymbolSearch &search)
{
    std::vector<FilePlace> out;
    if (!search.kallsyms.empty())
        out.push_back(
            {search.kallsyms.parent_path().empty() ? fs::path(".") : search.kallsyms.parent_path(),
             search.kallsyms.filename()});
    if (const auto id = usableBuildId(module); !id.empty()) {
        for (const auto &root : rootsOf(search)) {
            out.push_back({root, fs::path("[kernel.kallsyms]") / id / "kallsyms"});
            out.push_back({root, buildIdPath(id) / "kallsyms"});
        }
    }
    for (const auto &root : search.directories)
        out.push_back({root, "kallsyms"});
    if (!search.runningKernel.empty() && usableBuildId(module) == search.runningKernel) {
        const fs::path own = kOwnKallsyms;
        out.push_back({own.parent_path(), own.filename()});
    }
    return out;
}

Result<RootedFile> openPlace(const FilePlace &place, std::uint64_t maxBytes)
{
    if (place.root.empty())
        return openSystemFile(place.path, maxBytes);
    return openBeneath(place.root, place.path, maxBytes);
}

const ElfFile *ModuleFiles::withDebugInfo() const
{
    if (debug && debug->hasDebugInfo())
        return debug.get();
    return program && program->hasDebugInfo() ? program.get() : nullptr;
}

const ElfFile *ModuleFiles::withSymtab() const
{
    if (debug && debug->hasSymtab())
        return debug.get();
    return program ? program.get() : debug.get();
}

namespace {

// Opens what lies at a place if it is an ELF file; notes what was there but could not be used.
std::unique_ptr<ElfFile> openElf(const FilePlace &place, std::vector<ImportNote> &notes)
{
    auto opened = openPlace(place);
    if (!opened.has_value()) {
        if (opened.error().code() != Errc::NotFound)
            addNote(notes, Severity::Notice, "symbols_file_refused", opened.error().text());
        return nullptr;
    }
    auto elf = ElfFile::open(*std::move(opened));
    if (!elf.has_value()) {
        addNote(notes, Severity::Notice, "symbols_file_damaged", elf.error().text());
        return nullptr;
    }
    return *std::move(elf);
}

bool isBuild(const ElfFile &file, const std::string &id, std::vector<ImportNote> &notes)
{
    if (id.empty() || file.buildId() == id)
        return true;
    addNote(notes, Severity::Notice, "symbols_build_id_mismatch",
            file.path() + " is another build than the one captured, " + id + ", and was not used");
    return false;
}

void findDebugLink(const ModuleRow &module, const SymbolSearch &search, ModuleFiles &files)
{
    if (!files.program)
        return;
    const auto link = files.program->debugLink();
    if (!link)
        return;
    for (const auto &place : debugLinkPlaces(module, link->name, search)) {
        auto file = openElf(place, files.notes);
        if (!file)
            continue;
        const auto &id = files.program->buildId();
        bool same = !id.empty() && file->buildId() == id;
        if (!same && (id.empty() || file->buildId().empty())) {
            const auto crc = file->crc();
            same = crc.has_value() && *crc == link->crc;
        }
        if (!same) {
            addNote(files.notes, Severity::Notice, "symbols_build_id_mismatch",
                    file->path() + " does not belong to " + files.program->path() +
                        " and was not used");
            continue;
        }
        files.debug = std::move(file);
        return;
    }
}

// The supplementary file of dwz. Its path is relative to the debug file as packaged; it is looked
// for by build id, and by what follows ".dwz/" below the roots.
void findAlt(const SymbolSearch &search, ModuleFiles &files)
{
    const auto *info = files.withDebugInfo();
    const auto link = info != nullptr ? info->altLink() : std::nullopt;
    if (!link)
        return;
    const auto at = link->path.find(".dwz/");
    for (const auto &root : rootsOf(search)) {
        std::vector<FilePlace> places;
        places.push_back({root, buildIdPath(link->buildId) / "debug"});
        addSuffixed(places, root, buildIdPath(link->buildId));
        if (at != std::string::npos && link->path.size() < 4000)
            places.push_back({root, link->path.substr(at)});
        for (const auto &place : places) {
            auto file = openElf(place, files.notes);
            if (file && file->buildId() == link->buildId) {
                files.alt = std::move(file);
                return;
            }
        }
    }
    addNote(files.notes, Severity::Info, "symbols_alt_file_missing",
            info->path() + " shares debug information with a file that was not found; some "
                           "inlined functions have no name");
}

} // namespace

ModuleFiles findModuleFiles(const ModuleRow &module, const SymbolSearch &search)
{
    ModuleFiles files;
    auto id = usableBuildId(module);
    const auto places = modulePlaces(module, search);
    for (const auto &place : places.program) {
        auto file = openElf(place, files.notes);
        if (!file || !isBuild(*file, id, files.notes))
            continue;
        if (file->hasCode()) {
            files.program = std::move(file);
            break;
        }
        if (!files.debug && file->hasDebugInfo())
            files.debug = std::move(file);
    }
    if (!files.program && module.kind == ModuleKind::Vdso && search.useSystem)
        files.program = ownVdso(id);
    const bool wanted = !files.debug && !(files.program && files.program->hasDebugInfo() &&
                                          files.program->hasSymtab());
    if (wanted) {
        if (id.empty() && files.program)
            id = files.program->buildId();
        auto known = module;
        known.buildId = id;
        for (const auto &place : modulePlaces(known, search).debug) {
            auto file = openElf(place, files.notes);
            // By name alone anything may be found: only a build id shows that it belongs.
            if (file && !id.empty() && isBuild(*file, id, files.notes)) {
                files.debug = std::move(file);
                break;
            }
        }
    }
    if (wanted && !files.debug)
        findDebugLink(module, search, files);
    findAlt(search, files);
    if (const auto *table = files.withSymtab();
        table != nullptr && !table->hasSymtab() && files.program)
        files.mini = openMiniSymbols(*files.program, files.notes);
    if ((files.program || files.debug) && usableBuildId(module).empty())
        addNote(files.notes, Severity::Notice, "symbols_unverified",
                (files.program ? files.program : files.debug)->path() +
                    " was used although the capture has no build id of it: names are wrong if it "
                    "was built again since");
    return files;
}

std::unique_ptr<ElfFile> ownVdso(const std::string &buildId)
{
    const auto base = getauxval(AT_SYSINFO_EHDR);
    if (base == 0 || buildId.empty() || sizeof(void *) != 8)
        return nullptr;
    // The kernel's own image, mapped whole; its section headers come last.
    const auto *image = reinterpret_cast<const char *>(base);
    Elf64_Ehdr header;
    std::memcpy(&header, image, sizeof header);
    const auto size = header.e_shoff + std::size_t{header.e_shnum} * sizeof(Elf64_Shdr);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_shoff == 0 ||
        size > (64u << 10))
        return nullptr;
    auto file = ElfFile::fromMemory(std::string(image, size), "[vdso] of this machine");
    if (!file.has_value() || (*file)->buildId() != buildId)
        return nullptr;
    return *std::move(file);
}

} // namespace flamewright
