#pragma once

// SQLite for code that is built twice: into the program, where the functions are linked, and
// into the loadable extension, where the host's function table stands for them. A source of the
// extension includes this and never <sqlite3.h>.
#ifdef FW_SQLITE_EXTENSION
#include <sqlite3ext.h>
extern "C" {
SQLITE_EXTENSION_INIT3
}
#else
#include <sqlite3.h>
#endif
