#include "importers/symbols/demangle.h"

#include <algorithm>
#include <csetjmp>
#include <cstring>
#define HAVE_DECL_BASENAME 1 // libiberty.h would declare it in another way than <cstring>
#include <libiberty/demangle.h>
#include <vector>

namespace flamewright {
namespace {

// libiberty bounds its recursion but not its output: 100 bytes of substitutions can stand for
// gigabytes. Its printers own no memory, so that leaving them by longjmp from the callback is
// sound, and the only way to stop them.
struct BoundedText {
    char *data;
    std::size_t size;
    std::size_t capacity;
    std::jmp_buf full;
};

extern "C" void appendBounded(const char *text, std::size_t size, void *opaque)
{
    auto *out = static_cast<BoundedText *>(opaque);
    if (size > out->capacity - out->size)
        std::longjmp(out->full, 1);
    std::memcpy(out->data + out->size, text, size);
    out->size += size;
}

// Nothing with a destructor may live in here.
bool printDemangled(const char *name, BoundedText *out)
{
    if (setjmp(out->full) != 0)
        return false;
    if (rust_demangle_callback(name, 0, appendBounded, out) != 0)
        return true;
    out->size = 0;
    return cplus_demangle_v3_callback(name, DMGL_GNU_V3, appendBounded, out) != 0;
}

bool looksMangled(std::string_view name)
{
    // Itanium "_Z", with more underscores for blocks and on some systems; Rust v0 "_R".
    const auto letters = name.find_first_not_of('_');
    return letters != std::string_view::npos && letters >= 1 && letters <= 4 &&
           (name[letters] == 'Z' || name[letters] == 'R');
}

} // namespace

std::string demangle(std::string_view name)
{
    if (!looksMangled(name) || name.size() > kMaxMangledBytes)
        return std::string(name);
    // "name@VERSION" of a versioned symbol: the version is no part of the mangling.
    const auto version = name.find('@');
    const std::string mangled(name.substr(0, version));
    std::vector<char> buffer(kMaxDemangledBytes);
    BoundedText out{buffer.data(), 0, buffer.size(), {}};
    if (!printDemangled(mangled.c_str(), &out) || out.size == 0)
        return std::string(name);
    std::string text(buffer.data(), out.size);
    if (version != std::string_view::npos)
        text += name.substr(version);
    return text;
}

} // namespace flamewright
