#include "app/gui/pinned_findings.h"

#include "app/gui/document.h"
#include "app/gui/text.h"

#include <algorithm>
#include <utility>

namespace flamewright {

PinnedFindings::PinnedFindings(Document &document, QObject *parent)
    : QObject(parent),
      m_document(document)
{
    connect(&document, &Document::opened, this, &PinnedFindings::restore);
}

std::size_t PinnedFindings::add(PinnedFinding finding)
{
    if (m_all.size() == kMaxFindings)
        m_all.erase(m_all.begin());
    m_all.push_back(std::move(finding));
    keep();
    return m_all.size() - 1;
}

void PinnedFindings::setSentence(std::size_t at, const QString &text)
{
    const auto tidy = text.simplified().toStdString();
    if (at >= m_all.size() || tidy.empty() || m_all[at].sentence == tidy)
        return;
    m_all[at].sentence = tidy;
    keep();
}

void PinnedFindings::setNote(std::size_t at, const QString &text)
{
    const auto tidy = text.trimmed().toStdString();
    if (at >= m_all.size() || m_all[at].note == tidy)
        return;
    m_all[at].note = tidy;
    keep();
}

void PinnedFindings::resetSentence(std::size_t at)
{
    if (at >= m_all.size() || m_all[at].written.empty() || m_all[at].sentence == m_all[at].written)
        return;
    m_all[at].sentence = m_all[at].written;
    keep();
}

void PinnedFindings::move(std::size_t from, std::size_t to)
{
    if (from >= m_all.size() || to >= m_all.size() || from == to)
        return;
    const auto first = m_all.begin();
    const auto at = [&](std::size_t i) { return first + static_cast<std::ptrdiff_t>(i); };
    if (from < to)
        std::rotate(at(from), at(from + 1), at(to + 1));
    else
        std::rotate(at(to), at(from), at(from + 1));
    keep();
}

void PinnedFindings::remove(std::size_t at)
{
    if (at >= m_all.size())
        return;
    const auto where = m_all.begin() + static_cast<std::ptrdiff_t>(at);
    m_removed = Removed{at, std::move(*where)};
    m_all.erase(where);
    keep();
}

void PinnedFindings::undoRemove()
{
    if (!m_removed)
        return;
    auto back = std::exchange(m_removed, std::nullopt);
    const auto at = std::min(back->at, m_all.size());
    m_all.insert(m_all.begin() + static_cast<std::ptrdiff_t>(at), std::move(back->finding));
    keep();
}

void PinnedFindings::restore()
{
    m_all.clear();
    m_removed.reset();
    const auto json = m_document.kept(kPinnedFindingsKey);
    if (!json.empty()) {
        auto read = findingsFromJson(json);
        if (!read.has_value()) {
            Q_EMIT problem(tr("The pinned findings of this session are not shown: %1")
                               .arg(display(read.error().text())));
        } else {
            m_all = std::move(read->findings);
            if (read->leftOut > 0)
                Q_EMIT problem(
                    tr("Parts of the pinned findings could not be read: %1.").arg(read->leftOut));
        }
    }
    Q_EMIT restored();
}

void PinnedFindings::keep()
{
    m_document.keep(kPinnedFindingsKey, findingsToJson(m_all), Document::Keep::Edit);
    Q_EMIT changed();
}

} // namespace flamewright
