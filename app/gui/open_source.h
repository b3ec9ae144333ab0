#pragma once

#include <QString>

#include <cstdint>
#include <string>

namespace flamewright {

class Settings;

// Opens a source file that a capture names, in the editor that was chosen. Only after a click, and
// only regular files that are there: a capture may name anything. Empty, or what went wrong with
// a way out.
QString openSource(const Settings &settings, const std::string &file, std::uint32_t line);

} // namespace flamewright
