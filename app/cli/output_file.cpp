#include "app/cli/output_file.h"

#include <fstream>
#include <system_error>
#include <unistd.h>

namespace flamewright {

Result<> writeWhole(const std::filesystem::path &target,
                    const std::function<Result<>(const std::filesystem::path &temporary)> &write)
{
    auto temporary = target;
    temporary += ".part-" + std::to_string(::getpid());
    // The extension stays: what writes the file may go by it.
    temporary.replace_extension(temporary.extension().string() + target.extension().string());
    std::error_code error;
    if (auto written = write(temporary); !written.has_value()) {
        std::filesystem::remove(temporary, error);
        return written;
    }
    std::filesystem::rename(temporary, target, error);
    if (error) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        return fail(Errc::Io, "cannot write " + target.string() + ": " + error.message());
    }
    return {};
}

Result<> writeWholeText(const std::filesystem::path &target,
                        const std::function<Result<>(std::ostream &out)> &write)
{
    return writeWhole(target, [&](const std::filesystem::path &temporary) -> Result<> {
        std::ofstream out(temporary, std::ios::binary);
        if (!out)
            return fail(Errc::Io, "cannot create " + target.string());
        FW_TRY(write(out));
        out.close();
        if (!out)
            return fail(Errc::DiskFull,
                        "cannot write all of " + target.string() + ": is the disk full?");
        return {};
    });
}

} // namespace flamewright
