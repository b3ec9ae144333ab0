#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/workbench.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>

namespace flamewright {

class Document;

// What an import card shows.
struct ImportProgress {
    std::uint64_t done = 0, total = 0; // bytes; total 0: unknown
    double bytesPerSecond = 0;         // 0: not known yet
    std::optional<std::int64_t> leftNs;
};

// Imports into the session of one window, one after the other; each can be cancelled. Errors of
// one do not stop the next.
class ImportQueue : public QObject {
    Q_OBJECT

public:
    using TaskId = std::uint64_t;

    ImportQueue(const Services &services, Document &document, QObject *parent = nullptr);
    ~ImportQueue() override;

    TaskId add(ImportRequest request);
    void cancel(TaskId id);
    void cancelAll();
    bool isEmpty() const { return m_tasks.empty(); }
    std::size_t size() const { return m_tasks.size(); }

Q_SIGNALS:
    void queued(flamewright::ImportQueue::TaskId id, const QString &name);
    void started(flamewright::ImportQueue::TaskId id);
    void progressed(flamewright::ImportQueue::TaskId id,
                    const flamewright::ImportProgress &progress);
    // Ended, in whatever way; `imported` or `failed` came before unless it was cancelled.
    void ended(flamewright::ImportQueue::TaskId id);
    void imported(flamewright::CaptureId capture, const QString &path);
    void failed(const QString &summary, const QString &details);

private:
    struct Task {
        TaskId id;
        ImportRequest request;
    };
    void next();
    void start();
    void poll();
    void finish(Result<ImportOutcome> result);

    const Services &m_services;
    Document &m_document;
    std::deque<Task> m_tasks; // the first one runs
    LatestJob<ImportOutcome> m_job;
    bool m_running = false, m_preparing = false;
    QTimer m_timer;
    QElapsedTimer m_clock;
    ImportProgress m_progress;
    TaskId m_nextId = 1;
};

// A summary sentence for people about an error of this kind.
QString importFailure(const QString &name, Errc code);

} // namespace flamewright
