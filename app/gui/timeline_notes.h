#pragma once

#include "analysis/trace_tracks.h"

#include <QAbstractListModel>
#include <QString>

#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

class Document;

// A note at a time of a capture, or over a range of it; perhaps at a slice.
struct TimelineNote {
    CaptureId capture;
    std::int64_t begin = 0, end = 0; // on the capture's clock
    QString text;
    TrackId track; // raw 0: of all tracks
    std::uint32_t depth = 0;
    friend bool operator==(const TimelineNote &, const TimelineNote &) = default;
};

std::string notesToJson(const std::vector<TimelineNote> &notes);
// What is not a note is left out: sessions may come from other programs.
std::vector<TimelineNote> notesFromJson(const std::string &json);

// The notes of a session, as a list in which they are written.
class TimelineNotes : public QAbstractListModel {
    Q_OBJECT

public:
    TimelineNotes(Document &document, QObject *parent);

    const std::vector<TimelineNote> &notes() const { return m_notes; }
    int add(TimelineNote note); // its row
    void remove(int row);
    // For second lines: times of the axis.
    void setSet(std::shared_ptr<const TraceSet> set);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    void notesChanged();

private:
    void read();
    void keep();
    QString whereOf(const TimelineNote &note) const;

    Document &m_document;
    std::vector<TimelineNote> m_notes;
    std::shared_ptr<const TraceSet> m_set;
};

} // namespace flamewright
