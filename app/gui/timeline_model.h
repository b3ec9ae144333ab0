#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/view_catalogue.h"
#include "app/track_source.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// What a timeline shows of the captures in the scope: their levels, the rows of what is looked at
// closely, numbers of the chosen area, the selected slice, what was found. Read off the GUI thread.
class TimelineModel : public QObject {
    Q_OBJECT

public:
    TimelineModel(const ViewContext &context, QObject *parent);

    const std::shared_ptr<const TraceSet> &set() const { return m_set; } // null: not read yet
    const QString &error() const { return m_error; }
    const std::shared_ptr<const SliceStats> &stats() const { return m_stats; }
    const QString &statsError() const { return m_statsError; }
    const std::optional<SliceDetails> &details() const { return m_details; }
    const std::shared_ptr<const SliceMatches> &matches() const { return m_matches; }
    const QString &searchError() const { return m_searchError; }
    bool statsBusy() const { return m_statsJob.busy(); }
    bool busy() const
    {
        return m_loadJob.busy() || m_statsJob.busy() || m_detailsJob.busy() || m_rowsJob.busy() ||
               m_searchJob.busy() || m_rowsDue.isActive();
    }

    // The captures of the scope, when they are other ones; again with `force`.
    void load(bool force);
    // What is in sight, as it is; rows are read when it stands still.
    void look(std::int64_t begin, std::int64_t end, double nsPerPixel);
    void count(const TraceArea &area);
    void countNothing();
    void select(const std::optional<SlicePlace> &place);
    void search(const std::string &pattern);

Q_SIGNALS:
    void setChanged();
    void statsChanged();
    void detailsChanged();
    void matchesChanged();
    void rowsRead(std::uint32_t capture, std::shared_ptr<const flamewright::DetailRows> rows);

private:
    struct Rows {
        std::uint32_t capture;
        std::shared_ptr<const DetailRows> rows;
    };
    struct Sight {
        std::int64_t begin = 0, end = 0;
        double nsPerPixel = 1;
    };
    void readRows();

    ViewContext m_context;
    std::optional<std::vector<CaptureId>> m_loaded;
    std::shared_ptr<const TraceSet> m_set;
    std::vector<std::shared_ptr<const DetailRows>> m_rows; // by capture
    std::shared_ptr<const SliceStats> m_stats;
    std::optional<TraceArea> m_counted;
    std::optional<SlicePlace> m_selected;
    std::optional<SliceDetails> m_details;
    std::shared_ptr<const SliceMatches> m_matches;
    std::string m_searched;
    QString m_error, m_statsError, m_searchError;
    Sight m_sight;
    QTimer m_rowsDue;
    LatestJob<std::shared_ptr<const TraceSet>> m_loadJob;
    LatestJob<std::vector<Rows>> m_rowsJob;
    LatestJob<std::shared_ptr<const SliceStats>> m_statsJob;
    LatestJob<std::optional<SliceDetails>> m_detailsJob;
    LatestJob<std::shared_ptr<const SliceMatches>> m_searchJob;
};

} // namespace flamewright
