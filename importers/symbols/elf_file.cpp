#include "importers/symbols/elf_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <elf.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

namespace flamewright {
namespace {

constexpr std::uint64_t kMaxNoteBytes = 64u << 10;

bool readAt(int fd, std::uint64_t offset, void *into, std::size_t size)
{
    auto *out = static_cast<char *>(into);
    while (size > 0) {
        const auto got = pread(fd, out, size, static_cast<off_t>(offset));
        if (got <= 0)
            return false;
        out += got;
        offset += static_cast<std::uint64_t>(got);
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

// Reads fields of a file of either byte order.
template <class T>
T ordered(T value, bool swap)
{
    if (!swap)
        return value;
    T out = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out = static_cast<T>(out << 8 | (value >> 8 * i & 0xff));
    return out;
}

struct TableClaims {
    std::uint64_t sectionOffset, sections, sectionSize;
    std::uint64_t segmentOffset, segments, segmentSize;
};

// Section counts above 65,279 and segment counts above 65,534 are kept in section 0.
template <class Ehdr, class Shdr, class Read>
bool readClaims(const Read &read, bool swap, TableClaims &claims)
{
    Ehdr header;
    if (!read(0, &header, sizeof header))
        return false;
    claims.sectionOffset = ordered(header.e_shoff, swap);
    claims.sections = ordered(header.e_shnum, swap);
    claims.sectionSize = sizeof(Shdr);
    claims.segmentOffset = ordered(header.e_phoff, swap);
    claims.segments = ordered(header.e_phnum, swap);
    claims.segmentSize = ordered(header.e_phentsize, swap);
    if (claims.sectionOffset == 0)
        return claims.sections == 0 && claims.segments != PN_XNUM;
    if (claims.sections != 0 && claims.segments != PN_XNUM)
        return true;
    Shdr first;
    if (!read(claims.sectionOffset, &first, sizeof first))
        return false;
    if (claims.sections == 0)
        claims.sections = ordered(first.sh_size, swap);
    if (claims.segments == PN_XNUM)
        claims.segments = ordered(first.sh_info, swap);
    return true;
}

bool fits(std::uint64_t offset, std::uint64_t count, std::uint64_t size, std::uint64_t total)
{
    std::uint64_t bytes = 0, end = 0;
    return !__builtin_mul_overflow(count, size, &bytes) &&
           !__builtin_add_overflow(offset, bytes, &end) && end <= total;
}

// libelf allocates for every section the header claims before it looks whether they are there.
template <class Read>
bool tablesFit(const Read &read, std::uint64_t fileBytes)
{
    unsigned char ident[EI_NIDENT];
    if (!read(0, ident, sizeof ident) || std::memcmp(ident, ELFMAG, SELFMAG) != 0)
        return false;
    const bool swap = ident[EI_DATA] == ELFDATA2MSB;
    TableClaims claims{};
    const bool known = ident[EI_CLASS] == ELFCLASS64
                           ? readClaims<Elf64_Ehdr, Elf64_Shdr>(read, swap, claims)
                           : readClaims<Elf32_Ehdr, Elf32_Shdr>(read, swap, claims);
    return known && fits(claims.sectionOffset, claims.sections, claims.sectionSize, fileBytes) &&
           fits(claims.segmentOffset, claims.segments, claims.segmentSize, fileBytes);
}

// The build id among the notes of one note section or segment.
std::string buildIdIn(Elf_Data *data)
{
    GElf_Nhdr note;
    std::size_t name = 0, desc = 0;
    std::size_t at = 0;
    for (std::size_t next = 0; (next = gelf_getnote(data, at, &note, &name, &desc)) > at;
         at = next) {
        const auto *bytes = static_cast<const char *>(data->d_buf);
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
            std::memcmp(bytes + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0)
            return hexText({bytes + desc, note.n_descsz});
    }
    return {};
}

const std::array<std::uint32_t, 256> &crcTable()
{
    static const auto table = [] {
        std::array<std::uint32_t, 256> t{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            auto c = i;
            for (int bit = 0; bit < 8; ++bit)
                c = (c & 1) != 0 ? 0xedb88320u ^ c >> 1 : c >> 1;
            t[i] = c;
        }
        return t;
    }();
    return table;
}

} // namespace

std::string hexText(std::string_view bytes)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

bool isBuildId(std::string_view hex)
{
    return hex.size() >= 8 && hex.size() <= 128 && hex.size() % 2 == 0 &&
           hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<std::unique_ptr<ElfFile>> ElfFile::open(RootedFile file)
{
    const int fd = file.descriptor.get();
    const auto read = [fd](std::uint64_t at, void *into, std::size_t size) {
        return readAt(fd, at, into, size);
    };
    if (!tablesFit(read, file.sizeBytes))
        return fail(Errc::Corrupt, file.path.string() + ": not a whole ELF file");
    elf_version(EV_CURRENT);
    std::unique_ptr<ElfFile> out(new ElfFile);
    out->m_path = file.path.string();
    out->m_sizeBytes = file.sizeBytes;
    out->m_elf = elf_begin(fd, ELF_C_READ, nullptr);
    out->m_descriptor = std::move(file.descriptor);
    FW_TRY(out->inspect());
    return out;
}

Result<std::unique_ptr<ElfFile>> ElfFile::fromMemory(std::string image, std::string_view name)
{
    const auto read = [&](std::uint64_t at, void *into, std::size_t size) {
        if (at > image.size() || size > image.size() - at)
            return false;
        std::memcpy(into, image.data() + at, size);
        return true;
    };
    if (!tablesFit(read, image.size()))
        return fail(Errc::Corrupt, std::string(name) + ": not a whole ELF image");
    elf_version(EV_CURRENT);
    std::unique_ptr<ElfFile> out(new ElfFile);
    out->m_path = name;
    out->m_image = std::move(image);
    out->m_sizeBytes = out->m_image.size();
    out->m_elf = elf_memory(out->m_image.data(), out->m_image.size());
    FW_TRY(out->inspect());
    return out;
}

ElfFile::~ElfFile()
{
    elf_end(m_elf);
}

Result<> ElfFile::inspect()
{
    if (m_elf == nullptr || elf_kind(m_elf) != ELF_K_ELF)
        return fail(Errc::Corrupt, m_path + ": not an ELF file");
    std::size_t segments = 0;
    elf_getphdrnum(m_elf, &segments);
    for (std::size_t i = 0; i < segments; ++i) {
        GElf_Phdr p;
        if (gelf_getphdr(m_elf, static_cast<int>(i), &p) == nullptr)
            break;
        if (p.p_type == PT_LOAD)
            m_segments.push_back(
                {p.p_offset, p.p_filesz, p.p_vaddr, p.p_memsz, (p.p_flags & PF_X) != 0});
        if (p.p_type == PT_NOTE && m_buildId.empty() && p.p_filesz <= kMaxNoteBytes) {
            if (auto *data =
                    elf_getdata_rawchunk(m_elf, static_cast<std::int64_t>(p.p_offset), p.p_filesz,
                                         p.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR))
                m_buildId = buildIdIn(data);
        }
    }
    std::size_t names = 0;
    if (elf_getshdrstrndx(m_elf, &names) != 0)
        return {};
    for (Elf_Scn *section = nullptr; (section = elf_nextscn(m_elf, section)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr)
            continue;
        const char *text = elf_strptr(m_elf, names, header.sh_name);
        const std::string_view name = text != nullptr ? text : "";
        const bool here = header.sh_type != SHT_NOBITS;
        if (header.sh_type == SHT_NOTE && m_buildId.empty() && header.sh_size <= kMaxNoteBytes) {
            if (auto *data = elf_getdata(section, nullptr))
                m_buildId = buildIdIn(data);
        }
        m_hasCode = m_hasCode || (here && (header.sh_flags & SHF_EXECINSTR) != 0);
        m_hasSymtab = m_hasSymtab || header.sh_type == SHT_SYMTAB;
        if (here && (name == ".debug_info" || name == ".zdebug_info"))
            m_hasDebugInfo = true;
        if (here && (name.substr(0, 7) == ".debug_" || name.substr(0, 8) == ".zdebug_")) {
            std::uint64_t bytes = header.sh_size;
            GElf_Chdr compressed;
            if ((header.sh_flags & SHF_COMPRESSED) != 0 &&
                gelf_getchdr(section, &compressed) != nullptr)
                bytes = compressed.ch_size;
            else if (name[1] == 'z')
                bytes = header.sh_size * 16; // the old way keeps the size inside; a guess will do
            if (__builtin_add_overflow(m_debugBytes, bytes, &m_debugBytes))
                m_debugBytes = UINT64_MAX;
        }
    }
    if (!isBuildId(m_buildId))
        m_buildId.clear();
    return {};
}

std::optional<std::uint64_t> ElfFile::virtualAddress(std::uint64_t fileOffset) const
{
    // Code first: segments may share a page of the file.
    for (const bool executable : {true, false}) {
        for (const auto &s : m_segments) {
            if (s.executable == executable && fileOffset >= s.offset &&
                fileOffset - s.offset < s.fileSize)
                return s.address + (fileOffset - s.offset);
        }
    }
    if (hasCode() || m_segments.empty())
        return std::nullopt;
    // A debug file: objcopy moved its offsets. Linkers lay the code's segments out as they are
    // mapped, so that the first segment tells the distance.
    const auto &first = m_segments.front();
    const auto address = fileOffset - first.offset + first.address;
    for (const auto &s : m_segments) {
        if (s.executable && address >= s.address && address - s.address < s.memorySize)
            return address;
    }
    return std::nullopt;
}

bool ElfFile::isCode(std::uint64_t virtualAddress) const
{
    return std::any_of(m_segments.begin(), m_segments.end(), [&](const Segment &s) {
        return s.executable && virtualAddress >= s.address &&
               virtualAddress - s.address < s.memorySize;
    });
}

std::string ElfFile::sectionBytes(std::string_view wanted, std::uint64_t maxBytes) const
{
    std::size_t names = 0;
    if (elf_getshdrstrndx(m_elf, &names) != 0)
        return {};
    for (Elf_Scn *section = nullptr; (section = elf_nextscn(m_elf, section)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS ||
            header.sh_size > maxBytes)
            continue;
        const char *name = elf_strptr(m_elf, names, header.sh_name);
        if (name == nullptr || wanted != name)
            continue;
        const auto *data = elf_rawdata(section, nullptr);
        if (data != nullptr && data->d_buf != nullptr)
            return {static_cast<const char *>(data->d_buf), data->d_size};
    }
    return {};
}

std::optional<ElfFile::DebugLink> ElfFile::debugLink() const
{
    // A name, its 0, padding to 4 bytes, the CRC in the file's byte order.
    const auto text = sectionBytes(".gnu_debuglink", kMaxNoteBytes);
    const auto end = text.find('\0');
    if (end == std::string::npos || end == 0 || text.size() < 4)
        return std::nullopt;
    DebugLink link;
    link.name = text.substr(0, end);
    if (link.name.find('/') != std::string::npos || link.name == "." || link.name == "..")
        return std::nullopt;
    const auto at = (end + 4) & ~std::size_t{3};
    if (at > text.size() - 4)
        return std::nullopt;
    std::memcpy(&link.crc, text.data() + at, sizeof link.crc);
    GElf_Ehdr header;
    if (gelf_getehdr(m_elf, &header) != nullptr)
        link.crc = ordered(link.crc, header.e_ident[EI_DATA] == ELFDATA2MSB);
    return link;
}

std::optional<ElfFile::AltLink> ElfFile::altLink() const
{
    const auto text = sectionBytes(".gnu_debugaltlink", kMaxNoteBytes);
    const auto end = text.find('\0');
    if (end == std::string::npos || end == 0)
        return std::nullopt;
    AltLink link{text.substr(0, end), hexText(std::string_view(text).substr(end + 1))};
    if (!isBuildId(link.buildId))
        return std::nullopt;
    return link;
}

Result<std::uint32_t> ElfFile::crc() const
{
    std::vector<unsigned char> buffer(1u << 20);
    auto crc = 0xffffffffu;
    const auto &table = crcTable();
    for (std::uint64_t at = 0; at < m_sizeBytes;) {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), m_sizeBytes - at));
        if (!m_image.empty())
            std::memcpy(buffer.data(), m_image.data() + at, size);
        else if (!readAt(m_descriptor.get(), at, buffer.data(), size))
            return fail(Errc::Io, m_path + ": cannot be read");
        for (std::size_t i = 0; i < size; ++i)
            crc = table[(crc ^ buffer[i]) & 0xff] ^ crc >> 8;
        at += size;
    }
    return crc ^ 0xffffffffu;
}

} // namespace flamewright
