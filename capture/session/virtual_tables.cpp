#include "capture/session/virtual_tables.h"

#include "capture/base/format_value.h"
#include "capture/base/job.h"
#include "capture/session/row_scan.h"
#include "capture/session/shown_tables.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <vector>

// The C side of the virtual tables: SQLite's callbacks, turned into RowScan calls. No exception
// passes through SQLite, hence guarded().
namespace flamewright {
namespace {

// Shared by all tables of a connection. The source is dropped with the last table, because
// SQLite does not close a connection that still has statements.
struct Connection {
    std::shared_ptr<ReadStats> stats;
    // Known from the beginning when the session could be checked then. Later, an authorizer may
    // forbid what checking and connecting need.
    std::optional<SessionUuid> uuid;
    std::weak_ptr<ChunkSource> source;
};

struct Module {
    std::shared_ptr<Connection> connection;
    ShownTable table;
};

struct SessionTable : sqlite3_vtab {
    std::shared_ptr<ChunkSource> source;
    const ShownTable *shown = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
    std::unique_ptr<RowScan> scan;
    RowRun run;
    std::uint32_t row = 0;
    std::vector<const std::int64_t *> values; // by table column, of this run; null: not decoded
};

SessionTable &tableOf(sqlite3_vtab *table)
{
    return *static_cast<SessionTable *>(table);
}
Cursor &cursorOf(sqlite3_vtab_cursor *cursor)
{
    return *static_cast<Cursor *>(cursor);
}

int codeOf(const Error &error, sqlite3 *db)
{
    switch (error.code()) {
    case Errc::Corrupt: return SQLITE_CORRUPT_VTAB;
    case Errc::Limit: return SQLITE_NOMEM;
    case Errc::Query: {
        // SQLite's own failure, an interruption for one, stays what it was.
        const auto code = sqlite3_errcode(db);
        return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_ERROR : code;
    }
    case Errc::Cancelled:
    case Errc::NotFound:
    case Errc::Io:
    case Errc::UnknownFormat:
    case Errc::Unsupported:
    case Errc::Version:
    case Errc::Busy:
    case Errc::DiskFull:
    case Errc::Worker:
    case Errc::Usage:
    case Errc::Internal: break;
    }
    return SQLITE_ERROR;
}

int report(sqlite3_vtab *table, const Error &error)
{
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", error.text().c_str());
    return codeOf(error, tableOf(table).source->db());
}

int connectTable(sqlite3 *db, void *aux, int, const char *const *, sqlite3_vtab **out,
                 char **message)
{
    auto &module = *static_cast<Module *>(aux);
    const auto connected = guarded([&]() -> Result<> {
        auto source = module.connection->source.lock();
        if (source == nullptr) {
            auto &connection = *module.connection;
            if (!connection.uuid) {
                FW_ASSIGN(connection.uuid, identifySession(db));
            }
            FW_ASSIGN(source, ChunkSource::open(db, *connection.uuid, connection.stats));
            connection.source = source;
        }
        if (sqlite3_declare_vtab(db, module.table.declaration().c_str()) != SQLITE_OK ||
            sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY) != SQLITE_OK)
            return fail(Errc::Query, sqlite3_errmsg(db));
        auto table = std::make_unique<SessionTable>();
        table->source = std::move(source);
        table->shown = &module.table;
        *out = table.release();
        return {};
    });
    if (connected.has_value())
        return SQLITE_OK;
    *message = sqlite3_mprintf("%s", connected.error().text().c_str());
    return codeOf(connected.error(), db);
}

int disconnectTable(sqlite3_vtab *table)
{
    const std::unique_ptr<SessionTable> owned(static_cast<SessionTable *>(table));
    return SQLITE_OK;
}

// What bestIndex tells filter: two letters per argument, column and comparison.
char letterOf(Shown shown)
{
    switch (shown) {
    case Shown::Capture: return 'c';
    case Shown::Time: return 't';
    case Shown::RowId: return 'i';
    case Shown::Integer:
    case Shown::Real:
    case Shown::Text:
    case Shown::LongText:
    case Shown::Content:
    case Shown::SliceKind:
    case Shown::FlagError:
    case Shown::OrUnknown:
    case Shown::FrameKind:
    case Shown::RequestKind:
    case Shown::SymbolSource:
    case Shown::SummaryFigure:
    case Shown::UnitName:
    case Shown::FlagInlined:
    case Shown::FlagReturnAddress: break;
    }
    return 0;
}

char letterOf(int constraint)
{
    switch (constraint) {
    case SQLITE_INDEX_CONSTRAINT_EQ: return '=';
    case SQLITE_INDEX_CONSTRAINT_GT: return '>';
    case SQLITE_INDEX_CONSTRAINT_GE: return 'g';
    case SQLITE_INDEX_CONSTRAINT_LT: return '<';
    case SQLITE_INDEX_CONSTRAINT_LE: return 'l';
    }
    return 0;
}

Comparison comparisonOf(char letter)
{
    switch (letter) {
    case '>': return Comparison::Greater;
    case 'g': return Comparison::GreaterEqual;
    case '<': return Comparison::Less;
    case 'l': return Comparison::LessEqual;
    }
    return Comparison::Equal;
}

// Whether rows come in the order asked for: by capture, then (dimensions) by id. A bound capture
// needs no place in the order.
bool isOrdered(const sqlite3_index_info &info, const ShownTable &shown, bool oneCapture)
{
    std::vector<Shown> order{Shown::Capture};
    if (!shown.isFact)
        order.push_back(Shown::RowId);
    std::size_t next = 0;
    for (int i = 0; i < info.nOrderBy; ++i) {
        const auto &term = info.aOrderBy[i];
        if (term.desc != 0 || term.iColumn < 0)
            return false;
        const auto as = shown.columns[static_cast<std::size_t>(term.iColumn)].as;
        if (as == Shown::Capture && oneCapture)
            continue;
        if (next == 0 && oneCapture)
            ++next;
        if (next >= order.size() || order[next] != as)
            return false;
        ++next;
    }
    return info.nOrderBy > 0;
}

// Guesses for the planner: a quarter of the rows per one-sided comparison, as SQLite assumes.
struct Guess {
    bool capture = false, id = false, time = false;
    double rangeShare = 1;
};

void setCosts(sqlite3_index_info &info, const ShownTable &shown, const Guess &guess,
              const ChunkSource::Estimate &estimate)
{
    constexpr double kLookup = 20; // in rows: finding the page
    auto rows = estimate.rows;
    auto captures = estimate.captures;
    if (guess.capture) {
        rows /= captures;
        captures = 1;
    }
    if (guess.id)
        rows = captures;
    if (guess.time)
        rows /= 1000;
    rows = std::max(1.0, rows * guess.rangeShare);
    // A facts chunk is decoded anew for every scan that touches it.
    const auto start = shown.isFact ? double{kRowsPerChunk} / 8 : kLookup * captures;
    info.estimatedCost = start + rows;
    info.estimatedRows = static_cast<sqlite3_int64>(rows);
    if (guess.capture && guess.id)
        info.idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
}

int bestIndex(sqlite3_vtab *table, sqlite3_index_info *info)
{
    const auto &shown = *tableOf(table).shown;
    std::string plan;
    Guess guess;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto &constraint = info->aConstraint[i];
        if (constraint.usable == 0 || constraint.iColumn < 0)
            continue;
        const auto as = shown.columns[static_cast<std::size_t>(constraint.iColumn)].as;
        const auto column = letterOf(as);
        const auto comparison = letterOf(int{constraint.op});
        if (column == 0 || comparison == 0)
            continue;
        plan += column;
        plan += comparison;
        // The scan keeps to the bounds exactly, so that SQLite need not look again.
        info->aConstraintUsage[i].argvIndex = static_cast<int>(plan.size() / 2);
        info->aConstraintUsage[i].omit = 1;
        if (comparison != '=')
            guess.rangeShare /= 4;
        else if (as == Shown::Capture)
            guess.capture = true;
        else if (as == Shown::RowId)
            guess.id = true;
        else
            guess.time = true;
    }
    info->idxStr = sqlite3_mprintf("%s", plan.c_str());
    if (info->idxStr == nullptr)
        return SQLITE_NOMEM;
    info->needToFreeIdxStr = 1;
    info->orderByConsumed = isOrdered(*info, shown, guess.capture) ? 1 : 0;
    setCosts(*info, shown, guess, tableOf(table).source->estimate(shown.kind));
    return SQLITE_OK;
}

int openCursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    auto &session = tableOf(table);
    const auto opened = guarded([&]() -> Result<> {
        auto cursor = std::make_unique<Cursor>();
        cursor->scan = session.shown->isFact ? scanFacts(session.source, *session.shown)
                                             : scanDimension(session.source, *session.shown);
        cursor->values.resize(session.shown->columns.size());
        *out = cursor.release();
        return {};
    });
    return opened.has_value() ? SQLITE_OK : report(table, opened.error());
}

int closeCursor(sqlite3_vtab_cursor *cursor)
{
    const std::unique_ptr<Cursor> owned(static_cast<Cursor *>(cursor));
    return SQLITE_OK;
}

void narrow(IntegerBounds &bounds, Comparison op, sqlite3_value *value)
{
    // The columns are integers, so SQL compares with text that reads as a number by that number.
    switch (sqlite3_value_numeric_type(value)) {
    case SQLITE_INTEGER: bounds.narrow(op, std::int64_t{sqlite3_value_int64(value)}); return;
    case SQLITE_FLOAT: bounds.narrow(op, sqlite3_value_double(value)); return;
    case SQLITE_NULL: bounds.narrowByNull(); return;
    }
    bounds.narrowByText(op);
}

Result<> nextRun(Cursor &cursor)
{
    cursor.run = {};
    FW_ASSIGN(cursor.run, cursor.scan->next());
    cursor.row = cursor.run.from;
    std::fill(cursor.values.begin(), cursor.values.end(), nullptr);
    return {};
}

