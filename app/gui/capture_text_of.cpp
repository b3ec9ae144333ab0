#include "app/gui/capture_text_of.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "importers/registry.h"

#include <QCoreApplication>

#include <algorithm>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Captures", text);
}

} // namespace

QString captureName(const CaptureInfo &capture)
{
    return capture.desc.name.empty() ? tr("Capture %1").arg(capture.id.raw)
                                     : display(capture.desc.name);
}

QString formatTitle(const ImporterRegistry &importers, const CaptureInfo &capture)
{
    if (const auto *importer = importers.find(capture.desc.formatId))
        return display(importer->format().title);
    return display(capture.desc.formatId);
}

std::int64_t sampleCount(const CaptureInfo &capture)
{
    std::int64_t most = 0;
    for (const auto &measure : capture.meta.measures)
        most = std::max(most, measure.samples);
    return most;
}

bool isLoadTest(const CaptureInfo &capture)
{
    return capture.requests > 0 || capture.kind == "load test";
}

bool isBenchmarks(const CaptureInfo &capture)
{
    return capture.kind == "benchmarks";
}

bool isTrace(const CaptureInfo &capture)
{
    return capture.kind == "trace";
}

bool hasServices(const CaptureInfo &capture)
{
    const auto &tracks = capture.meta.tracks;
    return capture.slices > 0 &&
           std::any_of(tracks.begin(), tracks.end(),
                       [](const TrackRow &track) { return track.kind == TrackKind::Service; });
}

QString captureSummary(const ImporterRegistry &importers, const CaptureInfo &capture,
                       ValueStyle style)
{
    // What it is is said by the figures of a load test: its tool comes last.
    const bool toolLast = capture.requests > 0;
    QStringList parts;
    if (!toolLast)
        parts << formatTitle(importers, capture);
    if (const auto length = capture.durationNs(); length && *length > 0)
        parts << durationText(*length, style);
    if (isLoadTest(capture)) {
        const auto requests = static_cast<std::int64_t>(capture.requests);
        parts << (requests == 0   ? tr("figures only")
                  : requests == 1 ? tr("1 request")
                                  : tr("%1 requests").arg(grouped(requests)));
        if (toolLast)
            parts << formatTitle(importers, capture);
    } else if (isTrace(capture)) {
        const auto slices = static_cast<std::int64_t>(capture.slices);
        parts << (slices == 1 ? tr("1 slice") : tr("%1 slices").arg(grouped(slices)));
    } else if (!isBenchmarks(capture)) {
        const auto samples = sampleCount(capture);
        parts << (samples == 1 ? tr("1 sample") : tr("%1 samples").arg(grouped(samples)));
    }
    if (capture.state == CaptureState::Importing)
        parts << tr("interrupted");
    else if (capture.state == CaptureState::Partial)
        parts << tr("partial");
    return parts.join(QStringLiteral(" · "));
}

QString captureLetter(const CaptureInfo &capture)
{
    switch (capture.desc.role) {
    case CaptureRole::Baseline: return QStringLiteral("A");
    case CaptureRole::Candidate: return QStringLiteral("B");
    case CaptureRole::None: break;
    }
    return QString::number(capture.id.raw);
}

QString roleName(CaptureRole role)
{
    switch (role) {
    case CaptureRole::Baseline: return tr("Baseline (A)");
    case CaptureRole::Candidate: return tr("Candidate (B)");
    case CaptureRole::None: break;
    }
    return tr("No role");
}

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Info: return tr("Info");
    case Severity::Notice: return tr("Notice");
    case Severity::DataLoss: return tr("Data loss");
    case Severity::Error: return tr("Error");
    }
    return {};
}

std::size_t noteworthy(const CaptureInfo &capture)
{
    const auto &notes = capture.meta.notes;
    return static_cast<std::size_t>(
        std::count_if(notes.begin(), notes.end(),
                      [](const ImportNote &note) { return note.severity != Severity::Info; }));
}

QString provenanceOf(const CaptureInfo &capture, std::string_view key)
{
    for (const auto &[name, value] : capture.meta.provenance) {
        if (name == key)
            return display(value);
    }
    return {};
}

QString measureLabel(const std::string &measure)
{
    return measure == "samples" ? tr("samples") : display(measure);
}

} // namespace flamewright
