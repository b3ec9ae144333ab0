#pragma once

#include "analysis/flame_tree.h"
#include "analysis/scope.h"
#include "capture/base/job.h"
#include "capture/base/result.h"
#include "capture/session/dimensions.h"
#include "capture/session/session.h"
#include "importers/importer.h"
#include "importers/registry.h"
#include "importers/symbols/symbolizer.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

struct Chart;      // app/chart.h
struct HeatMap;    // analysis/heat_map.h
struct ProfileRun; // analysis/compare/profile_diff.h

// How foreign bytes are parsed.
enum class Isolation : std::uint8_t {
    Worker,   // a sandboxed process (the default)
    InProcess // tests and fuzzers
};

struct WorkbenchSettings {
    Isolation isolation = Isolation::Worker;
    std::filesystem::path workerProgram;  // import-worker; empty: beside this program
    std::filesystem::path cacheDirectory; // symbols; empty: no cache
};

struct ImportRequest {
    std::filesystem::path input; // "-": standard input
    std::string formatId;        // empty: detect
    std::string name;            // empty: the file name
    CaptureRole role = CaptureRole::None;
    std::optional<std::int64_t> startedAtNs; // epoch; overrides what the file says
    SymbolSearch symbols;
    ImportOptions options;
};

struct ImportOutcome {
    CaptureInfo capture;
    std::string isolation; // which layers were active, one line for the log
};

// Everything the program can do, with neither widgets nor argv: the GUI and the verbs are both
// thin callers of this. Built in main(), passed down, never global. Thread safe: state is in
// arguments. All calls may block; run them in a job.
class Workbench {
public:
    Workbench(const ImporterRegistry &importers, WorkbenchSettings settings);

    // Detects, parses in the worker, writes and symbolises one capture. On error or cancel the
    // session is as it was.
    Result<ImportOutcome> import(Session &session, const ImportRequest &request,
                                 JobContext &job) const;
    // Looks symbols up again, for a capture that is already there. Returns the new info.
    Result<CaptureInfo> resymbolize(Session &session, CaptureId capture,
                                    const SymbolSearch &symbols, JobContext &job) const;
    // Flame tree and function table of a scope.
    Result<std::shared_ptr<const Profile>> profile(const Session &session, const Scope &scope,
                                                   JobContext &job) const;

    // The same of one capture, with how its functions' samples are spread over equal stretches of its
    // time (none where a scope has several captures, or samples have no times): for comparisons.
    Result<ProfileRun> profileRun(const Session &session, const Scope &scope,
                                  JobContext &job) const;
    // The same stacks along time, a lane for each thread. Captures begin together.
    Result<Chart> chart(const Session &session, const Scope &scope, JobContext &job) const;
    // When samples were taken, for all of the time; measure, tracks and transforms of the scope.
    Result<HeatMap> heatMap(const Session &session, const Scope &scope, JobContext &job) const;

    const ImporterRegistry &importers() const { return m_importers; }
    const WorkbenchSettings &settings() const { return m_settings; }

private:
    struct Questions; // profile.cpp
    // Loaded dimensions of the captures used last: every scope change needs them.
    struct CachedDimensions {
        std::filesystem::path session;
        CaptureId capture;
        std::uint64_t chunks, storedBytes; // other numbers after symbols were added
        std::shared_ptr<const Dimensions> dimensions;
    };
    Result<std::shared_ptr<const Dimensions>> dimensions(const Session &session,
                                                         SessionReader &reader,
                                                         const CaptureInfo &capture,
                                                         JobContext &job) const;
    void forget(const std::filesystem::path &session, CaptureId capture) const;

    const ImporterRegistry &m_importers;
    WorkbenchSettings m_settings;
    mutable std::mutex m_cacheMutex;
    mutable std::vector<CachedDimensions> m_cache;
};

// What is shown when nobody chose: the first measure that has samples. Importers enter the file's
// own default first.
// MeasureId{} when there are none.
MeasureId defaultMeasure(const CaptureInfo &capture);

} // namespace flamewright
