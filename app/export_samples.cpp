#include "app/export_samples.h"

#include "app/scope_samples.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"

#include <algorithm>
#include <ostream>

namespace flamewright {
namespace {

constexpr std::string_view kUnknown = "[unknown]";

std::string foldedName(std::string_view name)
{
    auto text = CaptureText(name.empty() ? kUnknown : name).toTerminal();
    std::replace(text.begin(), text.end(), ';', ':');
    return text;
}

// Names of a stack, root first, inline chains expanded.
std::string foldedStack(const Dimensions &d, StackId stack)
{
    std::vector<FrameId> frames; // leaf first
    for (; stack.raw != 0; stack = d.stacks.caller[stack.raw]) {
        auto frame = d.stacks.frame[stack.raw];
        do {
            frames.push_back(frame);
            frame = d.frames.outer[frame.raw];
        } while (frame.raw != 0);
    }
    std::string out;
    for (auto it = frames.rbegin(); it != frames.rend(); ++it) {
        if (!out.empty())
            out += ';';
        out += foldedName(d.function(*it));
    }
    return out;
}

// The texts of one capture that rows repeat, quoted once.
struct CsvTexts {
    std::vector<std::string> tracks;   // "process,pid,thread,tid" by TrackId
    std::vector<std::string> measures; // "name,unit" by MeasureId
    std::vector<std::string> stacks;   // by StackId, filled when first used
};

CsvTexts textsOf(const CaptureInfo &capture, std::size_t stacks)
{
    CsvTexts out;
    const auto id = [](std::int64_t v) { return v < 0 ? std::string() : std::to_string(v); };
    out.tracks.emplace_back(",,,");
    for (const auto &track : capture.meta.tracks) {
        const auto *process = &track;
        if (track.parent.raw != 0)
            process = &capture.meta.tracks[track.parent.raw - 1];
        out.tracks.push_back(CaptureText(process->name).toCsv() + "," + id(process->pid) + "," +
                             (process == &track
                                  ? std::string(",")
                                  : CaptureText(track.name).toCsv() + "," + id(track.tid)));
    }
    out.measures.emplace_back(",");
    for (const auto &measure : capture.meta.measures)
        out.measures.push_back(CaptureText(measure.name).toCsv() + "," +
                               std::string(unitName(measure.unit)));
    out.stacks.resize(stacks);
    return out;
}

} // namespace

void exportFolded(const Profile &profile, std::ostream &out, std::uint32_t top)
{
    const auto &tree = profile.tree;
    if (top >= tree.size())
        return;
    std::string path;
    std::vector<std::size_t> lengths{0}; // of the path down to each depth, the root's first
    const auto descend = [&](std::uint32_t node) {
        const auto depth = tree.depth[node];
        path.resize(lengths[depth - 1]);
        if (depth > 1)
            path += ';';
        path += foldedName(profile.at(node).name);
        lengths.resize(depth);
        lengths.push_back(path.size());
    };
    std::vector<std::uint32_t> above; // callers of `top`, innermost first
    for (auto node = top == 0 ? 0 : tree.parent[top]; node != 0; node = tree.parent[node])
        above.push_back(node);
    std::for_each(above.rbegin(), above.rend(), descend);
    for (auto node = top; node < tree.subtreeEnd[top]; ++node) {
        if (node != 0)
            descend(node);
        if (tree.self[node] != 0)
            out << (node == 0 ? kUnknown : std::string_view(path)) << ' ' << tree.self[node]
                << '\n';
    }
}

Result<> exportCsv(const Session &session, const Scope &scope, std::ostream &out, JobContext &job)
{
    out << "capture,time_ns,process,pid,thread,tid,cpu,measure,unit,value,count,stack\r\n";
    FW_ASSIGN(const auto reader, session.reader());
    FW_ASSIGN(const auto selection, rowsSelectionOf(*reader, scope));
    for (const auto &what : selection.captures) {
        FW_ASSIGN(const auto d, loadDimensions(*reader, what.capture.id, job));
        auto texts = textsOf(what.capture, d->stacks.size());
        const auto write = [&](const SampleColumns &rows, std::size_t i) -> Result<> {
            if (rows.track[i].raw >= texts.tracks.size() || rows.measure[i].raw == 0 ||
                rows.measure[i].raw >= texts.measures.size() ||
                rows.stack[i].raw >= texts.stacks.size())
                return fail(Errc::Corrupt, "a sample refers to something that is not there");
            auto &stack = texts.stacks[rows.stack[i].raw];
            if (stack.empty())
                stack = CaptureText(foldedStack(*d, rows.stack[i])).toCsv();
            out << what.capture.id.raw << ',';
            if (rows.time[i] != kNoTime)
                out << rows.time[i].time_since_epoch().count();
            out << ',' << texts.tracks[rows.track[i].raw] << ',';
            if (rows.cpu[i] >= 0)
                out << rows.cpu[i];
            out << ',' << texts.measures[rows.measure[i].raw] << ',' << rows.value[i] << ','
                << rows.count[i] << ',' << stack << "\r\n";
            return out ? Result<>() : fail(Errc::DiskFull, "cannot write: is the disk full?");
        };
        FW_TRY(scanScope(*reader, what, scope, job, write));
    }
    return {};
}

} // namespace flamewright
