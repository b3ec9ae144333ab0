#include "app/gui/track_list_model.h"

#include "app/gui/figures.h"
#include "app/gui/text.h"

#include <algorithm>

namespace flamewright {

QString trackName(const CaptureInfo &capture, TrackId track)
{
    if (track.raw == 0 || track.raw > capture.meta.tracks.size())
        return TrackListModel::tr("(unknown)");
    const auto &row = capture.meta.tracks[track.raw - 1];
    const auto number = row.kind == TrackKind::Thread ? row.tid : row.pid;
    auto name = display(row.name);
    if (name.isEmpty() && row.kind == TrackKind::Endpoint)
        name = TrackListModel::tr("(no name)");
    if (name.isEmpty())
        name = row.kind == TrackKind::Thread ? TrackListModel::tr("thread")
                                             : TrackListModel::tr("process");
    if (number >= 0)
        name += QStringLiteral(" ") + QString::number(number);
    return name;
}

void TrackListModel::setTracks(const CaptureInfo &capture, const std::vector<std::int64_t> &counts)
{
    beginResetModel();
    m_all.clear();
    m_most = 0;
    const auto &tracks = capture.meta.tracks;
    const auto countOf = [&](std::size_t i) { return i < counts.size() ? counts[i] : 0; };
    std::vector<std::size_t> tops;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        if (tracks[i].parent.raw == 0 || tracks[i].parent.raw > tracks.size())
            tops.push_back(i);
    }
    const auto busiest = [&](std::size_t a, std::size_t b) {
        return countOf(a) != countOf(b) ? countOf(a) > countOf(b) : a < b;
    };
    std::sort(tops.begin(), tops.end(), busiest);
    std::vector<std::vector<std::size_t>> below(tracks.size());
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const auto parent = tracks[i].parent.raw;
        if (parent != 0 && parent <= tracks.size() && parent != i + 1)
            below[parent - 1].push_back(i);
    }
    const auto add = [&](std::size_t i, bool thread, TrackId process) {
        const TrackId id{static_cast<std::uint32_t>(i + 1)};
        m_all.push_back({{capture.id, id}, trackName(capture, id), countOf(i), thread, process});
        m_most = std::max(m_most, countOf(i));
    };
    for (const auto top : tops) {
        const TrackId process{static_cast<std::uint32_t>(top + 1)};
        if (!counts.empty() && countOf(top) == 0 && below[top].empty())
            continue; // a process that was seen but never sampled
        add(top, tracks[top].kind == TrackKind::Thread, process);
        auto &threads = below[top];
        std::sort(threads.begin(), threads.end(), busiest);
        for (const auto thread : threads) {
            if (counts.empty() || countOf(thread) > 0)
                add(thread, true, process);
        }
    }
    applyFilter();
    endResetModel();
}

void TrackListModel::applyFilter()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        if (m_filter.isEmpty() || m_all[i].text.contains(m_filter, Qt::CaseInsensitive))
            m_shown.push_back(i);
    }
}

void TrackListModel::setFilter(const QString &text)
{
    beginResetModel();
    m_filter = text.trimmed();
    applyFilter();
    endResetModel();
}

void TrackListModel::setChecked(const std::vector<TrackRef> &tracks)
{
    m_checked = {tracks.begin(), tracks.end()};
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole});
}

std::vector<TrackRef> TrackListModel::checked() const
{
    return {m_checked.begin(), m_checked.end()};
}

void TrackListModel::toggle(int row)
{
    if (row < 0 || row >= rowCount())
        return;
    const auto &item = m_all[m_shown[static_cast<std::size_t>(row)]];
    if (!m_checked.erase(item.track)) {
        m_checked.insert(item.track);
        // A process stands for its threads, and a thread narrows its process.
        for (const auto &other : m_all) {
            if (other.process == item.process && other.thread != item.thread)
                m_checked.erase(other.track);
        }
    }
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole});
    Q_EMIT checkedChanged();
}

int TrackListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant TrackListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto &row = m_all[m_shown[static_cast<std::size_t>(index.row())]];
    switch (role) {
    case Qt::DisplayRole: return row.text;
    case Qt::AccessibleTextRole:
        return QString(row.text + QStringLiteral(", ") + tr("%1 samples").arg(grouped(row.count)));
    case Qt::CheckStateRole: return m_checked.count(row.track) ? Qt::Checked : Qt::Unchecked;
    case CountRole: return static_cast<qlonglong>(row.count);
    case ShareRole: return ratioOf(row.count, m_most);
    case IsThreadRole: return row.thread;
    case TrackRole: return row.track.track.raw;
    default: return {};
    }
}

bool TrackListModel::setData(const QModelIndex &index, const QVariant &, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid())
        return false;
    toggle(index.row());
    return true;
}

Qt::ItemFlags TrackListModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                           : Qt::NoItemFlags;
}

} // namespace flamewright
