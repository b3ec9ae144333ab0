#pragma once

#include "analysis/scope.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <vector>

namespace flamewright {

// Scopes under names, in the order they were saved. Kept in the session by SessionKeeper.
class SavedScopes : public QObject {
    Q_OBJECT

public:
    struct Saved {
        QString name;
        Scope scope;
        friend bool operator==(const Saved &, const Saved &) = default;
    };

    using QObject::QObject;

    const std::vector<Saved> &all() const { return m_all; }
    // A name that is there already gets a number; what it is called then is returned.
    QString add(const QString &name, const Scope &scope);
    void overwrite(std::size_t at, const Scope &scope);
    // False: another one is called so, or the name is empty.
    bool rename(std::size_t at, const QString &name);
    void remove(std::size_t at);

    QByteArray toJson() const;
    // Replaces all. What cannot be read is left out and logged.
    void restore(const QByteArray &json);

Q_SIGNALS:
    void changed(); // by a person: has to be kept
    void restored();

private:
    bool has(const QString &name) const;

    std::vector<Saved> m_all;
};

} // namespace flamewright
