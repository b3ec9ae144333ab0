#include "importers/symbols/running_kernel.h"

#include "importers/symbols/elf_file.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <iterator>

namespace flamewright {
namespace {

constexpr std::size_t padded(std::size_t size)
{
    return (size + 3) & ~std::size_t{3};
}

} // namespace

std::string buildIdOfNotes(std::string_view notes)
{
    constexpr std::string_view kOwner{"GNU\0", 4};
    Elf64_Nhdr note; // the same in 32 bits
    while (notes.size() >= sizeof note) {
        std::memcpy(&note, notes.data(), sizeof note);
        notes.remove_prefix(sizeof note);
        const auto name = padded(note.n_namesz), content = padded(note.n_descsz);
        if (name > notes.size() || note.n_descsz > notes.size() - name)
            break;
        if (note.n_type == NT_GNU_BUILD_ID && notes.substr(0, note.n_namesz) == kOwner) {
            auto id = hexText(notes.substr(name, note.n_descsz));
            return isBuildId(id) ? id : std::string();
        }
        notes.remove_prefix(std::min(notes.size(), name + content));
    }
    return {};
}

std::string runningKernelBuildId()
{
    std::ifstream in("/sys/kernel/notes", std::ios::binary);
    return buildIdOfNotes(std::string(std::istreambuf_iterator<char>(in), {}));
}

} // namespace flamewright
