#include "app/program_paths.h"

#include <cstdlib>
#include <system_error>

namespace flamewright {

std::filesystem::path programDirectory()
{
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path(".") : program.parent_path();
}

std::filesystem::path cacheDirectory()
{
    const char *cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && cache[0] == '/')
        return std::filesystem::path(cache) / "flamewright";
    const char *home = std::getenv("HOME");
    if (home != nullptr && home[0] == '/')
        return std::filesystem::path(home) / ".cache" / "flamewright";
    return {};
}

std::filesystem::path symbolCacheDirectory()
{
    const auto cache = cacheDirectory();
    return cache.empty() ? cache : cache / "symbols";
}

} // namespace flamewright
