#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "app/trace_answer.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace flamewright {

class Document;
class ScopeController;

// Distributed traces of the current scope: what all views of traces show, and what is chosen in
// them. Worked out off the GUI thread; only the newest question is answered.
class TraceModel : public QObject {
    Q_OBJECT

public:
    TraceModel(const Services &services, Document &document, ScopeController &scope,
               QObject *parent = nullptr);
    ~TraceModel() override;

    // Null: no capture of the scope has slices, or nothing was answered yet. Without rows: it has no
    // spans.
    const std::shared_ptr<const TraceAnswer> &study() const { return m_study; }
    const QString &error() const { return m_error; }
    bool busy() const { return m_job.busy() || m_due.isActive(); }
    ValueStyle valueStyle() const { return m_services.settings.valueStyle(); }

    // The trace that is looked at (index of study()->traces), and a span of it (row).
    std::optional<std::uint32_t> trace() const { return m_trace; }
    std::optional<std::uint32_t> span() const { return m_span; }
    void chooseTrace(std::optional<std::uint32_t> trace);
    void chooseSpan(std::optional<std::uint32_t> row); // chooses its trace, too
    // Operations that lists are narrowed to; nullopt: all.
    std::optional<OperationKey> operation() const { return m_operation; }
    void chooseOperation(std::optional<OperationKey> operation);

Q_SIGNALS:
    void studyChanged();
    void choiceChanged();
    void busyChanged();

private:
    struct Source {
        struct Part {
            CaptureId id;
            std::uint64_t chunks = 0;
            std::optional<std::int64_t> wallOffsetNs;
            friend bool operator==(const Part &, const Part &) = default;
        };
        std::vector<Part> captures; // that have slices
        std::vector<TimeRange> times;
        std::vector<TrackRef> tracks;
        friend bool operator==(const Source &, const Source &) = default;
    };
    Source sourceNow() const;
    void ask();
    void load();
    void adopt(std::shared_ptr<const TraceAnswer> study);

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    LatestJob<std::shared_ptr<const TraceAnswer>> m_job;
    QTimer m_due;
    Source m_source;
    std::shared_ptr<const TraceAnswer> m_study;
    QString m_error;
    std::optional<std::uint32_t> m_trace, m_span;
    std::optional<OperationKey> m_operation;
};

} // namespace flamewright
