#include "app/gui/document.h"

#include "app/gui/text.h"
#include "app/present/pinned_finding.h"
#include "app/workbench.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace flamewright {
namespace {

constexpr qint64 kWorkingDaysKept = 7;
constexpr std::chrono::milliseconds kFlushTime{1000};

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

// What was kept goes into the copy, whether or not the source may be written.
Result<> copySession(Session &session, const std::filesystem::path &source,
                     const std::filesystem::path &target,
                     const std::map<std::string, std::string> &kept)
{
    FW_TRY(session.close());
    FW_TRY(copyInto(source, target));
    FW_ASSIGN(const auto copy, openSession(target, OpenMode::ReadWrite));
    for (const auto &[key, json] : kept) {
        if (!copy->readOnly())
            FW_TRY(copy->save(key, json));
    }
    return copy->close();
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
      m_keepJob(services.jobs),
      m_openJob(services.jobs),
      m_workingJob(services.jobs),
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

Result<Document::Opened> Document::openWithKept(const std::filesystem::path &path)
{
    Opened out;
    FW_ASSIGN(out.session, openSession(path, OpenMode::ReadWrite));
    for (const auto *key : {kWindowKey, kScopesKey, kTimelineNotesKey, kPinnedFindingsKey}) {
        // How the window was left is no reason not to open a session.
        auto json = out.session->saved(key);
        if (!json.has_value())
            qWarning("%s", json.error().text().c_str());
        else if (json->has_value())
            out.kept.emplace(key, **std::move(json));
    }
    return out;
}

void Document::open(const std::filesystem::path &path)
{
    m_openJob.start(
        "open session", [path](JobContext &) { return openWithKept(path); },
        [this, path](Result<Opened> result) {
            if (result.has_value()) {
                m_kept = std::move(result->kept);
                m_due.clear();
                adopt(std::move(result->session), Adopt::Opened);
            } else {
                Q_EMIT failed(tr("%1 could not be opened.").arg(display(path.filename().string())),
                              display(result.error().text()));
            }
        });
}

void Document::ensureOpen(std::function<void(Result<>)> then)
{
    if (m_session) {
        then({});
        return;
    }
    const auto name = QStringLiteral("untitled-%1.fws")
                          .arg(QUuid::createUuid().toString(QUuid::WithoutBraces).left(13));
    const auto path = workingDirectory() / name.toStdString();
    m_workingJob.start(
        "working session", [path](JobContext &) { return openSession(path, OpenMode::Create); },
        [this, path, then = std::move(then)](Result<std::unique_ptr<Session>> session) {
            if (!session.has_value()) {
                then(fail(std::move(session).error()));
                return;
            }
            m_workingFile = path;
            m_kept.clear();
            m_due.clear();
            adopt(*std::move(session), Adopt::Working);
            then({});
        });
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
        m_rolesHere.clear();
        m_newest = {};
        Q_EMIT opened();
    }
    Q_EMIT sessionChanged();
    refresh();
    writeKept();
    nextWrite();
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
                applyRolesHere();
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
        [session = std::move(session), source, target, kept = m_kept](JobContext &) {
            return copySession(*session, source, target, kept).and_then([&] {
                return openWithKept(target);
            });
        },
        [this, target, source](Result<Opened> result) {
            if (result.has_value()) {
                m_due.clear(); // written into the copy
                adopt(std::move(result->session), Adopt::Saved);
                Q_EMIT saved(QString::fromStdString(target.string()));
                return;
            }
            Q_EMIT failed(tr("The session could not be saved."), display(result.error().text()));
            reopen(source);
        });
}

void Document::saveCopy(const std::filesystem::path &target)
{
    std::error_code ignored;
    if (!m_session)
        return;
    if (std::filesystem::equivalent(m_session->path(), target, ignored)) {
        Q_EMIT failed(tr("A copy needs another name than the session itself."), {});
        return;
    }
    const auto source = m_session->path();
    auto session = std::move(m_session);
    m_session.reset();
    m_openJob.start(
        "copy session",
        [session = std::move(session), source, target,
         kept = m_kept](JobContext &) -> Result<Opened> {
            FW_TRY(copySession(*session, source, target, kept));
            return Opened{};
        },
        [this, target, source](Result<Opened> result) {
            reopen(source);
            if (result.has_value())
                Q_EMIT copied(QString::fromStdString(target.string()));
            else
                Q_EMIT failed(tr("The copy could not be written."), display(result.error().text()));
        });
}

