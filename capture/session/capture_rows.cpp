#include "capture/session/manifest_sqlite.h"
#include "capture/session/schema.h"
#include "capture/session/session_core_sqlite.h"

#include <cstring>

namespace flamewright {
namespace {

Error damaged()
{
    return {Errc::Corrupt, "the description of the capture is damaged"};
}

// A stored enumerator in [first, last].
template <class E>
Result<E> enumerator(const Statement &row, int column, E first, E last)
{
    FW_ASSIGN(const auto value, row.integer(column));
    if (value < static_cast<std::int64_t>(first) || value > static_cast<std::int64_t>(last))
        return fail(damaged());
    return static_cast<E>(value);
}

Result<std::uint64_t> count(const Statement &row, int column)
{
    FW_ASSIGN(const auto value, row.integer(column));
    if (value < 0)
        return fail(damaged());
    return static_cast<std::uint64_t>(value);
}

Result<> bindRow(Statement &s, const ModuleRow &row)
{
    return s.bind(3, std::string_view(row.name))
        .bind(4, std::string_view(row.buildId))
        .bind(5, static_cast<std::int64_t>(row.kind))
        .bind(6, row.pid)
        .bind(7, row.base)
        .run();
}
Result<> bindRow(Statement &s, const TrackRow &row)
{
    return s.bind(3, static_cast<std::int64_t>(row.kind))
        .bind(4, std::string_view(row.name))
        .bind(5, row.pid)
        .bind(6, row.tid)
        .bind(7, std::int64_t{row.parent.raw})
        .run();
}
Result<> bindRow(Statement &s, const MeasureRow &row)
{
    return s.bind(3, std::string_view(row.name))
        .bind(4, static_cast<std::int64_t>(row.unit))
        .bind(5, row.rows)
        .bind(6, row.total)
        .bind(7, row.samples)
        .run();
}
Result<> bindRow(Statement &s, const ImportNote &row)
{
    return s.bind(3, static_cast<std::int64_t>(row.severity))
        .bind(4, std::string_view(row.code))
        .bind(5, row.count)
        .bind(6, row.firstOffset)
        .bind(7, std::string_view(row.detail))
        .run();
}
Result<> bindRow(Statement &s, const std::pair<std::string, std::string> &row)
{
    return s.bind(3, std::string_view(row.first)).bind(4, std::string_view(row.second)).run();
}

// Writes the rows that differ and removes what is too many.
template <class Row>
Result<> writeRows(const Connection &db, std::int64_t capture, const std::string &table,
                   const std::string &parameters, const std::vector<Row> &before,
                   const std::vector<Row> &now)
{
    if (before == now)
        return {};
    FW_ASSIGN(auto insert,
              db.prepare("INSERT OR REPLACE INTO " + table + " VALUES(?,?" + parameters + ")"));
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (i < before.size() && before[i] == now[i])
            continue;
        insert.bind(1, capture).bind(2, std::int64_t(i + 1));
        FW_TRY(bindRow(insert, now[i]));
    }
    FW_ASSIGN(auto remove, db.prepare("DELETE FROM " + table + " WHERE capture=? AND id>?"));
    return remove.bind(1, capture).bind(2, std::uint64_t{now.size()}).run();
}

Result<ModuleRow> readModule(const Statement &row)
{
    ModuleRow out;
    FW_ASSIGN(out.name, row.text(1));
    FW_ASSIGN(out.buildId, row.text(2));
    FW_ASSIGN(out.kind, enumerator(row, 3, ModuleKind::Unknown, ModuleKind::Jit));
    FW_ASSIGN(out.pid, row.integer(4));
    FW_ASSIGN(const auto base, row.integer(5));
    out.base = static_cast<std::uint64_t>(base);
    return out;
}
Result<TrackRow> readTrack(const Statement &row)
{
    TrackRow out;
    FW_ASSIGN(out.kind, enumerator(row, 1, TrackKind::Process, TrackKind::Async));
    FW_ASSIGN(out.name, row.text(2));
    FW_ASSIGN(out.pid, row.integer(3));
    FW_ASSIGN(out.tid, row.integer(4));
    FW_ASSIGN(const auto parent, row.integer(5));
    if (parent < 0 || parent > UINT32_MAX)
        return fail(damaged());
    out.parent = TrackId{static_cast<std::uint32_t>(parent)};
    return out;
}
Result<MeasureRow> readMeasure(const Statement &row)
{
    MeasureRow out;
    FW_ASSIGN(out.name, row.text(1));
    FW_ASSIGN(out.unit, enumerator(row, 2, Unit::Count, Unit::Ratio));
    FW_ASSIGN(out.rows, count(row, 3));
    FW_ASSIGN(out.total, row.integer(4));
    FW_ASSIGN(out.samples, row.integer(5));
    return out;
}
Result<ImportNote> readNote(const Statement &row)
{
    ImportNote out;
    FW_ASSIGN(out.severity, enumerator(row, 1, Severity::Info, Severity::Error));
    FW_ASSIGN(out.code, row.text(2));
    FW_ASSIGN(out.count, count(row, 3));
    FW_ASSIGN(const auto offset, row.integer(4));
    out.firstOffset = static_cast<std::uint64_t>(offset);
    FW_ASSIGN(out.detail, row.text(5));
    return out;
}
Result<std::pair<std::string, std::string>> readProvenance(const Statement &row)
{
    std::pair<std::string, std::string> out;
    FW_ASSIGN(out.first, row.text(1));
    FW_ASSIGN(out.second, row.text(2));
    return out;
}

// Rows must be numbered 1, 2, 3 ...: ids are indexes.
template <class Row>
Result<> readRows(const Connection &db, std::int64_t capture, std::string_view sql,
                  Result<Row> (*read)(const Statement &), std::vector<Row> &out)
{
    FW_ASSIGN(auto rows, db.prepare(sql));
    rows.bind(1, capture);
    for (;;) {
        FW_ASSIGN(const auto found, rows.step());
        if (!found)
            return {};
        FW_ASSIGN(const auto id, rows.integer(0));
        if (id != static_cast<std::int64_t>(out.size() + 1))
            return fail(damaged());
        FW_ASSIGN(auto row, read(rows));
        out.push_back(std::move(row));
    }
}

} // namespace

