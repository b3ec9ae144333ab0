#include "app/gui/timeline_notes.h"

#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "views/scene/heat_map_view.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kVersion = 1;
constexpr qsizetype kMostNotes = 10'000, kMostText = 4000;
constexpr QLatin1String kNotes("notes"), kCapture("capture"), kBegin("begin_ns"), kEnd("end_ns"),
    kText("text"), kTrack("track"), kDepth("depth");

// Numbers of JSON are doubles, which times do not fit into.
QString number(std::int64_t value)
{
    return QString::number(value);
}

} // namespace

std::string notesToJson(const std::vector<TimelineNote> &notes)
{
    QJsonArray list;
    for (const auto &note : notes)
        list.append(QJsonObject{{kCapture, static_cast<qint64>(note.capture.raw)},
                                {kBegin, number(note.begin)},
                                {kEnd, number(note.end)},
                                {kText, note.text},
                                {kTrack, static_cast<qint64>(note.track.raw)},
                                {kDepth, static_cast<qint64>(note.depth)}});
    return QJsonDocument(QJsonObject{{QLatin1String("version"), kVersion}, {kNotes, list}})
        .toJson(QJsonDocument::Compact)
        .toStdString();
}

std::vector<TimelineNote> notesFromJson(const std::string &json)
{
    std::vector<TimelineNote> out;
    const auto list =
        QJsonDocument::fromJson(QByteArray::fromStdString(json)).object().value(kNotes).toArray();
    for (const auto &value : list) {
        if (std::ssize(out) >= kMostNotes)
            break;
        const auto object = value.toObject();
        TimelineNote note;
        bool begins = false, ends = false;
        note.begin = object.value(kBegin).toString().toLongLong(&begins);
        note.end = object.value(kEnd).toString().toLongLong(&ends);
        note.capture = CaptureId{static_cast<std::uint32_t>(object.value(kCapture).toInteger())};
        note.track = TrackId{static_cast<std::uint32_t>(object.value(kTrack).toInteger())};
        note.depth = static_cast<std::uint32_t>(object.value(kDepth).toInteger());
        // A stranger's session: shown as text of a capture is.
        note.text = display(object.value(kText).toString().left(kMostText).toStdString());
        if (begins && ends && note.begin <= note.end && note.capture.raw != 0)
            out.push_back(std::move(note));
    }
    return out;
}

TimelineNotes::TimelineNotes(Document &document, QObject *parent)
    : QAbstractListModel(parent),
      m_document(document)
{
    connect(&document, &Document::opened, this, &TimelineNotes::read);
    read();
}

void TimelineNotes::read()
{
    beginResetModel();
    m_notes = notesFromJson(m_document.kept(kTimelineNotesKey));
    endResetModel();
    Q_EMIT notesChanged();
}

void TimelineNotes::keep()
{
    m_document.keep(kTimelineNotesKey, notesToJson(m_notes), Document::Keep::Edit);
    Q_EMIT notesChanged();
}

void TimelineNotes::setSet(std::shared_ptr<const TraceSet> set)
{
    beginResetModel();
    m_set = std::move(set);
    endResetModel();
}

int TimelineNotes::add(TimelineNote note)
{
    const auto row = static_cast<int>(m_notes.size());
    beginInsertRows({}, row, row);
    m_notes.push_back(std::move(note));
    endInsertRows();
    keep();
    return row;
}

void TimelineNotes::remove(int row)
{
    if (row < 0 || row >= rowCount())
        return;
    beginRemoveRows({}, row, row);
    m_notes.erase(m_notes.begin() + row);
    endRemoveRows();
    keep();
}

int TimelineNotes::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_notes.size());
}

QString TimelineNotes::whereOf(const TimelineNote &note) const
{
    const auto *capture = m_set ? m_set->find(note.capture) : nullptr;
    if (!capture)
        return tr("of a capture that is not shown");
    std::int64_t since = 0, length = 0;
    if (__builtin_sub_overflow(capture->onAxis(note.begin), m_set->begin, &since) ||
        __builtin_sub_overflow(note.end, note.begin, &length))
        return {};
    auto out = QString::fromStdString(axisTime(since, 1));
    if (length > 0)
        out += tr(", for %1").arg(durationText(length, m_document.valueStyle()));
    if (const auto node = m_set->nodeOf({note.capture, note.track}))
        out += QStringLiteral(" \u00b7 ") + QString::fromStdString(m_set->nodes[*node].name);
    return out;
}

QVariant TimelineNotes::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto &note = m_notes[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return QString(note.text + QStringLiteral("   ") + whereOf(note));
    case Qt::EditRole: return note.text;
    case Qt::ToolTipRole: return plainToolTip(note.text);
    default: return {};
    }
}

bool TimelineNotes::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const auto text = value.toString().trimmed().left(kMostText);
    if (role != Qt::EditRole || !index.isValid() || text.isEmpty())
        return false;
    m_notes[static_cast<std::size_t>(index.row())].text = text;
    Q_EMIT dataChanged(index, index);
    keep();
    return true;
}

Qt::ItemFlags TimelineNotes::flags(const QModelIndex &index) const
{
    return QAbstractListModel::flags(index) | Qt::ItemIsEditable;
}

} // namespace flamewright
