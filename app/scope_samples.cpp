#include "app/scope_samples.h"

#include "app/scope_captures.h"
#include "app/workbench.h"

namespace flamewright {
namespace {

constexpr std::string_view kSamples = "samples";

// Threads of chosen processes are chosen too. Parents come before children.
std::vector<std::uint8_t> chosenTracks(const Scope &scope, const CaptureInfo &capture)
{
    if (scope.tracks.empty())
        return {};
    std::vector<std::uint8_t> chosen(capture.meta.tracks.size() + 1, 0);
    for (const auto &ref : scope.tracks) {
        if (ref.capture == capture.id && ref.track.raw < chosen.size())
            chosen[ref.track.raw] = 1;
    }
    for (std::size_t i = 1; i < chosen.size(); ++i) {
        const auto parent = capture.meta.tracks[i - 1].parent.raw;
        if (parent != 0 && parent < i && chosen[parent])
            chosen[i] = 1;
    }
    return chosen;
}

MeasureId measureOf(const CaptureInfo &capture, std::string_view name)
{
    const auto &measures = capture.meta.measures;
    for (std::size_t i = 0; i < measures.size(); ++i) {
        if (measures[i].name == name)
            return MeasureId{static_cast<std::uint32_t>(i + 1)};
    }
    return {};
}

std::string names(std::span<const CaptureInfo> captures)
{
    std::string out;
    for (const auto &capture : captures) {
        for (const auto &measure : capture.meta.measures) {
            if (out.find(measure.name) == std::string::npos)
                out += (out.empty() ? "" : ", ") + measure.name;
        }
    }
    return out;
}

} // namespace

MeasureId defaultMeasure(const CaptureInfo &capture)
{
    // Importers enter the file's own choice (pprof's default_sample_type, perf's leader) first.
    const auto &measures = capture.meta.measures;
    const auto first = std::find_if(measures.begin(), measures.end(),
                                    [](const MeasureRow &m) { return m.rows > 0; });
    return first == measures.end()
               ? MeasureId{}
               : MeasureId{static_cast<std::uint32_t>(first - measures.begin() + 1)};
}

Result<ScopeSelection> selectionOf(SessionReader &reader, const Scope &scope)
{
    FW_ASSIGN(const auto captures, capturesOf(reader, scope, &CaptureInfo::samples));
    ScopeSelection out;
    out.measure = scope.measure;
    if (out.measure.empty() && !captures.empty()) {
        if (const auto id = defaultMeasure(captures.front()); id.raw != 0)
            out.measure = captures.front().meta.measures[id.raw - 1].name;
    }
    for (const auto &capture : captures) {
        auto id = measureOf(capture, out.measure);
        if (id.raw == 0 && out.measure == kSamples) {
            // Not a measure of the file: the number of samples behind the default one.
            id = defaultMeasure(capture);
            out.countSamples = true;
        }
        if (id.raw == 0)
            continue;
        if (!out.countSamples)
            out.unit = capture.meta.measures[id.raw - 1].unit;
        out.captures.push_back({capture, id, chosenTracks(scope, capture)});
    }
    if (out.captures.empty() && !captures.empty() && !scope.measure.empty())
        return fail(Errc::Usage, "there is no measure '" + scope.measure +
                                     "'; there are: " + names(captures) + ", samples");
    return out;
}

Result<ScopeSelection> rowsSelectionOf(SessionReader &reader, const Scope &scope)
{
    if (!scope.measure.empty())
        return selectionOf(reader, scope);
    FW_ASSIGN(const auto captures, capturesOf(reader, scope, &CaptureInfo::samples));
    ScopeSelection out;
    for (const auto &capture : captures)
        out.captures.push_back({capture, {}, chosenTracks(scope, capture)});
    return out;
}

} // namespace flamewright
