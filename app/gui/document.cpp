#include "app/gui/document.h"

#include "app/gui/text.h"
#include "app/workbench.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

#include <algorithm>
#include <system_error>

namespace flamewright {
namespace {

constexpr qint64 kWorkingDaysKept = 7;

std::uint64_t sizeOf(const std::filesystem::path &path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

// Copies to a file beside the target and renames it: no half session under the name, ever.
// The source is closed, so it is one plain file and nobody holds locks on it.
Result<> copyInto(const std::filesystem::path &from, const std::filesystem::path &to)
{
    std::error_code error;
    auto part = to;
    part += ".part";
    std::filesystem::copy_file(from, part, std::filesystem::copy_options::overwrite_existing,
                               error);
    if (!error)
        std::filesystem::rename(part, to, error);
    if (error) {
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        return fail(error == std::errc::no_space_on_device ? Errc::DiskFull : Errc::Io,
                    "cannot write " + to.string() + ": " + error.message());
    }
    return {};
}

} // namespace

std::filesystem::path workingDirectory()
{
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                        QStringLiteral("/flamewright/working");
    QDir().mkpath(folder);
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return folder.toStdString();
}

void removeStaleWorkingSessions()
{
    QDir dir(QString::fromStdString(workingDirectory().string()));
    const auto oldest = QDateTime::currentDateTime().addDays(-kWorkingDaysKept);
    for (const auto &info : dir.entryInfoList({QStringLiteral("untitled-*")}, QDir::Files)) {
        if (info.lastModified() < oldest)
            QFile::remove(info.absoluteFilePath());
    }
}

Document::Document(const Services &services, QObject *parent)
    : QObject(parent),
      m_services(services),
      m_writeJob(services.jobs),
      m_openJob(services.jobs),
      m_listJob(services.jobs)
{}

Document::~Document()
{
    discardWorkingFile();
}

void Document::discardWorkingFile()
{
    if (m_workingFile.empty())
        return;
    // Jobs may hold the session a moment longer; an unlinked file lives as long as they do.
    m_session.reset();
    for (const char *suffix : {"", "-wal", "-shm", "-journal"}) {
        auto file = m_workingFile;
        file += suffix;
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
    }
    m_workingFile.clear();
}

QString Document::title() const
{
    if (!m_session)
        return {};
    return m_working ? tr("Untitled session") : display(m_session->path().filename().string());
}

const CaptureInfo *Document::find(CaptureId id) const
{
    const auto at = std::find_if(m_captures.begin(), m_captures.end(),
                                 [id](const CaptureInfo &c) { return c.id == id; });
    return at == m_captures.end() ? nullptr : &*at;
}

std::vector<CaptureInfo> Document::interrupted() const
{
    std::vector<CaptureInfo> out;
    for (const auto &capture : m_captures) {
        if (capture.state == CaptureState::Importing)
            out.push_back(capture);
    }
    return out;
}

void Document::open(const std::filesystem::path &path)
{
    m_openJob.start(
        "open session", [path](JobContext &) { return openSession(path, OpenMode::ReadWrite); },
        [this, path](Result<std::unique_ptr<Session>> result) {
            if (result.has_value())
                adopt(*std::move(result), Adopt::Opened);
            else
                Q_EMIT failed(tr("%1 could not be opened.").arg(display(path.filename().string())),
                              display(result.error().text()));
        });
}

Result<> Document::ensureOpen()
{
    if (m_session)
        return {};
    const auto name = QStringLiteral("untitled-%1.fws")
                          .arg(QUuid::createUuid().toString(QUuid::WithoutBraces).left(13));
    const auto path = workingDirectory() / name.toStdString();
    FW_ASSIGN(auto session, openSession(path, OpenMode::Create));
    m_workingFile = path;
    adopt(std::move(session), Adopt::Working);
    return {};
}

void Document::adopt(std::unique_ptr<Session> session, Adopt how)
{
    if (how != Adopt::Working)
        discardWorkingFile();
    m_session = std::move(session);
    m_working = how == Adopt::Working;
    m_edited = false;
    if (how != Adopt::Saved) {
        m_captures.clear();
        m_newest = {};
        Q_EMIT opened();
    }
    Q_EMIT sessionChanged();
    refresh();
}

void Document::beginImport()
{
    if (m_importing)
        return;
    m_importing = true;
    for (const auto &capture : m_captures)
        m_newest = std::max(m_newest, capture.id);
}

void Document::endImport(CaptureId capture)
{
    m_importing = false;
    m_newest = std::max(m_newest, capture);
    refresh();
}

void Document::refresh()
{
    if (!m_session)
        return;
    m_listJob.start(
        "captures",
        [session = m_session](JobContext &) -> Result<Listing> {
            FW_ASSIGN(const auto reader, session->reader());
            FW_ASSIGN(auto captures, reader->captures());
            auto log = session->path(); // what was written last is there until the close
            log += "-wal";
            return Listing{std::move(captures), sizeOf(session->path()) + sizeOf(log)};
        },
        [this](Result<Listing> result) {
            if (result.has_value()) {
                m_captures = std::move(result->captures);
                if (m_importing)
                    std::erase_if(m_captures,
                                  [this](const CaptureInfo &c) { return c.id > m_newest; });
                m_fileBytes = result->fileBytes;
                Q_EMIT capturesChanged();
            } else {
                Q_EMIT failed(tr("The captures of this session could not be read."),
                              display(result.error().text()));
            }
        });
}

void Document::saveAs(const std::filesystem::path &target)
{
    std::error_code ignored;
    if (!m_session || std::filesystem::equivalent(m_session->path(), target, ignored))
        return;
    const auto source = m_session->path();
    auto session = std::move(m_session);
    m_session.reset();
    m_openJob.start(
        "save session",
        [session = std::move(session), source,
         target](JobContext &) -> Result<std::unique_ptr<Session>> {
            FW_TRY(session->close());
            if (auto copied = copyInto(source, target); !copied.has_value()) {
                return fail(std::move(copied).error());
            }
            return openSession(target, OpenMode::ReadWrite);
        },
        [this, target, source](Result<std::unique_ptr<Session>> result) {
            if (result.has_value()) {
                adopt(*std::move(result), Adopt::Saved);
                Q_EMIT saved(QString::fromStdString(target.string()));
                return;
            }
            Q_EMIT failed(tr("The session could not be saved."), display(result.error().text()));
            // Back to what was open.
            if (auto again = openSession(source, OpenMode::ReadWrite); again.has_value()) {
                m_session = *std::move(again);
                refresh();
            }
        });
}

void Document::write(const QString &summary, Write work)
{
    m_edited = true;
    m_writes.push_back({summary, std::move(work)});
    if (!m_writeJob.busy())
        nextWrite();
}

void Document::nextWrite()
{
    if (m_writes.empty() || !m_session)
        return;
    auto pending = std::move(m_writes.front());
    m_writes.pop_front();
    m_writeJob.start(
        "write session",
        [session = m_session, work = std::move(pending.work)](JobContext &) -> Result<bool> {
            FW_TRY(work(*session));
            return true;
        },
        [this, summary = pending.summary](Result<bool> result) {
            if (!result.has_value())
                Q_EMIT failed(summary, display(result.error().text()));
            refresh();
            nextWrite();
        });
}

void Document::rename(CaptureId id, const QString &name)
{
    write(tr("The capture could not be renamed."),
          [id, text = name.toStdString()](Session &s) { return s.renameCapture(id, text); });
}

void Document::setRole(CaptureId id, CaptureRole role)
{
    write(tr("The role could not be changed."),
          [id, role](Session &s) { return s.setRole(id, role); });
}

void Document::remove(CaptureId id)
{
    write(tr("The capture could not be removed."),
          [id](Session &s) { return s.deleteCapture(id); });
}

void Document::keepPartial(CaptureId id)
{
    write(tr("The interrupted import could not be kept."),
          [id](Session &s) { return s.keepPartial(id); });
}

} // namespace flamewright
