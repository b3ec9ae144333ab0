#include "analysis/wait_names.h"

#include <algorithm>
#include <array>
#include <string>

namespace flamewright {
namespace {

std::string lowerCase(std::string_view text)
{
    std::string out(text);
    for (auto &c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// Words that spans have in their names which wait for a lock, a connection or a place in a pool.
constexpr std::array<std::string_view, 13> kWaitWords{
    "mutex",        "lock",          "semaphore",          "acquire",   "pool.connect",
    "pool connect", "getconnection", "pool.get",           "pool.wait", "connection pool",
    "waitfor",      "wait for",      "checkout connection"};
// Words that have one of these in them and mean something else.
constexpr std::array<std::string_view, 6> kOtherWords{"block", "clock",   "unlock",
                                                      "flock", "release", "padlock"};

} // namespace

bool isWait(std::string_view name)
{
    auto text = lowerCase(name);
    for (const auto word : kOtherWords) {
        for (auto at = text.find(word); at != text.npos; at = text.find(word))
            text.replace(at, word.size(), "_");
    }
    return std::any_of(kWaitWords.begin(), kWaitWords.end(),
                       [&](std::string_view word) { return text.find(word) != text.npos; });
}

} // namespace flamewright
