#pragma once

#include "app/present/pinned_finding.h"

#include <QObject>
#include <QString>

#include <cstddef>
#include <optional>
#include <vector>

namespace flamewright {

class Document;

// The findings that somebody pinned, in the order in which they are told. Kept in the session.
class PinnedFindings : public QObject {
    Q_OBJECT

public:
    explicit PinnedFindings(Document &document, QObject *parent = nullptr);

    const std::vector<PinnedFinding> &all() const { return m_all; }
    std::size_t size() const { return m_all.size(); }
    // At the end; its place. The oldest goes when there are more than a session keeps.
    std::size_t add(PinnedFinding finding);
    // Empty text leaves the sentence as it was.
    void setSentence(std::size_t at, const QString &text);
    void setNote(std::size_t at, const QString &text);
    // Back to what the program wrote.
    void resetSentence(std::size_t at);
    void move(std::size_t from, std::size_t to);
    void remove(std::size_t at);
    // What was removed last comes back to where it was.
    bool canUndoRemove() const { return m_removed.has_value(); }
    void undoRemove();

Q_SIGNALS:
    void changed();  // by a person; it is kept
    void restored(); // another session
    void problem(const QString &sentence);

private:
    void restore();
    void keep();

    struct Removed {
        std::size_t at = 0;
        PinnedFinding finding;
    };
    Document &m_document;
    std::vector<PinnedFinding> m_all;
    std::optional<Removed> m_removed;
};

} // namespace flamewright
