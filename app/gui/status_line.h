#pragma once

#include <QTimer>
#include <QWidget>

namespace flamewright {

class Document;
class PlainLabel;
class ProfileModel;
class ScopeController;

// One honest line: what was measured and what is missing; how large the session is and who draws.
class StatusLine : public QWidget {
    Q_OBJECT

public:
    StatusLine(const Document &document, const ScopeController &scope, const ProfileModel &profile,
               QWidget *parent = nullptr);

    void setRenderer(const QString &name); // "GPU", "QPainter"
    // A word about what was just done, for a moment.
    void say(const QString &sentence);
    QString text() const;

private:
    void refresh();

    const Document &m_document;
    const ScopeController &m_scope;
    const ProfileModel &m_profile;
    PlainLabel *m_left, *m_right;
    QString m_renderer;
    QString m_said;
    QTimer m_saidUntil;
};

} // namespace flamewright
