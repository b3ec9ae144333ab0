#include "app/opened_capture.h"

#include "app/directory_import.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace flamewright {
namespace {

// SESSION and what follows the last '#', unless a file of the whole name exists.
struct Argument {
    std::filesystem::path path;
    std::string fragment;
};
Argument split(const std::string &argument)
{
    std::error_code error;
    const auto hash = argument.rfind('#');
    if (hash == std::string::npos || std::filesystem::exists(argument, error))
        return {argument, {}};
    return {argument.substr(0, hash), argument.substr(hash + 1)};
}

// A directory of this program's own, gone with the object that asked for it.
Result<std::filesystem::path> temporaryDirectory()
{
    std::error_code error;
    const auto base = std::filesystem::temp_directory_path(error);
    auto pattern = ((error ? std::filesystem::path("/tmp") : base) / "flamewright-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return fail(Errc::Io, "cannot create a temporary directory: set TMPDIR to a writable one");
    return std::filesystem::path(pattern);
}

bool matches(const CaptureInfo &capture, std::string_view fragment)
{
    std::uint32_t number = 0;
    const auto *end = fragment.data() + fragment.size();
    const auto [stop, error] = std::from_chars(fragment.data(), end, number);
    if (error == std::errc() && stop == end)
        return capture.id.raw == number;
    return capture.desc.name == fragment;
}

} // namespace

OpenedCapture::OpenedCapture(OpenedCapture &&other) noexcept
    : m_session(std::move(other.m_session)),
      m_captures(std::move(other.m_captures)),
      m_temporary(std::exchange(other.m_temporary, {})),
      m_leftOut(std::move(other.m_leftOut))
{}

OpenedCapture &OpenedCapture::operator=(OpenedCapture &&other) noexcept
{
    std::swap(m_session, other.m_session);
    std::swap(m_captures, other.m_captures);
    std::swap(m_temporary, other.m_temporary);
    std::swap(m_leftOut, other.m_leftOut);
    return *this;
}

OpenedCapture::~OpenedCapture()
{
    m_session.reset();
    std::error_code ignored;
    if (!m_temporary.empty())
        std::filesystem::remove_all(m_temporary, ignored);
}

bool isSessionFile(const std::filesystem::path &path)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return false;
    std::ifstream file(path, std::ios::binary);
    std::array<char, 100> head{};
    file.read(head.data(), head.size());
    const auto got = static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0));
    return looksLikeSession(std::as_bytes(std::span(head).first(got)));
}

Result<OpenedCapture> openCapture(const Workbench &workbench, const std::string &argument,
                                  const ImportRequest &defaults, JobContext &job)
{
    const auto [path, fragment] = split(argument);
    OpenedCapture out;
    if (path != "-" && isSessionFile(path)) {
        FW_ASSIGN(out.m_session, openSession(path, OpenMode::Read));
        FW_ASSIGN(const auto reader, out.m_session->reader());
        FW_ASSIGN(out.m_captures, reader->captures());
        if (!fragment.empty()) {
            std::erase_if(out.m_captures,
                          [&](const CaptureInfo &c) { return !matches(c, fragment); });
            if (out.m_captures.empty())
                return fail(Errc::Usage, "the session has no capture '" + fragment +
                                             "'; see flamewright info " + path.string());
        }
        return out;
    }
    if (!fragment.empty())
        return fail(Errc::Usage, "only a session can be followed by #id: " + argument);
    FW_ASSIGN(out.m_temporary, temporaryDirectory());
    FW_ASSIGN(out.m_session, openSession(out.m_temporary / "capture.fws", OpenMode::Create));
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        FW_ASSIGN(auto all, importDirectory(workbench, *out.m_session, path, defaults, job));
        out.m_leftOut = all.leftOut(path);
        out.m_captures = std::move(all.captures);
        return out;
    }
    auto request = defaults;
    request.input = path;
    FW_ASSIGN(auto outcome, workbench.import(*out.m_session, request, job));
    out.m_captures.push_back(std::move(outcome.capture));
    return out;
}

} // namespace flamewright
