#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "capture/session/session.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

// Keys of what sessions keep beside captures; other programs may keep other keys.
inline constexpr char kWindowKey[] = "window";
inline constexpr char kScopesKey[] = "scopes";
inline constexpr char kTimelineNotesKey[] = "timeline.notes";

// The session of one window: a file somebody opened, or a working session that exists until it
// is saved under a name. Everything that may block runs as a job; the answers come as signals.
class Document : public QObject {
    Q_OBJECT

public:
    explicit Document(const Services &services, QObject *parent = nullptr);
    ~Document() override;

    // Null when nothing is open. Shared, because jobs use it off this thread.
    const std::shared_ptr<Session> &session() const { return m_session; }
    bool isWorking() const { return m_working; } // not saved under a name yet
    bool hasUnsavedEdits() const { return m_working && m_edited; }
    // For the title: file name, or "Untitled".
    QString title() const;
    std::uint64_t fileBytes() const { return m_fileBytes; }
    // How times and sizes are written; after another choice capturesChanged() comes.
    ValueStyle valueStyle() const { return m_services.settings.valueStyle(); }

    const std::vector<CaptureInfo> &captures() const { return m_captures; }
    const CaptureInfo *find(CaptureId id) const;

    void open(const std::filesystem::path &path);
    // Creates the working session if nothing is open, as a job; `then` gets an error when it
    // cannot be written, and is called at once when something is open.
    void ensureOpen(std::function<void(Result<>)> then);
    // Closes, copies (or moves a working session) to `target`, opens that.
    void saveAs(const std::filesystem::path &target);
    // Reads the list of captures again: after an import.
    void refresh();

    void rename(CaptureId id, const QString &name);
    void setRole(CaptureId id, CaptureRole role);
    // Several at once: nobody sees one of them changed and another not. In a read-only session only
    // this window knows of it.
    using Roles = std::vector<std::pair<CaptureId, CaptureRole>>;
    void setRoles(const Roles &roles);
    // Epoch nanoseconds of the zero of its clock.
    void setWallOffset(CaptureId id, std::int64_t epochNs);
    void remove(CaptureId id);
    void keepPartial(CaptureId id);
    // From the start of an import of ours to its end its capture is not listed: it is not there
    // yet, then its symbols are not. `capture`: what came of it.
    void beginImport();
    void endImport(CaptureId capture);
    bool busy() const
    {
        return m_openJob.busy() || m_listJob.busy() || m_writeJob.busy() || !m_writes.empty() ||
               m_keepJob.busy() || m_workingJob.busy();
    }
    // Small JSON documents beside the captures. kept(): as read when the session was opened, or
    // as given last; empty: there is none. keep() writes as a job, the newest of a key only; a
    // read-only session keeps it in memory.
    enum class Keep : std::uint8_t {
        Look, // how the window looks: nobody has to be asked whether to save it
        Edit  // somebody's work
    };
    std::string kept(const std::string &key) const;
    void keep(const std::string &key, std::string json, Keep what);
    // Waits a moment for what keep() was given, before the window goes. True: all is written.
    bool flush();
    // Writes a copy of the session under another name and goes on with this one.
    void saveCopy(const std::filesystem::path &target);

    // Captures that an earlier import left unfinished.
    std::vector<CaptureInfo> interrupted() const;

Q_SIGNALS:
    void opened();          // another session: everything about the old one is gone
    void sessionChanged();  // after opened(), or saved under another name
    void capturesChanged(); // list or contents of captures()
    void saved(const QString &path);
    void copied(const QString &path);
    void failed(const QString &summary, const QString &details);

private:
    using Write = std::function<Result<>(Session &)>;
    void write(const QString &summary, Write work);
    void nextWrite();
    enum class Adopt : std::uint8_t { Working, Opened, Saved };
    void adopt(std::unique_ptr<Session> session, Adopt how);
    void discardWorkingFile();
    void applyRolesHere();

    const Services &m_services;
    std::shared_ptr<Session> m_session;
    std::vector<CaptureInfo> m_captures;
    std::uint64_t m_fileBytes = 0;
    bool m_working = false, m_edited = false, m_importing = false;
    CaptureId m_newest;                           // that is listed while importing
    std::map<CaptureId, CaptureRole> m_rolesHere; // that a read-only session cannot keep
    std::filesystem::path m_workingFile;

    struct Pending {
        QString summary;
        Write work;
    };
    std::deque<Pending> m_writes; // one after the other: the session has one writer
    LatestJob<bool> m_writeJob;
    struct Opened {
        std::unique_ptr<Session> session;
        std::map<std::string, std::string> kept;
    };
    static Result<Opened> openWithKept(const std::filesystem::path &path);
    using Look = std::map<std::string, std::string>;
    void writeKept();
    std::function<Result<bool>(JobContext &)>
    keepWork(Look due, std::shared_ptr<std::promise<void>> written) const;
    void reopen(const std::filesystem::path &source);

    Look m_kept; // all that keep() and the session say
    Look m_due;  // of that: not written yet
    LatestJob<bool> m_keepJob;
    std::shared_future<void> m_written; // the last of what keep() wrote
    LatestJob<Opened> m_openJob;
    LatestJob<std::unique_ptr<Session>> m_workingJob;
    struct Listing {
        std::vector<CaptureInfo> captures;
        std::uint64_t fileBytes = 0;
    };
    LatestJob<Listing> m_listJob;
};

// Where working sessions live; created on demand. Files of programs that are gone are removed by
// removeStaleWorkingSessions() once they are older than a week.
std::filesystem::path workingDirectory();
void removeStaleWorkingSessions();

} // namespace flamewright
