#include "app/gui/fuzzy_match.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWholeText = 120, kWordStart = 80, kInitials = 60, kInside = 40, kLetters = 10;
constexpr qsizetype kLongestText = 512; // names of templates go on for ever

bool startsWord(const QString &text, qsizetype at)
{
    if (at == 0)
        return true;
    const auto before = text[at - 1], here = text[at];
    return !before.isLetterOrNumber() || (before.isLower() && here.isUpper());
}

void addRun(QList<int> &at, qsizetype from, qsizetype count)
{
    for (qsizetype i = 0; i < count; ++i)
        at << static_cast<int>(from + i);
}

// As the beginnings of consecutive words: "sr" in "Split right".
bool initials(const QString &text, const QString &lower, const QString &word, QList<int> &at)
{
    qsizetype next = 0;
    QList<int> found;
    for (qsizetype i = 0; i < text.size() && next < word.size(); ++i) {
        if (!startsWord(text, i) || !text[i].isLetterOrNumber())
            continue;
        if (lower[i] == word[next]) {
            found << static_cast<int>(i);
            ++next;
        } else if (next > 0) {
            return false;
        }
    }
    if (next < word.size() || word.size() < 2)
        return false;
    at += found;
    return true;
}

int scoreOf(const QString &text, const QString &lower, const QString &word, QList<int> &at)
{
    qsizetype inside = -1;
    for (auto from = lower.indexOf(word); from >= 0; from = lower.indexOf(word, from + 1)) {
        if (startsWord(text, from)) {
            addRun(at, from, word.size());
            return word.size() == text.size() ? kWholeText : kWordStart - (from == 0 ? 0 : 5);
        }
        if (inside < 0)
            inside = from;
    }
    if (initials(text, lower, word, at))
        return kInitials;
    if (inside >= 0) {
        addRun(at, inside, word.size());
        return kInside;
    }
    // Letter by letter, the fewer gaps the better; a short word would be found everywhere.
    if (word.size() < 3)
        return 0;
    QList<int> found;
    qsizetype from = 0;
    int gaps = 0;
    for (const auto c : word) {
        const auto next = lower.indexOf(c, from);
        if (next < 0)
            return 0;
        if (!found.isEmpty() && next != from)
            ++gaps;
        found << static_cast<int>(next);
        from = next + 1;
    }
    if (gaps > word.size() / 2)
        return 0;
    at += found;
    return std::max(1, kLetters - gaps);
}

} // namespace

FuzzyPattern::FuzzyPattern(const QString &typed)
    : m_words(typed.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts))
{}

std::optional<FuzzyMatch> FuzzyPattern::match(const QString &whole) const
{
    FuzzyMatch out;
    if (m_words.isEmpty())
        return out;
    const auto text = whole.size() > kLongestText ? whole.left(kLongestText) : whole;
    auto lower = text.toLower();
    if (lower.size() != text.size()) // a letter whose lower case is two: positions would be wrong
        lower = text;
    for (const auto &word : m_words) {
        const auto score = scoreOf(text, lower, word, out.at);
        if (score == 0)
            return std::nullopt;
        out.score += score;
    }
    std::sort(out.at.begin(), out.at.end());
    out.at.erase(std::unique(out.at.begin(), out.at.end()), out.at.end());
    // Of equals the shorter text: more of it is what was asked for.
    out.score = out.score * 64 - static_cast<int>(std::min<qsizetype>(text.size(), 63));
    return out;
}

} // namespace flamewright
