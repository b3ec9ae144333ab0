#include "app/compare/open_sides.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace flamewright {
namespace {

namespace fs = std::filesystem;

// Opens arguments one after the other and makes captures of a side of them.
class Opener {
public:
    Opener(const Workbench &workbench, const SidesRequest &request, OpenedSides &out,
           JobContext &job)
        : m_workbench(workbench),
          m_request(request),
          m_out(out),
          m_job(job)
    {}

    Result<std::vector<ComparedCapture>> open(const std::string &argument)
    {
        FW_ASSIGN(auto opened, openCapture(m_workbench, argument, m_request.imports, m_job));
        std::vector<ComparedCapture> out;
        for (const auto &info : opened.captures())
            out.push_back(of(opened.session(), info));
        m_out.notes.insert(m_out.notes.end(), opened.leftOut().begin(), opened.leftOut().end());
        m_out.opened.push_back(std::move(opened));
        return out;
    }

private:
    ComparedCapture of(const Session &session, const CaptureInfo &info)
    {
        ComparedCapture out{.session = &session, .info = info, .scope = m_request.scope};
        out.scope.captures = {info.id};
        out.scope.tracks.clear();
        out.scope.times.clear();
        if (!m_request.beginNs && !m_request.endNs)
            return out;
        if (!info.span) {
            m_out.notes.push_back(info.desc.name +
                                  " has no times: all of it is compared, whatever the range");
            return out;
        }
        const auto first = info.span->begin.time_since_epoch().count();
        const auto after = [&](std::int64_t ns) {
            return Timestamp{Duration{saturatingAdd(first, ns)}};
        };
        auto range = *info.span;
        if (m_request.endNs)
            range.end = after(*m_request.endNs);
        if (m_request.beginNs)
            range.begin = after(*m_request.beginNs);
        out.scope.times.push_back(range);
        return out;
    }

    const Workbench &m_workbench;
    const SidesRequest &m_request;
    OpenedSides &m_out;
    JobContext &m_job;
};

// The end of a path with as many folders as `levels`: "before/shop.perf.data" with one.
std::string endOfPath(const fs::path &path, int levels)
{
    auto rest = path.has_filename() ? path : path.parent_path(); // "before/" is "before"
    fs::path out = rest.filename();
    for (; levels > 0 && rest.has_parent_path() && rest.parent_path() != rest; --levels) {
        rest = rest.parent_path();
        out = rest.filename() / out;
    }
    return out.string();
}

// Of SESSION#2 the capture's own name says more than the number.
std::string nameOfCapture(const std::string &argument, const CompareSide &side)
{
    std::error_code error;
    const bool isFile = argument == "-" || fs::exists(argument, error);
    return isFile || side.captures.size() != 1 ? std::string()
                                               : side.captures.front().info.desc.name;
}

// Names that tell the sides apart: file names, with folders where these are the same.
void nameSides(const SidesRequest &request, OpenedSides &out)
{
    out.base.name = nameOfCapture(request.base, out.base);
    out.cand.name = nameOfCapture(request.cand, out.cand);
    if (!out.base.name.empty() && !out.cand.name.empty() && out.base.name != out.cand.name)
        return;
    constexpr int kFolders = 6;
    for (int levels = 0; levels <= kFolders; ++levels) {
        out.base.name = endOfPath(request.base, levels);
        out.cand.name = endOfPath(request.cand, levels);
        if (out.base.name != out.cand.name)
            return;
    }
}

std::string nameOfRole(CaptureRole role, const std::vector<ComparedCapture> &captures)
{
    if (captures.size() == 1)
        return captures.front().info.desc.name;
    return role == CaptureRole::Baseline ? "baseline" : "candidate";
}

Result<> splitByRole(const SidesRequest &request, Opener &opener, OpenedSides &out)
{
    FW_ASSIGN(const auto all, opener.open(request.base));
    for (const auto &one : all) {
        if (one.info.desc.role == CaptureRole::Baseline)
            out.base.captures.push_back(one);
        else if (one.info.desc.role == CaptureRole::Candidate)
            out.cand.captures.push_back(one);
        else
            out.notes.push_back(one.info.desc.name +
                                " is neither baseline nor candidate and not compared");
    }
    if (out.base.captures.empty() || out.cand.captures.empty())
        return fail(Errc::Usage, request.base + " has no capture of role " +
                                     (out.base.captures.empty() ? "baseline" : "candidate") +
                                     ": import with --role, or name both sides");
    out.base.name = nameOfRole(CaptureRole::Baseline, out.base.captures);
    out.cand.name = nameOfRole(CaptureRole::Candidate, out.cand.captures);
    if (out.base.name == out.cand.name) {
        out.base.name += " (baseline)";
        out.cand.name += " (candidate)";
    }
    return {};
}

Result<> addRuns(const std::vector<std::string> &arguments, Opener &opener, CompareSide &side)
{
    for (const auto &argument : arguments) {
        FW_ASSIGN(auto more, opener.open(argument));
        side.captures.insert(side.captures.end(), std::make_move_iterator(more.begin()),
                             std::make_move_iterator(more.end()));
    }
    return {};
}

bool isSame(const ComparedCapture &a, const ComparedCapture &b)
{
    std::error_code error;
    return a.info.id.raw == b.info.id.raw &&
           fs::equivalent(a.session->path(), b.session->path(), error) && !error;
}

// A capture compared with itself says nothing and looks like good news.
Result<> refuseTheSame(const OpenedSides &sides)
{
    for (const auto &one : sides.base.captures) {
        for (const auto &other : sides.cand.captures) {
            if (isSame(one, other))
                return fail(Errc::Usage, one.info.desc.name +
                                             " is on both sides: name other captures with "
                                             "SESSION#id, or one session alone to compare its "
                                             "roles");
        }
    }
    return {};
}

} // namespace

