#pragma once

#include "importers/trace/perfetto_sequence.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright::perfetto {

// Arguments of events as canonical JSON: members in order of their names.
class Args {
public:
    struct Oddities {
        std::uint64_t lostNames = 0; // numbers that no name was sent for
        std::uint64_t cut = 0;       // too long or too deep
        std::uint64_t damaged = 0;
    };

    // Begins anew.
    void clear() { m_members.clear(); }
    void addText(std::string_view key, std::string_view text);
    void addNumber(std::string_view key, std::uint64_t number);
    // A message DebugAnnotation, with what is in it.
    void addAnnotation(const Sequence &sequence, std::string_view message, Oddities &odd);
    // Empty for none.
    std::string json(Oddities &odd);

private:
    std::vector<std::pair<std::string, std::string>> m_members; // name, JSON
};

} // namespace flamewright::perfetto
