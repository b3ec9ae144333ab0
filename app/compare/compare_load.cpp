#include "analysis/compare/load_diff.h"
#include "analysis/compare/load_section.h"
#include "analysis/load_findings.h"
#include "app/compare/compare.h"
#include "app/compare/load_figures.h"
#include "app/load_rows.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <vector>

namespace flamewright {
namespace {

// The captures of one side: requests of each run, or what tools printed.
struct Side {
    std::vector<LoadRows> runs;
    std::vector<CaptureStudy> studies; // of each run
    std::vector<CaptureFigures> figures;
    std::vector<std::string> names; // of the runs' captures
    std::uint64_t leftOut = 0, withoutTime = 0;
};

// What only the study needs goes: it is half of the memory.
void dropColumns(LoadRows &rows)
{
    const auto drop = [](auto &column) { std::decay_t<decltype(column)>().swap(column); };
    drop(rows.worker);
    drop(rows.status);
    drop(rows.error);
    drop(rows.bytesIn);
    drop(rows.bytesOut);
}

Result<Side> read(const std::vector<ComparedCapture> &captures, const CompareContext &context)
{
    Side out;
    LoadQuestion question;
    question.patterns = context.options.patterns;
    for (const auto &capture : captures) {
        FW_TRY(context.job.checkpoint());
        FW_ASSIGN(const auto reader, capture.session->reader());
        if (capture.info.requests == 0) {
            FW_ASSIGN(auto figures, loadFigures(*reader, capture.scope, context.job));
            std::move(figures.begin(), figures.end(), std::back_inserter(out.figures));
            continue;
        }
        FW_ASSIGN(auto rows, loadRows(*reader, capture.scope, question, context.job));
        out.leftOut += rows.leftOut;
        out.withoutTime += rows.withoutTime;
        if (rows.empty())
            continue;
        out.studies.push_back(studyCapture(rows, 0));
        out.names.push_back(capture.info.desc.name);
        dropColumns(rows);
        out.runs.push_back(std::move(rows));
    }
    return out;
}

std::string countWords(std::uint64_t count, std::string_view what)
{
    return formatCount(static_cast<std::int64_t>(count)) + " " + std::string(what);
}

void addStudies(const Side &side, std::string_view which, std::vector<std::string> &notes)
{
    for (std::size_t i = 0; i < side.runs.size(); ++i) {
        const auto &study = side.studies[i];
        const auto name = side.names[i] + " (" + std::string(which) + ")";
        if (const auto &warmUp = study.warmUp)
            notes.push_back(name + ": the first " + formatSeconds(warmUp->endNs, 1) + ", " +
                            countWords(warmUp->requests, "requests") +
                            ", look like a warm-up and are compared too.");
        if (const auto &omission = study.model.omission)
            notes.push_back(name + ": while answers took " +
                            formatDuration(std::llround(omission->slowLatencyNs)) + " for " +
                            formatDuration(omission->slowNs) +
                            ", the closed test sent less (coordinated omission): its percentiles "
                            "are a lower bound.");
    }
    if (side.leftOut > 0)
        notes.push_back(countWords(side.leftOut, "transactions or parts of requests of the ") +
                        std::string(which) + " are left out: they hold the same time again.");
    if (side.withoutTime > 0)
        notes.push_back(countWords(side.withoutTime, "requests without a time of the ") +
                        std::string(which) + " are not in the range.");
    if (!side.runs.empty() && !side.figures.empty())
        notes.push_back("Of the " + std::string(which) + ", " + side.figures.front().name +
                        " has only figures of its tool, which are not compared with requests.");
}

std::string_view wordsOf(LoadModel model)
{
    switch (model) {
    case LoadModel::Closed: return "closed";
    case LoadModel::Open: return "open";
    case LoadModel::Unknown: break;
    }
    return "unknown";
}

std::vector<std::string> notesOf(const Side &base, const Side &cand)
{
    std::vector<std::string> out;
    if (!base.studies.empty() && !cand.studies.empty()) {
        const auto before = base.studies.front().model.model,
                   after = cand.studies.front().model.model;
        if (before != after && before != LoadModel::Unknown && after != LoadModel::Unknown)
            out.push_back("The baseline's test is " + std::string(wordsOf(before)) +
                          ", the candidate's is " + std::string(wordsOf(after)) +
                          ": a closed test asks a slow server less, so that latencies and rates of "
                          "both mean different things.");
    }
    addStudies(base, "baseline", out);
    addStudies(cand, "candidate", out);
    return out;
}

} // namespace

Result<ComparedSection> compareLoads(const ComparedPair &pair, const CompareContext &context)
{
    ComparedSection out{.kind = pair.kind, .title = pair.title};
    for (const auto &capture : pair.base)
        out.baseCaptures.push_back(capture.info.desc.name);
    for (const auto &capture : pair.cand)
        out.candCaptures.push_back(capture.info.desc.name);
    FW_ASSIGN(auto base, read(pair.base, context));
    FW_ASSIGN(auto cand, read(pair.cand, context));
    if (base.runs.empty() || cand.runs.empty()) {
        addFigures({base.runs, base.figures}, {cand.runs, cand.figures}, out);
        if (out.items.empty())
            return fail(Errc::Usage, "a side has neither requests nor figures of latencies");
        return out;
    }
    LoadDiffOptions options{.rounds = context.options.rounds};
    options.rules = {context.options.alpha, context.options.noise.value_or(usualLoadNoise(
                                                base.runs.size(), cand.runs.size()))};
    options.noisyTails = !context.options.noise.has_value();
    options.stop = context.job.stopToken();
    const auto notes = notesOf(base, cand);
    auto diff = std::make_shared<LoadDiff>(diffLoads(base.runs, cand.runs, options));
    FW_TRY(context.job.checkpoint());
    out.items = loadItems(*diff);
    auto said = loadSentences(*diff);
    out.sentences = std::move(said.sentences);
    out.weight = said.weight;
    out.explanations = loadExplanations(*diff);
    out.method = diff->method;
    out.notes = loadNotes(*diff);
    if (std::min(base.runs.size(), cand.runs.size()) == 1)
        out.notes.push_back(
            "One run of a side: what runs of one build differ by cannot be seen, and "
            "changes within " +
            formatShare(options.rules.noise, 1) +
            (options.noisyTails ? " (of tails two to four times that)" : "") +
            " are taken for it. Three or more runs of each tell it.");
    out.notes.insert(out.notes.end(), notes.begin(), notes.end());
    out.load = std::move(diff);
    return out;
}

} // namespace flamewright