Result<OpenedSides> openSides(const Workbench &workbench, const SidesRequest &request,
                              JobContext &job)
{
    OpenedSides out;
    Opener opener(workbench, request, out, job);
    if (request.cand.empty()) {
        FW_TRY(splitByRole(request, opener, out));
    } else {
        FW_ASSIGN(out.base.captures, opener.open(request.base));
        FW_ASSIGN(out.cand.captures, opener.open(request.cand));
        nameSides(request, out);
    }
    // One run may stand against several.
    if (!request.baseRuns.empty() || !request.candRuns.empty()) {
        out.base.saidRuns = 1 + request.baseRuns.size();
        out.cand.saidRuns = 1 + request.candRuns.size();
    }
    FW_TRY(addRuns(request.baseRuns, opener, out.base));
    FW_TRY(addRuns(request.candRuns, opener, out.cand));
    if (out.base.captures.empty() || out.cand.captures.empty())
        return fail(Errc::Usage,
                    (out.base.captures.empty() ? request.base : request.cand) + " is empty");
    FW_TRY(refuseTheSame(out));
    if (request.swap)
        std::swap(out.base, out.cand);
    return out;
}

Result<OpenedSides> openBaseline(const Workbench &workbench, const SidesRequest &request,
                                 JobContext &job)
{
    OpenedSides out;
    Opener opener(workbench, request, out, job);
    FW_ASSIGN(auto all, opener.open(request.base));
    const auto isBaseline = [](const ComparedCapture &one) {
        return one.info.desc.role == CaptureRole::Baseline;
    };
    if (std::any_of(all.begin(), all.end(), isBaseline))
        std::erase_if(all, [&](const ComparedCapture &one) { return !isBaseline(one); });
    out.base.captures = std::move(all);
    FW_TRY(addRuns(request.baseRuns, opener, out.base));
    if (out.base.captures.empty())
        return fail(Errc::Usage, request.base + " is empty");
    out.base.name = nameOfCapture(request.base, out.base);
    if (out.base.name.empty())
        out.base.name = endOfPath(request.base, 0);
    return out;
}

} // namespace flamewright
