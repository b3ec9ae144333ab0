#include "importers/symbols/mini_symbols.h"

#include "importers/symbols/module_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <string>

namespace flamewright {
namespace {

constexpr std::size_t kMaxPackedBytes = 64u << 20;
// The symbol table of a large browser takes less than half of that.
constexpr std::size_t kMaxUnpackedBytes = 256u << 20;
constexpr std::size_t kStepBytes = 256u << 10;

Error damaged(const char *why)
{
    return Error(Errc::Corrupt, std::string("its .gnu_debugdata ") + why);
}

Result<std::string> unpackXz(const std::string &packed)
{
    const std::unique_ptr<archive, int (*)(archive *)> reader(archive_read_new(),
                                                              &archive_read_free);
    if (!reader)
        return fail(Errc::Limit, "not enough memory");
    archive_read_support_filter_xz(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_entry *entry = nullptr;
    if (archive_read_open_memory(reader.get(), packed.data(), packed.size()) < ARCHIVE_WARN ||
        archive_read_next_header(reader.get(), &entry) < ARCHIVE_WARN ||
        archive_filter_code(reader.get(), 0) != ARCHIVE_FILTER_XZ)
        return fail(damaged("is not compressed with xz"));
    std::string out;
    for (;;) {
        const auto filled = out.size();
        if (filled + kStepBytes > kMaxUnpackedBytes)
            return fail(damaged("unpacks to more than is read"));
        out.resize(filled + kStepBytes);
        const auto got = archive_read_data(reader.get(), out.data() + filled, kStepBytes);
        out.resize(filled + static_cast<std::size_t>(got > 0 ? got : 0));
        if (got == 0)
            return out;
        if (got < 0)
            return fail(damaged("is damaged"));
    }
}

Result<std::unique_ptr<ElfFile>> open(const ElfFile &program, const std::string &packed)
{
    FW_ASSIGN(auto image, unpackXz(packed));
    return ElfFile::fromMemory(std::move(image), program.path());
}

} // namespace

std::unique_ptr<ElfFile> openMiniSymbols(const ElfFile &program, std::vector<ImportNote> &notes)
{
    const auto packed = program.sectionBytes(".gnu_debugdata", kMaxPackedBytes);
    if (packed.empty())
        return nullptr;
    auto file = open(program, packed);
    if (!file.has_value()) {
        addNote(notes, Severity::Notice, "symbols_file_damaged",
                program.path() + ": " + file.error().text());
        return nullptr;
    }
    return *std::move(file);
}

} // namespace flamewright
