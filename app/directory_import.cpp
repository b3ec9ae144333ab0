#include "app/directory_import.h"

#include "app/opened_capture.h"

#include <algorithm>
#include <system_error>

namespace flamewright {
namespace {

Result<std::vector<std::filesystem::path>> filesBelow(const std::filesystem::path &directory,
                                                      JobContext &job)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> out;
    std::error_code error;
    fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied,
                                        error);
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
        FW_TRY(job.checkpoint());
        if (it->symlink_status(error).type() != fs::file_type::regular)
            continue;
        if (out.size() == kMaxDirectoryFiles)
            return fail(Errc::Limit, directory.string() + " has more than " +
                                         std::to_string(kMaxDirectoryFiles) +
                                         " files: name the captures themselves");
        out.push_back(it->path());
    }
    if (error)
        return fail(Errc::Io, "cannot read " + directory.string() + ": " + error.message());
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

std::vector<std::string> DirectoryImport::leftOut(const std::filesystem::path &directory) const
{
    auto out = failed;
    if (unknown > 0)
        out.insert(out.begin(), std::to_string(unknown) +
                                    (unknown == 1 ? " file of " : " files of ") +
                                    directory.string() + (unknown == 1 ? " is" : " are") +
                                    " of no known format");
    return out;
}

Result<DirectoryImport> importDirectory(const Workbench &workbench, Session &session,
                                        const std::filesystem::path &directory,
                                        const ImportRequest &request, JobContext &job)
{
    FW_ASSIGN(const auto files, filesBelow(directory, job));
    DirectoryImport out;
    for (const auto &file : files) {
        FW_TRY(job.checkpoint());
        auto one = request;
        one.input = file;
        one.name = file.lexically_relative(directory).string();
        if (isSessionFile(file)) {
            out.failed.push_back(one.name + ": a session; open it by itself");
            continue;
        }
        auto outcome = workbench.import(session, one, job);
        if (outcome.has_value())
            out.captures.push_back(std::move(outcome->capture));
        else if (outcome.error().code() == Errc::Cancelled)
            return fail(std::move(outcome).error());
        else if (outcome.error().code() == Errc::UnknownFormat)
            ++out.unknown;
        else
            out.failed.push_back(one.name + ": " + outcome.error().text());
    }
    if (out.captures.empty())
        return fail(Errc::NotFound, "there is no capture in " + directory.string() +
                                        (out.failed.empty() ? "" : ": " + out.failed.front()));
    return out;
}

} // namespace flamewright
