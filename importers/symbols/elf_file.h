#pragma once

#include "capture/base/result.h"
#include "importers/symbols/rooted_file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Elf;

namespace flamewright {

// An open ELF file, read (never mapped: a foreign file may shrink meanwhile). Checked on opening
// so far that libelf allocates no more than the file could fill.
class ElfFile {
public:
    static Result<std::unique_ptr<ElfFile>> open(RootedFile file);
    // The image of a vdso, or a test's.
    static Result<std::unique_ptr<ElfFile>> fromMemory(std::string image, std::string_view name);
    ~ElfFile();
    ElfFile(const ElfFile &) = delete;
    ElfFile &operator=(const ElfFile &) = delete;

    Elf *elf() const { return m_elf; }
    const std::string &path() const { return m_path; }
    // Lower-case hex; empty: there is none.
    const std::string &buildId() const { return m_buildId; }
    // False for a debug file, whose code was left out: its file offsets mean nothing then.
    bool hasCode() const { return m_hasCode; }
    bool hasDebugInfo() const { return m_hasDebugInfo; }
    bool hasSymtab() const { return m_hasSymtab; }

    // The virtual address of what lies at a file offset, through the program headers. A debug file
    // answers for the program it belongs to as far as that can be known.
    std::optional<std::uint64_t> virtualAddress(std::uint64_t fileOffset) const;
    // Whether a segment that is executed covers it.
    bool isCode(std::uint64_t virtualAddress) const;

    struct DebugLink {
        std::string name; // a bare file name
        std::uint32_t crc = 0;
    };
    // Nothing as well when the section names more than a bare file name.
    std::optional<DebugLink> debugLink() const;
    struct AltLink {
        std::string path;
        std::string buildId;
    };
    std::optional<AltLink> altLink() const;
    // CRC-32 (ISO 3309) of the whole file, as .gnu_debuglink has it. Reads all of it.
    Result<std::uint32_t> crc() const;

    // What a section holds, as it is in the file; empty when it is not there or larger.
    std::string sectionBytes(std::string_view name, std::uint64_t maxBytes) const;

    // Bytes that the debug sections take once decompressed.
    std::uint64_t debugBytes() const { return m_debugBytes; }

private:
    ElfFile() = default;
    Result<> inspect();

    struct Segment {
        std::uint64_t offset, fileSize, address, memorySize;
        bool executable;
    };
    FileDescriptor m_descriptor;
    std::string m_image;
    std::uint64_t m_sizeBytes = 0;
    std::string m_path;
    Elf *m_elf = nullptr;
    std::vector<Segment> m_segments;
    std::string m_buildId;
    bool m_hasCode = false, m_hasDebugInfo = false, m_hasSymtab = false;
    std::uint64_t m_debugBytes = 0;
};

// Lower-case hex of bytes, as build ids are written.
std::string hexText(std::string_view bytes);
// Whether it can be a build id and a part of a path: 4 to 64 bytes of lower-case hex.
bool isBuildId(std::string_view hex);

} // namespace flamewright