Result<> writeMeta(const Connection &db, std::int64_t capture, const CaptureMeta &before,
                   const CaptureMeta &now)
{
    FW_TRY(writeRows(db, capture, "module", ",?,?,?,?,?", before.modules, now.modules));
    FW_TRY(writeRows(db, capture, "track", ",?,?,?,?,?", before.tracks, now.tracks));
    FW_TRY(writeRows(db, capture, "measure", ",?,?,?,?,?", before.measures, now.measures));
    FW_TRY(writeRows(db, capture, "note", ",?,?,?,?,?", before.notes, now.notes));
    return writeRows(db, capture, "provenance", ",?,?", before.provenance, now.provenance);
}

Result<std::uint64_t> digestsOf(const Connection &db, const SessionUuid &uuid, std::int64_t capture,
                                ChunkKind kind)
{
    FW_ASSIGN(auto rows, db.prepare("SELECT id,capture,kind,ver,first_row,n,t0,t1,raw_len,sum "
                                    "FROM chunk WHERE capture=? AND kind=?"));
    rows.bind(1, capture).bind(2, static_cast<std::int64_t>(kind));
    std::uint64_t digests = 0;
    for (;;) {
        FW_ASSIGN(const auto found, rows.step());
        if (!found)
            return digests;
        FW_ASSIGN(const auto row, chunkRowOf(rows));
        digests += chunkDigest(uuid, row);
    }
}

Result<std::uint64_t> storedDigests(const Connection &db, std::int64_t capture)
{
    FW_ASSIGN(auto row, db.prepare("SELECT chunk_sum FROM capture WHERE id=?"));
    FW_ASSIGN(const auto found, row.bind(1, capture).step());
    if (!found)
        return fail(Errc::NotFound, "there is no such capture in the session");
    FW_ASSIGN(const auto blob, row.blob(0));
    std::uint64_t sum = 0;
    if (blob.size() != sizeof sum)
        return fail(damaged());
    std::memcpy(&sum, blob.data(), sizeof sum);
    return sum;
}

