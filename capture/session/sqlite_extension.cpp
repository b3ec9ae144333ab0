#include "capture/session/virtual_tables.h"

#include <sqlite3ext.h>

// The virtual tables for the stock sqlite3 shell:
//   sqlite3 -readonly a.fws -cmd '.load ./flamewright_sqlite'
extern "C" {
SQLITE_EXTENSION_INIT1

// The name that SQLite derives from flamewright_sqlite.so; the only symbol that is exported.
__attribute__((visibility("default"))) int
sqlite3_flamewrightsqlite_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

int sqlite3_flamewrightsqlite_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    SQLITE_EXTENSION_INIT2(api);
    const auto done =
        flamewright::registerSessionTables(db, std::make_shared<flamewright::ReadStats>());
    if (done.has_value())
        return SQLITE_OK;
    *message = sqlite3_mprintf("%s", done.error().text().c_str());
    return SQLITE_ERROR;
}
}
