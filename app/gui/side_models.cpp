#include "app/gui/side_models.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/compare_model.h"

#include <algorithm>
#include <string_view>

namespace flamewright {
namespace {

bool isAbout(const CaptureInfo &capture, Subject subject)
{
    switch (subject) {
    case Subject::Profile: return capture.samples > 0;
    case Subject::LoadTest: return capture.requests > 0;
    case Subject::ToolFigures: return isLoadTest(capture) && capture.requests == 0;
    case Subject::Benchmarks: return isBenchmarks(capture);
    case Subject::Trace: return capture.slices > 0;
    case Subject::Spans: return hasServices(capture);
    }
    return false;
}

std::string_view kindOf(Subject subject)
{
    switch (subject) {
    case Subject::Profile: return "profile";
    case Subject::LoadTest:
    case Subject::ToolFigures: return "load";
    case Subject::Benchmarks: return "benchmarks";
    case Subject::Trace:
    case Subject::Spans: break;
    }
    return "traces";
}

} // namespace

SideModels::SideModels(CaptureRole of, const ViewContext &window)
    : role(of),
      profile(window.services, window.document, scope),
      load(window.services, window.document, scope),
      traces(window.services, window.document, scope)
{}

ViewContext SideModels::context(const ViewContext &window)
{
    return {window.services, window.document, scope, profile, load, traces, window.compare};
}

std::vector<CaptureId> capturesAbout(Subject subject, CaptureRole role, const CompareModel &compare)
{
    std::vector<CaptureId> all, pair;
    const auto *section = compare.section(kindOf(subject));
    for (const auto &capture : compare.side(role)) {
        if (!isAbout(capture, subject))
            continue;
        all.push_back(capture.id);
        if (!section)
            continue;
        const auto &names =
            role == CaptureRole::Baseline ? section->baseCaptures : section->candCaptures;
        if (std::find(names.begin(), names.end(), capture.desc.name) != names.end())
            pair.push_back(capture.id);
    }
    return pair.empty() ? all : pair;
}

std::vector<ViewKind> viewsOfBothSides(const CompareModel &compare)
{
    std::vector<ViewKind> out;
    for (auto &kind : viewCatalogue()) {
        if (kind.subject && !capturesAbout(*kind.subject, CaptureRole::Baseline, compare).empty() &&
            !capturesAbout(*kind.subject, CaptureRole::Candidate, compare).empty())
            out.push_back(std::move(kind));
    }
    return out;
}

} // namespace flamewright
