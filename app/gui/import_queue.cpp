#include "app/gui/import_queue.h"

#include "app/gui/document.h"
#include "app/gui/text.h"

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr int kPollMs = 100;

QString nameOf(const ImportRequest &request)
{
    return request.name.empty() ? display(request.input.filename().string())
                                : display(request.name);
}

} // namespace

QString importFailure(const QString &name, Errc code)
{
    switch (code) {
    case Errc::UnknownFormat:
        return ImportQueue::tr("%1 is in no format that Flamewright reads.").arg(name);
    case Errc::Corrupt: return ImportQueue::tr("%1 is damaged and cannot be read.").arg(name);
    case Errc::NotFound: return ImportQueue::tr("%1 was not found.").arg(name);
    case Errc::Io: return ImportQueue::tr("%1 could not be read.").arg(name);
    case Errc::Unsupported:
        return ImportQueue::tr("%1 uses something that Flamewright does not read yet.").arg(name);
    case Errc::Limit:
        return ImportQueue::tr("%1 goes beyond a limit that protects this machine.").arg(name);
    case Errc::DiskFull:
        return ImportQueue::tr("There is not enough disk space to import %1.").arg(name);
    case Errc::Worker:
        return ImportQueue::tr("%1 could not be read: its import worker stopped.").arg(name);
    case Errc::Busy:
        return ImportQueue::tr("%1 could not be imported: the session is in use elsewhere.")
            .arg(name);
    case Errc::Cancelled:
    case Errc::Version:
    case Errc::Usage:
    case Errc::Query:
    case Errc::Internal: break;
    }
    return ImportQueue::tr("%1 could not be imported.").arg(name);
}

ImportQueue::ImportQueue(const Services &services, Document &document, QObject *parent)
    : QObject(parent),
      m_services(services),
      m_document(document),
      m_job(services.imports)
{
    m_timer.setInterval(kPollMs);
    connect(&m_timer, &QTimer::timeout, this, &ImportQueue::poll);
}

ImportQueue::~ImportQueue() = default; // m_job cancels

ImportQueue::TaskId ImportQueue::add(ImportRequest request)
{
    const auto id = m_nextId++;
    const auto name = nameOf(request);
    m_tasks.push_back({id, std::move(request)});
    Q_EMIT queued(id, name);
    if (!m_running && !m_preparing)
        next();
    return id;
}

void ImportQueue::next()
{
    if (m_tasks.empty())
        return;
    m_preparing = true;
    m_document.ensureOpen([this](Result<> opened) {
        m_preparing = false;
        if (m_tasks.empty())
            return; // cancelled meanwhile
        if (opened.has_value())
            start();
        else
            finish(fail(std::move(opened).error()));
    });
}

void ImportQueue::start()
{
    m_running = true;
    m_document.beginImport();
    m_progress = {};
    m_clock.start();
    m_timer.start();
    const auto &task = m_tasks.front();
    const auto id = task.id;
    m_job.start(
        "import",
        [&workbench = m_services.workbench, session = m_document.session(), request = task.request](
            JobContext &job) { return workbench.import(*session, request, job); },
        [this](Result<ImportOutcome> result) { finish(std::move(result)); });
    Q_EMIT started(id); // it can be cancelled from here on
}

void ImportQueue::poll()
{
    if (m_tasks.empty() || !m_running)
        return;
    const auto now = m_job.progress();
    const auto seconds = static_cast<double>(m_clock.nsecsElapsed()) / 1e9;
    m_progress.done = now.done;
    m_progress.total = now.total;
    if (seconds > 0.3 && now.done > 0) {
        m_progress.bytesPerSecond = static_cast<double>(now.done) / seconds;
        m_progress.leftNs.reset();
        if (now.total > now.done)
            m_progress.leftNs = static_cast<std::int64_t>(
                static_cast<double>(now.total - now.done) / m_progress.bytesPerSecond * 1e9);
    }
    Q_EMIT progressed(m_tasks.front().id, m_progress);
}

void ImportQueue::finish(Result<ImportOutcome> result)
{
    m_timer.stop();
    m_running = false;
    const auto task = std::move(m_tasks.front());
    m_tasks.pop_front();
    m_document.endImport(result.has_value() ? result->capture.id : CaptureId{});
    if (result.has_value()) {
        Q_EMIT imported(result->capture.id, QString::fromStdString(task.request.input.string()));
    } else if (result.error().code() != Errc::Cancelled) {
        Q_EMIT failed(importFailure(nameOf(task.request), result.error().code()),
                      display(result.error().text()));
    }
    Q_EMIT ended(task.id);
    next();
}

void ImportQueue::cancel(TaskId id)
{
    const auto at = std::find_if(m_tasks.begin(), m_tasks.end(),
                                 [id](const Task &task) { return task.id == id; });
    if (at == m_tasks.end())
        return;
    if (at == m_tasks.begin() && m_running) {
        m_job.requestStop(); // its end is reported when it has cleaned up
        return;
    }
    m_tasks.erase(at);
    Q_EMIT ended(id);
}

void ImportQueue::cancelAll()
{
    while (m_tasks.size() > 1)
        cancel(m_tasks.back().id);
    if (!m_tasks.empty())
        cancel(m_tasks.front().id);
}

} // namespace flamewright
