#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace flamewright {

// How well a text answers what somebody typed. Higher is better.
struct FuzzyMatch {
    int score = 0;
    QList<int> at; // characters that matched, ascending, for bold letters
};

// What was typed, prepared once for many texts: every word of it must be in the text, in any
// order, as the beginning of a word ("spl ri": Split right), as initials ("sr"), inside a word or,
// at worst, letter by letter. Upper and lower case are the same. No words: everything matches.
class FuzzyPattern {
public:
    explicit FuzzyPattern(const QString &typed);

    bool isEmpty() const { return m_words.isEmpty(); }
    std::optional<FuzzyMatch> match(const QString &text) const;

private:
    QStringList m_words; // lower case
};

} // namespace flamewright