int filter(sqlite3_vtab_cursor *base, int, const char *plan, int count, sqlite3_value **arguments)
{
    auto &cursor = cursorOf(base);
    const auto started = guarded([&]() -> Result<> {
        ScanBounds bounds;
        for (int i = 0; i < count; ++i) {
            auto &column = plan[2 * i] == 'c'   ? bounds.capture
                           : plan[2 * i] == 't' ? bounds.time
                                                : bounds.id;
            narrow(column, comparisonOf(plan[2 * i + 1]), arguments[i]);
        }
        FW_TRY(cursor.scan->start(bounds));
        return nextRun(cursor);
    });
    return started.has_value() ? SQLITE_OK : report(base->pVtab, started.error());
}

int nextRow(sqlite3_vtab_cursor *base)
{
    auto &cursor = cursorOf(base);
    if (++cursor.row < cursor.run.to)
        return SQLITE_OK;
    const auto moved = guarded([&] { return nextRun(cursor); });
    return moved.has_value() ? SQLITE_OK : report(base->pVtab, moved.error());
}

int atEnd(sqlite3_vtab_cursor *base)
{
    return cursorOf(base).run.page == nullptr ? 1 : 0;
}

// Unique within the table and the same in every scan, as SQLite's OR optimisation needs.
int rowId(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    const auto &cursor = cursorOf(base);
    *out = static_cast<sqlite3_int64>(
        static_cast<std::uint64_t>(cursor.run.page->chunkRow()) * kRowsPerChunk + cursor.row);
    return SQLITE_OK;
}

