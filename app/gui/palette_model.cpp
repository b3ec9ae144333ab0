#include "app/gui/palette_model.h"

#include "app/gui/fuzzy_match.h"

#include <algorithm>

namespace flamewright {

void PaletteModel::setRows(std::vector<Row> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const PaletteItem *PaletteModel::itemAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)].item : nullptr;
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    const auto *item = itemAt(index.row());
    if (!item)
        return {};
    switch (role) {
    case Qt::DisplayRole: return item->text;
    case DetailRole: return item->detail;
    case KeysRole: return item->keys;
    case ReasonRole: return item->reason;
    case MatchRole: return QVariant::fromValue(m_rows[static_cast<std::size_t>(index.row())].at);
    case Qt::AccessibleTextRole: {
        // All that is on the line: a screen reader hears the reason too.
        QStringList parts{item->text};
        for (const auto &part : {item->detail, item->keys, item->reason}) {
            if (!part.isEmpty())
                parts << part;
        }
        return parts.join(QStringLiteral(", "));
    }
    default: return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex &index) const
{
    // What cannot be done can be walked to, so that its reason can be read.
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

std::vector<PaletteModel::Row> rankItems(const std::vector<PaletteItem> &items,
                                         const QString &typed, const QStringList &recent,
                                         std::size_t limit)
{
    struct Ranked {
        const PaletteItem *item;
        int score;
        qsizetype lastUsed; // place in `recent`
        QList<int> at;
    };
    const FuzzyPattern pattern(typed);
    std::vector<Ranked> found;
    for (const auto &item : items) {
        auto match = pattern.match(item.text);
        if (!match && !item.words.isEmpty()) {
            // By another word: found, but behind what is called so.
            match = pattern.match(item.text + QLatin1Char(' ') + item.words);
            if (match) {
                match->score /= 2;
                match->at.removeIf([&](int at) { return at >= item.text.size(); });
            }
        }
        if (!match)
            continue;
        const auto used = item.id.isEmpty() ? -1 : recent.indexOf(item.id);
        found.push_back(
            {&item, match->score, used < 0 ? recent.size() : used, std::move(match->at)});
    }
    std::stable_sort(found.begin(), found.end(), [&](const Ranked &a, const Ranked &b) {
        if (a.score != b.score)
            return a.score > b.score;
        return a.lastUsed < b.lastUsed;
    });
    if (found.size() > limit)
        found.resize(limit);
    std::vector<PaletteModel::Row> out;
    for (auto &ranked : found)
        out.push_back({*ranked.item, std::move(ranked.at)});
    return out;
}

} // namespace flamewright
