#pragma once

#include <QString>
#include <QStringList>
#include <QTimer>
#include <QWidget>

namespace flamewright {

class Document;
struct CaptureInfo;
class RequestsModel;
class PlainLabel;
class ProfileModel;
class ScopeController;

// One honest line: what was measured and what is missing; how large the session is and who draws.
class StatusLine : public QWidget {
    Q_OBJECT

public:
    StatusLine(const Document &document, const ScopeController &scope, const ProfileModel &profile,
               const RequestsModel &load, QWidget *parent = nullptr);

    void setRenderer(const QString &name); // "GPU", "QPainter"
    // A word about what was just done, for a moment.
    void say(const QString &sentence);
    QString text() const;

private:
    void refresh();
    QStringList aboutProfile(const CaptureInfo &capture) const;
    QStringList aboutLoadTest(const CaptureInfo &capture) const;
    QStringList aboutTrace(const CaptureInfo &capture) const;

    const Document &m_document;
    const ScopeController &m_scope;
    const ProfileModel &m_profile;
    const RequestsModel &m_load;
    PlainLabel *m_left, *m_right;
    QString m_renderer;
    QString m_said;
    QTimer m_saidUntil;
};

} // namespace flamewright