void resultText(sqlite3_context *context, std::string_view text)
{
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

template <class E>
Result<> resultName(sqlite3_context *context, const ChunkPage &page, std::int64_t value)
{
    const auto name = value < 0 || value > 255 ? std::string_view() : nameOf(static_cast<E>(value));
    if (name.empty())
        return fail(page.damaged("a value is none that its column can have"));
    resultText(context, name);
    return {};
}

Result<> showValue(sqlite3_context *context, ChunkSource &source, Cursor &cursor,
                   const ShownTable &shown, std::size_t index)
{
    const auto &column = shown.columns[index];
    auto &page = *cursor.run.page;
    if (column.as == Shown::Content) {
        resultText(context, page.text(cursor.row));
        return {};
    }
    if (cursor.values[index] == nullptr) {
        FW_ASSIGN(const auto values, page.integers(column));
        cursor.values[index] = values.data();
    }
    const auto value = cursor.values[index][cursor.row];
    switch (column.as) {
    case Shown::Text: {
        if (value == 0)
            return {};
        FW_ASSIGN(const auto text, source.text(page.capture(), ChunkKind::Strings, value));
        resultText(context, text);
        return {};
    }
    case Shown::LongText: {
        if (value == 0)
            return {};
        FW_ASSIGN(const auto text, source.text(page.capture(), ChunkKind::Texts, value));
        resultText(context, text);
        return {};
    }
    case Shown::SliceKind: return resultName<SliceKind>(context, page, value);
    case Shown::FlagError: sqlite3_result_int(context, (value & kSliceError) != 0); return {};
    case Shown::FrameKind: return resultName<FrameKind>(context, page, value);
    case Shown::RequestKind: return resultName<RequestKind>(context, page, value);
    case Shown::SymbolSource: return resultName<SymbolSource>(context, page, value);
    case Shown::SummaryFigure: return resultName<SummaryFigure>(context, page, value);
    case Shown::UnitName:
        if (value < 0 || value > static_cast<std::int64_t>(Unit::Ratio))
            return fail(page.damaged("a value is none that its column can have"));
        resultText(context, unitName(static_cast<Unit>(value)));
        return {};
    case Shown::Capture:
    case Shown::RowId:
    case Shown::Content: return {};
    case Shown::Integer: sqlite3_result_int64(context, value); return {};
    case Shown::Time:
        if (value != kNoTime.time_since_epoch().count())
            sqlite3_result_int64(context, value);
        return {};
    case Shown::OrUnknown:
        if (value != -1)
            sqlite3_result_int64(context, value);
        return {};
    case Shown::Real: sqlite3_result_double(context, std::bit_cast<double>(value)); return {};
    case Shown::FlagInlined: sqlite3_result_int(context, (value & kFrameInlined) != 0); return {};
    case Shown::FlagReturnAddress:
        sqlite3_result_int(context, (value & kFrameReturnAddress) != 0);
        return {};
    }
    return {};
}

int showColumn(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
    auto &cursor = cursorOf(base);
    auto &table = tableOf(base->pVtab);
    const auto column = static_cast<std::size_t>(index);
    const auto as = table.shown->columns[column].as;
    if (as == Shown::Capture) {
        sqlite3_result_int64(context, cursor.run.page->capture());
        return SQLITE_OK;
    }
    if (as == Shown::RowId) {
        sqlite3_result_int64(context,
                             static_cast<sqlite3_int64>(cursor.run.page->firstRow()) + cursor.row);
        return SQLITE_OK;
    }
    if (as == Shown::Integer && cursor.values[column] != nullptr) {
        sqlite3_result_int64(context, cursor.values[column][cursor.row]);
        return SQLITE_OK;
    }
    const auto shown =
        guarded([&] { return showValue(context, *table.source, cursor, *table.shown, column); });
    if (shown.has_value())
        return SQLITE_OK;
    const auto code = codeOf(shown.error(), table.source->db());
    sqlite3_result_error(context, shown.error().text().c_str(), -1);
    sqlite3_result_error_code(context, code);
    return code;
}

// No xCreate: the tables are eponymous, they exist without a row in the file's schema.
const sqlite3_module kModule = {
    .iVersion = 1,
    .xConnect = connectTable,
    .xBestIndex = bestIndex,
    .xDisconnect = disconnectTable,
    .xOpen = openCursor,
    .xClose = closeCursor,
    .xFilter = filter,
    .xNext = nextRow,
    .xEof = atEnd,
    .xColumn = showColumn,
    .xRowid = rowId,
};

template <std::uint64_t ReadStats::*kCount>
void answerCount(sqlite3_context *context, int, sqlite3_value **)
{
    const auto &connection = *static_cast<Connection *>(sqlite3_user_data(context));
    sqlite3_result_int64(context, static_cast<sqlite3_int64>((*connection.stats).*kCount));
}

using CountFunction = void (*)(sqlite3_context *, int, sqlite3_value **);

int createCount(sqlite3 *db, const char *name, const Connection &connection, CountFunction function)
{
    auto own = std::make_unique<Connection>(connection);
    return sqlite3_create_function_v2(
        db, name, 0, SQLITE_UTF8 | SQLITE_DIRECTONLY, own.release(), function, nullptr, nullptr,
        [](void *p) { const std::unique_ptr<Connection> owned(static_cast<Connection *>(p)); });
}

// Naming a table connects it, for as long as the connection lives.
void connectTables(sqlite3 *db)
{
    for (const auto &table : shownTables()) {
        sqlite3_stmt *statement = nullptr;
        sqlite3_prepare_v2(db, ("SELECT 1 FROM main." + std::string(table.name)).c_str(), -1,
                           &statement, nullptr);
        sqlite3_finalize(statement);
    }
}

} // namespace

Result<> registerSessionTables(sqlite3 *db, std::shared_ptr<ReadStats> stats)
{
    const auto connection = std::make_shared<Connection>();
    connection->stats = std::move(stats);
    for (auto &table : shownTables()) {
        auto module = std::make_unique<Module>(Module{connection, std::move(table)});
        const auto name = std::string(module->table.name);
        // SQLite calls the deleter even when it fails.
        if (sqlite3_create_module_v2(db, name.c_str(), &kModule, module.release(), [](void *p) {
                const std::unique_ptr<Module> owned(static_cast<Module *>(p));
            }) != SQLITE_OK)
            return fail(Errc::Internal, sqlite3_errmsg(db));
    }
    if (createCount(db, "flamewright_chunks_read", *connection,
                    answerCount<&ReadStats::chunksRead>) != SQLITE_OK ||
        createCount(db, "flamewright_chunks_skipped", *connection,
                    answerCount<&ReadStats::chunksSkipped>) != SQLITE_OK)
        return fail(Errc::Internal, sqlite3_errmsg(db));
    // An error is told to whoever uses a table: loading the extension is none.
    if (const auto uuid = identifySession(db); uuid.has_value()) {
        connection->uuid = *uuid;
        connectTables(db);
    }
    return {};
}

} // namespace flamewright
