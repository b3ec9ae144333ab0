#pragma once

#include "app/workbench.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace flamewright {

// Whether a file begins like a session. Not to be called for a session that this process has open.
bool isSessionFile(const std::filesystem::path &path);

// A capture argument of the command line: a raw file, "SESSION[#id-or-name]", or a directory, which
// stands for the captures below it. Raw files are imported into a temporary session that lives as
// long as this object.
class OpenedCapture {
public:
    ~OpenedCapture();
    OpenedCapture(OpenedCapture &&) noexcept;
    OpenedCapture &operator=(OpenedCapture &&) noexcept;
    Session &session() const { return *m_session; }
    // The captures meant: one, or all of the session when no # was given.
    const std::vector<CaptureInfo> &captures() const { return m_captures; }
    // What of a directory is not among them, as lines for people; empty: nothing.
    const std::vector<std::string> &leftOut() const { return m_leftOut; }

private:
    friend Result<OpenedCapture> openCapture(const Workbench &, const std::string &,
                                             const ImportRequest &, JobContext &);
    OpenedCapture() = default;
    std::unique_ptr<Session> m_session;
    std::vector<CaptureInfo> m_captures;
    std::filesystem::path m_temporary;
    std::vector<std::string> m_leftOut;
};
// `defaults` gives symbols and options for a raw file.
Result<OpenedCapture> openCapture(const Workbench &workbench, const std::string &argument,
                                  const ImportRequest &defaults, JobContext &job);

} // namespace flamewright
