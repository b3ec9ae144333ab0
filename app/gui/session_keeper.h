#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

namespace flamewright {

class Document;
class RequestsModel;
class Panels;
class SavedScopes;
class ScopeController;
class Settings;
class ViewArea;
enum class Subject : unsigned char;

// Keeps how the window was left, and the saved scopes, in the session; as the default for new
// sessions in the settings of the user. Gives both back when a session is opened. A layout that
// cannot be read or that a newer program wrote is logged and ignored.
class SessionKeeper : public QObject {
    Q_OBJECT

public:
    SessionKeeper(Document &document, ScopeController &scope, RequestsModel &load, ViewArea &views,
                  Panels &panels, SavedScopes &saved, Settings &settings,
                  QObject *parent = nullptr);

    // The layout of somebody who has none in the session: of this user, or as it was made.
    void restoreDefault();
    // What was read with the session that was just opened. The scope comes when its captures are
    // listed.
    void restoreSession();
    // The first captures of a session are about this. A session that was left with no layout gets
    // the one that belongs to it. False: that was decided before.
    bool begin(Subject subject);
    // True when a scope was left and its captures are there: it is the current one now.
    bool restoreScope();

    // Hands what changed to the document now, not in a moment: before saving and closing.
    // The session says how it was looked at.
    bool hasOwnLayout() const { return m_hasOwn; }
    void keepNow();

private:
    void later();
    QJsonObject windowState() const;
    bool restoreWindow(const QByteArray &json);

    Document &m_document;
    ScopeController &m_scope;
    RequestsModel &m_load;
    ViewArea &m_views;
    Panels &m_panels;
    SavedScopes &m_saved;
    Settings &m_settings;
    QTimer m_timer;
    QByteArray m_keptWindow;   // as handed over last
    QByteArray m_pendingScope; // of a session that was opened
    bool m_restoring = false;
    Subject m_subject{};   // what the layout was made for
    bool m_begun = false;  // begin() was called for this session
    bool m_hasOwn = false; // a layout came with the session
};

} // namespace flamewright