// Back to what was open before its file was copied.
void Document::reopen(const std::filesystem::path &source)
{
    m_openJob.start(
        "open again", [source](JobContext &) { return openWithKept(source); },
        [this](Result<Opened> again) {
            if (!again.has_value()) {
                Q_EMIT failed(tr("The session could not be opened again."),
                              display(again.error().text()));
                return;
            }
            m_session = std::move(again->session);
            Q_EMIT sessionChanged();
            refresh();
            writeKept();
            nextWrite();
        });
}

std::string Document::kept(const std::string &key) const
{
    const auto at = m_kept.find(key);
    return at == m_kept.end() ? std::string() : at->second;
}

void Document::keep(const std::string &key, std::string json, Keep what)
{
    if (kept(key) == json)
        return;
    m_kept[key] = json;
    m_edited = m_edited || what == Keep::Edit;
    if (m_session && m_session->readOnly())
        return;
    m_due[key] = std::move(json);
    if (!m_keepJob.busy())
        writeKept();
}

void Document::writeKept()
{
    if (m_due.empty() || !m_session || m_session->readOnly())
        return;
    auto written = std::make_shared<std::promise<void>>();
    m_written = written->get_future().share();
    m_keepJob.start("keep layout", keepWork(std::exchange(m_due, {}), std::move(written)),
                    [this](Result<bool> result) {
                        if (!result.has_value())
                            Q_EMIT failed(
                                tr("Layout and saved scopes could not be kept in the session."),
                                display(result.error().text()));
                        writeKept();
                    });
}

std::function<Result<bool>(JobContext &)>
Document::keepWork(Look due, std::shared_ptr<std::promise<void>> written) const
{
    return [session = m_session, due = std::move(due),
            written = std::move(written)](JobContext &) mutable -> Result<bool> {
        Result<> result;
        for (const auto &[key, json] : due) {
            if (auto saved = session->save(key, json); !saved.has_value())
                result = std::move(saved);
        }
        // Whoever waits for it may open the file again at once.
        session.reset();
        written->set_value();
        FW_TRY(std::move(result));
        return true;
    };
}

bool Document::flush()
{
    if (!m_due.empty() && m_session && !m_session->readOnly()) {
        auto written = std::make_shared<std::promise<void>>();
        const auto before = std::exchange(m_written, written->get_future().share());
        // The pool is first in, first out: what is waited for runs already.
        m_services.jobs.submit(
            "keep layout", [before, work = keepWork(std::exchange(m_due, {}), std::move(written))](
                               JobContext &job) mutable {
                if (before.valid())
                    before.wait();
                return work(job);
            });
    }
    return !m_written.valid() || m_written.wait_for(kFlushTime) == std::future_status::ready;
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
    setRoles({{id, role}});
}

void Document::setRoles(const Roles &roles)
{
    if (m_session && m_session->readOnly()) {
        for (const auto &[id, role] : roles)
            m_rolesHere[id] = role;
        applyRolesHere();
        Q_EMIT capturesChanged();
        return;
    }
    write(tr("The role could not be changed."), [roles](Session &s) -> Result<> {
        for (const auto &[id, role] : roles)
            FW_TRY(s.setRole(id, role));
        return {};
    });
}

void Document::applyRolesHere()
{
    for (auto &capture : m_captures) {
        if (const auto at = m_rolesHere.find(capture.id); at != m_rolesHere.end())
            capture.desc.role = at->second;
    }
}

void Document::setWallOffset(CaptureId id, std::int64_t epochNs)
{
    write(tr("The clock of the capture could not be moved."),
          [id, epochNs](Session &s) { return s.setWallOffset(id, epochNs); });
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
