#pragma once

#include "analysis/latency_report.h"
#include "analysis/latency_trend.h"
#include "analysis/load_findings.h"
#include "analysis/load_rows.h"
#include "analysis/omission_correction.h"
#include "analysis/percentile_intervals.h"
#include "analysis/request_errors.h"
#include "analysis/scope.h"
#include "analysis/slo.h"
#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "app/load_rows.h"

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

class Document;
class ScopeController;

// How requests are looked at: the same in every view of a window, kept with the session.
struct LoadChoice {
    LoadQuestion question;
    bool failures = false;             // part of percentiles too
    std::optional<std::int64_t> sloNs; // nobody should wait longer
    // What Apdex calls satisfying: the SLO, or half a second.
    std::int64_t apdexNs() const { return sloNs.value_or(500'000'000); }
    friend bool operator==(const LoadChoice &, const LoadChoice &) = default;
};

// The answer to a scope. Columns are shared, never changed.
struct LoadAnswer {
    LoadChoice choice;
    std::shared_ptr<const LoadRows> base;  // all of the time, every endpoint
    std::shared_ptr<const LoadRows> all;   // all of the time, endpoints of the scope
    std::shared_ptr<const LoadRows> shown; // in the scope
    LatencyReport report;                  // of groups of `base`, in the times of the scope
    LatencyReportRow total;                // of `shown`
    std::vector<Apdex> apdex;              // by group, in the times of the scope
    Apdex totalApdex;                      // of `shown`
    LatencyTrend trend;                    // p95, all of the time
    std::vector<RequestError> errors;      // of `shown`
    std::vector<std::uint8_t> chosen;      // by group; empty: the scope names no endpoints
    std::vector<std::string> tags;         // labels that can be grouped by

    // What percentiles are of: successes, or everything when failures are included.
    const LatencySummary &latenciesOf(const LatencyGroup &group) const
    {
        return choice.failures && group.all ? *group.all : group.ok;
    }
    const Apdex &apdexOf(std::uint32_t group) const { return apdex[group]; }
    bool isChosen(std::uint32_t group) const { return group < chosen.size() && chosen[group] != 0; }
};

// Requests of the current scope, where its captures are load tests: what all views of load tests
// show. Worked out off the GUI thread; only the newest question is answered.
class RequestsModel : public QObject {
    Q_OBJECT

public:
    RequestsModel(const Services &services, Document &document, ScopeController &scope,
                  QObject *parent = nullptr);
    ~RequestsModel() override;

    // Null: no capture of the scope has requests, or nothing was answered yet.
    const std::shared_ptr<const LoadAnswer> &answer() const { return m_answer; }
    // Some capture of the scope is a load test.
    bool isAbout() const;
    const LoadChoice &choice() const { return m_choice; }
    void setChoice(LoadChoice choice);
    void setBy(LatencyBy by, std::string tag = {});
    void setFailures(bool included);
    void setSlo(std::optional<std::int64_t> ns);
    // Intervals of the answer's total that do not take requests for independent of one another.
    // Come after the answer; nullopt: not yet, or the time is too short for them.
    const std::optional<BlockIntervals> &blocks() const { return m_blocks; }
    const QString &error() const { return m_error; }
    bool busy() const
    {
        return m_job.busy() || m_due.isActive() || m_remarkJob.busy() || m_blockJob.busy();
    }
    // What a reader of these load tests should know; of all of the time and every endpoint. Comes
    // after the answer; warnings first.
    const std::vector<LoadFinding> &findings() const { return m_remarks.findings; }
    // Where there is evidence of coordinated omission in the only capture: its successes as a test
    // at a fixed rate might have measured them.
    const std::optional<CorrectedLatency> &whatIf() const { return m_remarks.whatIf; }
    ValueStyle valueStyle() const { return m_services.settings.valueStyle(); }

    // Whether the scope can be set to a group: endpoints and workers are part of it.
    bool canChoose() const;
    // The scope is these groups of the answer from now on; none: all.
    void chooseGroups(const std::vector<std::uint32_t> &groups);
    // The tracks of the scope if these groups were chosen.
    std::vector<TrackRef> tracksOf(const std::vector<std::uint32_t> &groups) const;
    // A group that plots draw strong; goes with the answer.
    const std::optional<std::uint32_t> &emphasis() const { return m_emphasis; }
    void setEmphasis(std::optional<std::uint32_t> group);
    // Groups that the search of the scope finds; empty: nothing is searched for.
    const std::vector<std::uint8_t> &found() const { return m_found; }
    const QString &searchError() const { return m_searchError; }

    QJsonObject state() const;
    void restore(const QJsonObject &state);

Q_SIGNALS:
    void answerChanged();
    void choiceChanged();
    void foundChanged();
    void emphasisChanged();
    void findingsChanged();
    void blocksChanged();
    void busyChanged();

private:
    struct Remarks {
        std::vector<LoadFinding> findings;
        std::optional<CorrectedLatency> whatIf;
    };
    static Remarks remarksOn(const LoadRows &rows);
    // What rows were read for: another question than that needs other rows.
    struct Source {
        Scope scope; // without times, search and the tracks that groups are
        LoadQuestion question;
        struct Part {
            CaptureId id;
            std::string name;
            std::uint64_t chunks = 0;
            friend bool operator==(const Part &, const Part &) = default;
        };
        std::vector<Part> captures;
        friend bool operator==(const Source &, const Source &) = default;
    };
    Source sourceNow() const;
    // The name of a track that is a group, as groups are named; nullopt: of another kind.
    std::optional<std::string> groupName(const TrackRow &track) const;
    std::optional<std::string> groupName(const TrackRef &ref) const;
    void ask();
    void load();
    void find();
    void drawBlocks();
    void adopt(std::shared_ptr<const LoadAnswer> answer);
    void search();

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    LoadChoice m_choice;
    LatestJob<std::shared_ptr<const LoadAnswer>> m_job;
    LatestJob<Remarks> m_remarkJob;
    Remarks m_remarks;
    LatestJob<std::optional<BlockIntervals>> m_blockJob;
    std::optional<BlockIntervals> m_blocks;
    QTimer m_due; // several changes of one event become one question
    Source m_source;
    std::shared_ptr<const LoadAnswer> m_answer;
    std::vector<std::uint8_t> m_found;
    std::optional<std::uint32_t> m_emphasis;
    QString m_error, m_searchError;
};

// Names of groupings as sessions and pickers have them: "endpoint", "tag".
QString nameOf(LatencyBy by);

} // namespace flamewright
