#include "capture/session/session_registry.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace flamewright {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPruneAbove = 512;
constexpr auto kForgetAfter = std::chrono::hours(24 * 90);

fs::path stateHome()
{
    // The specification wants relative values ignored.
    for (const auto &[variable, below] :
         {std::pair{"XDG_STATE_HOME", ""}, {"HOME", ".local/state"}}) {
        const char *value = std::getenv(variable);
        if (value != nullptr && fs::path(value).is_absolute())
            return fs::path(value) / below;
    }
    return {};
}

std::string hexOf(const SessionUuid &uuid)
{
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const auto byte : uuid) {
        out += kDigits[std::to_integer<unsigned>(byte) >> 4];
        out += kDigits[std::to_integer<unsigned>(byte) & 15];
    }
    return out;
}

std::string pathIn(const fs::path &entry)
{
    std::ifstream file(entry);
    std::string path;
    std::getline(file, path);
    return path;
}

} // namespace

SessionRegistry::SessionRegistry(fs::path stateDirectory)
{
    if (stateDirectory.empty())
        stateDirectory = stateHome();
    if (stateDirectory.empty())
        return;
    std::error_code error;
    const auto directory = stateDirectory / "flamewright" / "sessions";
    fs::create_directories(directory, error);
    if (fs::is_directory(directory, error))
        m_directory = directory;
}

bool SessionRegistry::knows(const SessionUuid &uuid) const
{
    std::error_code error;
    return exists() && fs::exists(m_directory / hexOf(uuid), error);
}

bool SessionRegistry::knowsPath(const fs::path &session) const
{
    if (!exists())
        return false;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(m_directory, error)) {
        if (pathIn(entry.path()) == session.string())
            return true;
    }
    return false;
}

bool SessionRegistry::enter(const SessionUuid &uuid, const fs::path &session)
{
    if (!exists())
        return false;
    prune();
    std::ofstream file(m_directory / hexOf(uuid), std::ios::trunc);
    file << session.string() << '\n';
    file.flush();
    if (!file.good())
        m_directory.clear();
    return exists();
}

// Entries of sessions that have long been gone from where they were. A moved one stays: it is
// refreshed when it is opened.
void SessionRegistry::prune() const
{
    std::error_code error;
    fs::directory_iterator entries(m_directory, error);
    if (error || std::distance(fs::begin(entries), fs::end(entries)) <
                     static_cast<std::ptrdiff_t>(kPruneAbove))
        return;
    const auto limit = fs::file_time_type::clock::now() - kForgetAfter;
    for (const auto &entry : fs::directory_iterator(m_directory, error)) {
        if (entry.last_write_time(error) < limit && !fs::exists(pathIn(entry.path()), error))
            fs::remove(entry.path(), error);
    }
}

} // namespace flamewright
