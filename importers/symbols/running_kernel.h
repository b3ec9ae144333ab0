#pragma once

#include <string>
#include <string_view>

namespace flamewright {

// The GNU build id (hex) among ELF notes as /sys/kernel/notes has them: words of this machine's
// byte order, names and contents padded to 4 bytes. Empty when there is none.
std::string buildIdOfNotes(std::string_view notes);

// The build id of the kernel that runs this machine; empty when it does not say.
std::string runningKernelBuildId();

} // namespace flamewright