Result<ChunkRow> chunkRowOf(const Statement &row)
{
    ChunkRow out;
    FW_ASSIGN(out.id, row.integer(0));
    FW_ASSIGN(out.capture, row.integer(1));
    FW_ASSIGN(out.kind, row.integer(2));
    FW_ASSIGN(out.ver, row.integer(3));
    FW_ASSIGN(out.firstRow, row.integer(4));
    FW_ASSIGN(out.rows, row.integer(5));
    FW_ASSIGN(out.t0, row.integer(6));
    FW_ASSIGN(out.t1, row.integer(7));
    FW_ASSIGN(out.rawBytes, row.integer(8));
    FW_ASSIGN(out.sum, row.blob(9));
    return out;
}

Result<CaptureInfo> readCapture(const Connection &db, std::int64_t capture)
{
    FW_ASSIGN(auto row,
              db.prepare("SELECT name,format,source,source_bytes,role,state,kind,begin_ns,end_ns,"
                         "wall_offset_ns,duration_ns,samples,slices,counters,requests,strings,"
                         "frames,stacks,chunks,stored_bytes FROM capture WHERE id=?"));
    FW_ASSIGN(const auto found, row.bind(1, capture).step());
    if (!found)
        return fail(Errc::NotFound, "there is no such capture in the session");
    if (capture < 1 || capture > UINT32_MAX)
        return fail(damaged());
    CaptureInfo out;
    out.id = CaptureId{static_cast<std::uint32_t>(capture)};
    FW_ASSIGN(out.desc.name, row.text(0));
    FW_ASSIGN(out.desc.formatId, row.text(1));
    FW_ASSIGN(out.desc.sourcePath, row.text(2));
    FW_ASSIGN(out.desc.sourceBytes, count(row, 3));
    FW_ASSIGN(out.desc.role, enumerator(row, 4, CaptureRole::None, CaptureRole::Candidate));
    FW_ASSIGN(out.state, enumerator(row, 5, CaptureState::Importing, CaptureState::Partial));
    FW_ASSIGN(out.kind, row.text(6));
    FW_ASSIGN(const auto begin, row.integerOrNull(7));
    FW_ASSIGN(const auto end, row.integerOrNull(8));
    if (begin && end && *begin < *end)
        out.span = TimeRange{Timestamp{Duration{*begin}}, Timestamp{Duration{*end}}};
    else if (begin || end)
        return fail(damaged());
    FW_ASSIGN(out.meta.wallOffsetNs, row.integerOrNull(9));
    FW_ASSIGN(out.meta.durationNs, row.integerOrNull(10));
    std::uint64_t *const counts[] = {&out.samples,  &out.slices,  &out.counters,
                                     &out.requests, &out.strings, &out.frames,
                                     &out.stacks,   &out.chunks,  &out.storedBytes};
    for (int i = 0; i < 9; ++i) {
        FW_ASSIGN(*counts[i], count(row, 11 + i));
    }
    FW_TRY(readRows(db, capture,
                    "SELECT id,name,build_id,kind,pid,base FROM module WHERE capture=? ORDER BY id",
                    readModule, out.meta.modules));
    FW_TRY(readRows(db, capture,
                    "SELECT id,kind,name,pid,tid,parent FROM track WHERE capture=? ORDER BY id",
                    readTrack, out.meta.tracks));
    FW_TRY(readRows(db, capture,
                    "SELECT id,name,unit,n,total,samples FROM measure WHERE capture=? ORDER BY id",
                    readMeasure, out.meta.measures));
    FW_TRY(readRows(
        db, capture,
        "SELECT id,severity,code,count,first_offset,detail FROM note WHERE capture=? ORDER BY id",
        readNote, out.meta.notes));
    FW_TRY(readRows(db, capture, "SELECT id,key,value FROM provenance WHERE capture=? ORDER BY id",
                    readProvenance, out.meta.provenance));
    return out;
}

Result<std::vector<std::int64_t>> captureIds(const Connection &db)
{
    FW_ASSIGN(auto rows, db.prepare("SELECT id FROM capture ORDER BY id"));
    std::vector<std::int64_t> out;
    for (;;) {
        FW_ASSIGN(const auto found, rows.step());
        if (!found)
            return out;
        FW_ASSIGN(const auto id, rows.integer(0));
        if (out.size() == kMaxCaptures)
            return fail(Errc::Limit, "the session has more captures than it may have (" +
                                         std::to_string(kMaxCaptures) + ")");
        out.push_back(id);
    }
}

} // namespace flamewright
