#pragma once

#include "analysis/scope.h"
#include "capture/session/session.h"

#include <QAbstractListModel>
#include <QString>

#include <cstdint>
#include <set>
#include <vector>

namespace flamewright {

// Processes with their threads, with sample counts and check marks: what the picker shows.
class TrackListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { CountRole = Qt::UserRole, ShareRole, IsThreadRole, TrackRole };

    using QAbstractListModel::QAbstractListModel;

    // `counts` by track, [id - 1]; empty while they are being counted.
    void setTracks(const CaptureInfo &capture, const std::vector<std::int64_t> &counts);
    void setChecked(const std::vector<TrackRef> &tracks);
    std::vector<TrackRef> checked() const;
    void setFilter(const QString &text);
    void toggle(int row);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    void checkedChanged();

private:
    struct Row {
        TrackRef track;
        QString text; // "node · pid 1234", "worker · tid 5"
        std::int64_t count = 0;
        bool thread = false;
        TrackId process;
    };
    void applyFilter();

    std::vector<Row> m_all;
    std::vector<std::size_t> m_shown; // indices into m_all
    std::set<TrackRef> m_checked;
    std::int64_t m_most = 0;
    QString m_filter;
};

// "node (1234)" of a track, for chips and the picker.
QString trackName(const CaptureInfo &capture, TrackId track);

} // namespace flamewright
