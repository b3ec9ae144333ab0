#pragma once

#include "tests/capture/hostile_support.h"

namespace flamewright::test {

// Schemas that make SQLite work for the attacker. All must be refused before a table is read.
inline std::vector<Hostile> hostileSchemas()
{
    const auto adds = [](const char *name, const char *sql) {
        return Hostile{name, Expect::Rejected,
                       [sql](const std::string &path) { execute(path, sql); }};
    };
    // Rewrites the text of a table that is there.
    const auto rewrites = [](const char *name, const char *table, const char *from,
                             const char *to) {
        return Hostile{name, Expect::Rejected, [=](const std::string &path) {
                           execute(path, std::string("PRAGMA writable_schema=ON; UPDATE "
                                                     "sqlite_schema SET sql = replace(sql, '") +
                                             from + "', '" + to + "') WHERE name = '" + table +
                                             "'");
                       }};
    };
    return {
        adds("view with an endless query",
             "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
             "SELECT count(*) FROM n"),
        adds("view over our function", "CREATE VIEW v AS SELECT flamewright_chunks_read()"),
        adds("view over our table", "CREATE VIEW v AS SELECT count(*) FROM sample"),
        adds("view in the place of the chunks",
             "DROP TABLE chunk; CREATE VIEW chunk AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
             "SELECT i + 1 FROM n) SELECT i AS id, 1 AS capture, 1 AS kind, 1 AS ver, 0 AS "
             "first_row, 1 AS n, 0 AS t0, 1 AS t1, 8 AS raw_len, x'00' AS sum, x'00' AS data "
             "FROM n"),
        adds("view in the place of the captures",
             "DROP TABLE capture; CREATE VIEW capture AS SELECT load_extension('x') AS id"),
        adds("view that shadows a virtual table",
             "CREATE VIEW sample AS SELECT readfile('/etc/passwd') AS value"),
        adds("table that shadows a virtual table", "CREATE TABLE sample(value)"),
        adds("trigger", "CREATE TRIGGER t AFTER UPDATE ON capture BEGIN SELECT "
                        "flamewright_chunks_read(); DELETE FROM chunk; END"),
        adds("trigger on a view", "CREATE VIEW v AS SELECT 1 AS a; CREATE TRIGGER t INSTEAD OF "
                                  "INSERT ON v BEGIN DELETE FROM capture; END"),
        adds(
            "generated column",
            "CREATE TABLE g(a, b GENERATED ALWAYS AS (replace(hex(zeroblob(100000000)), '0', a)))"),
        rewrites("generated column among the chunks", "chunk", "data BLOB NOT NULL",
                 "data BLOB NOT NULL, x GENERATED ALWAYS AS (zeroblob(1000000000))"),
        rewrites("check that calls our function", "capture", "name TEXT NOT NULL",
                 "name TEXT NOT NULL CHECK (flamewright_chunks_read() > 0)"),
        rewrites("default that reads a file", "saved", "value TEXT NOT NULL",
                 "value TEXT NOT NULL DEFAULT (load_extension(\"x\"))"),
        rewrites("other order of columns", "chunk", "n INTEGER NOT NULL, t0 INTEGER NOT NULL",
                 "t0 INTEGER NOT NULL, n INTEGER NOT NULL"),
        rewrites("virtual table over the chunks", "chunk", "CREATE TABLE chunk(",
                 "CREATE VIRTUAL TABLE chunk USING dbstat("),
        rewrites("schema text that is no SQL", "chunk", "CREATE TABLE", "ATTACH DATABASE"),
        adds("full-text table", "CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES ('x')"),
        adds("full-text table with a broken index",
             "CREATE VIRTUAL TABLE f USING fts5(a); UPDATE f_data SET block = x'ffffffff'"),
        adds("r-tree", "CREATE VIRTUAL TABLE r USING rtree(id, a, b); UPDATE r_node SET data = "
                       "zeroblob(8)"),
        adds("index over an expression",
             "CREATE INDEX i ON chunk(length(hex(zeroblob(1000 * capture))))"),
        adds("partial index", "CREATE INDEX i ON chunk(kind) WHERE abs(kind) > 1"),
        adds("index with another meaning", "DROP INDEX chunk_by_time; CREATE INDEX chunk_by_time "
                                           "ON chunk(capture, kind, t0 DESC)"),
        adds("statistics", "ANALYZE; UPDATE sqlite_stat1 SET stat = '0 0 0 0 unordered'"),
        {"twenty thousand tables", Expect::Rejected,
         [](const std::string &path) {
             std::string sql = "PRAGMA writable_schema=ON; BEGIN;";
             for (int i = 0; i < 20'000; ++i)
                 sql += "INSERT INTO sqlite_schema VALUES ('table', 't" + std::to_string(i) +
                        "', 't" + std::to_string(i) + "', 2, 'CREATE TABLE t" + std::to_string(i) +
                        "(a)');";
             execute(path, sql + "COMMIT");
         }},
        {"two thousand columns", Expect::Rejected,
         [](const std::string &path) {
             std::string sql = "CREATE TABLE wide(c0";
             for (int i = 1; i < 2000; ++i)
                 sql += ", c" + std::to_string(i);
             execute(path, sql + ")");
         }},
        {"schema text of ten megabytes", Expect::Rejected,
         [](const std::string &path) {
             execute(path, "CREATE TABLE long(a /*" + std::string(10'000'000, 'x') + "*/)");
         }},
        rewrites("two tables in one place", "module", "CREATE TABLE module",
                 "CREATE TABLE  module"),
        {"chunks in the pages of the captures", Expect::Any,
         [](const std::string &path) {
             execute(path, "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = (SELECT "
                           "rootpage FROM sqlite_schema WHERE name = 'capture') WHERE name = "
                           "'chunk'");
         }},
        {"index in the pages of its table", Expect::Any,
         [](const std::string &path) {
             execute(path, "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = (SELECT "
                           "rootpage FROM sqlite_schema WHERE name = 'chunk') WHERE name = "
                           "'chunk_by_time'");
         }},
        {"table beyond the end of the file", Expect::Any,
         [](const std::string &path) {
             execute(path, "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = "
                           "2147483647 WHERE name = 'chunk'");
         }},
    };
}

// Files that are wrong below SQL, or beside it.
inline std::vector<Hostile> hostileFiles()
{
    const auto header = [](const char *name, std::uint64_t offset, const std::string &bytes,
                           Expect expect = Expect::Rejected) {
        return Hostile{name, expect, [=](const std::string &path) { patch(path, offset, bytes); }};
    };
    const auto beside = [](const std::string &name, bool ours,
                           std::function<void(const std::string &)> make) {
        return Hostile{name, Expect::Any, std::move(make), ours};
    };
    const auto victim = [](const std::string &path) {
        return (std::filesystem::path(path).parent_path() / "victim.txt").string();
    };
    std::vector<Hostile> out = {
        header("another application", 68, "ABCD"),
        header("version that cannot be", 60, bigEndian(0xffffffff, 4)),
        header("page size of zero", 16, bigEndian(0, 2)),
        header("page size that is no power of two", 16, bigEndian(16383, 2)),
        header("page size that is too small", 16, bigEndian(4096, 2)),
        header("more pages than the file has", 28, bigEndian(1'000'000, 4)),
        header("reserved space that fills the page", 20, "\xff", Expect::Any),
        header("UTF-16", 56, bigEndian(2, 4), Expect::Any),
        header("unknown encoding", 56, bigEndian(77, 4), Expect::Any),
        header("schema format of the future", 44, bigEndian(9, 4)),
        header("incremental vacuum that is not there", 52, bigEndian(3, 4), Expect::Any),
        header("write-ahead log that is not there", 18, "\2\2", Expect::Any),
        {"half a file", Expect::Rejected,
         [](const std::string &path) {
             std::filesystem::resize_file(path, contentOf(path).size() / 2);
         }},
        {"b-tree that contains itself", Expect::Any,
         [](const std::string &path) {
             const auto root = rootOf(path, "chunk");
             patch(path, pageOffset(root), "\x05");
             patch(path, pageOffset(root) + 8, bigEndian(static_cast<std::uint64_t>(root), 4));
         }},
        {"b-tree whose branches are all the same", Expect::Any,
         [](const std::string &path) {
             // The root of the index becomes an inner page with 1000 cells that all lead to itself.
             const auto root = rootOf(path, "chunk_by_time");
             std::string page(kPageSize, '\0');
             page.replace(0, 12,
                          "\x02" + bigEndian(0, 2) + bigEndian(1000, 2) + bigEndian(8000, 2) +
                              std::string(1, '\0') +
                              bigEndian(static_cast<std::uint64_t>(root), 4));
             for (std::size_t i = 0; i < 1000; ++i) {
                 const auto at = 8000 + 8 * i;
                 page.replace(12 + 2 * i, 2, bigEndian(at, 2));
                 page.replace(at, 8,
                              bigEndian(static_cast<std::uint64_t>(root), 4) +
                                  std::string("\x03\x02\x08\x09", 4));
             }
             patch(path, pageOffset(root), page);
         }},
        {"row that claims a gigabyte", Expect::Any,
         [](const std::string &path) {
             const auto root = rootOf(path, "capture");
             const auto bytes = contentOf(path);
             const auto at = pageOffset(root);
             const auto cell = at + static_cast<unsigned char>(bytes[at + 8]) * 256u +
                               static_cast<unsigned char>(bytes[at + 9]);
             patch(path, cell, "\x84\x80\x80\x80\x01");
         }},
        {"list of free pages that goes in circles", Expect::Any,
         [](const std::string &path) {
             execute(path, "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(200000)); DROP TABLE "
                           "t");
             const auto bytes = contentOf(path);
             std::uint64_t trunk = 0;
             for (std::size_t i = 32; i < 36; ++i)
                 trunk = trunk << 8 | static_cast<unsigned char>(bytes[i]);
             patch(path, pageOffset(static_cast<std::int64_t>(trunk)), bigEndian(trunk, 4));
         }},
        {"pages full of noise", Expect::Any,
         [](const std::string &path) {
             std::uint64_t random = 1;
             const auto size = contentOf(path).size();
             for (std::uint64_t at = 2 * kPageSize; at + 8 < size; at += 1000) {
                 random = random * 6364136223846793005ull + 1442695040888963407ull;
                 patch(path, at, bigEndian(random, 8));
             }
         }},
        {"empty file", Expect::Rejected, [](const std::string &path) { store(path, {}); }},
        {"header alone", Expect::Rejected,
         [](const std::string &path) { std::filesystem::resize_file(path, 100); }},
        {"directory", Expect::Rejected,
         [](const std::string &path) {
             std::filesystem::remove(path);
             std::filesystem::create_directory(path);
         }},
        {"named pipe", Expect::Rejected,
         [](const std::string &path) {
             std::filesystem::remove(path);
             ::mkfifo(path.c_str(), 0600);
         }},
        {"link to a device", Expect::Rejected,
         [](const std::string &path) {
             std::filesystem::remove(path);
             std::filesystem::create_symlink("/dev/zero", path);
         }},
        beside("log full of noise", false,
               [](const std::string &path) { store(path + "-wal", std::string(100'000, 'w')); }),
        beside("log that is a named pipe", false,
               [](const std::string &path) { ::mkfifo((path + "-wal").c_str(), 0600); }),
        beside("shared memory that is a link", false,
               [victim](const std::string &path) {
                   std::filesystem::create_symlink(victim(path), path + "-shm");
                   store(path + "-wal", std::string(64, 'w'));
               }),
    };
    for (const bool ours : {false, true}) {
        const auto named = [ours](const char *text) {
            return std::string(text) + (ours ? ", of a session of ours" : "");
        };
        out.push_back(beside(named("hot journal with a super-journal"), ours,
                             [victim](const std::string &path) {
                                 store(path + "-journal", journalWithSuper(victim(path)));
                             }));
        out.push_back(
            beside(named("journal that is a link"), ours, [victim](const std::string &path) {
                std::filesystem::create_symlink(victim(path), path + "-journal");
            }));
        // Good frames of another database that replace the first pages.
        out.push_back(beside(named("log of another database"), ours, [](const std::string &path) {
            const auto other = path + ".other";
            sqlite3 *db = nullptr;
            sqlite3_open(other.c_str(), &db);
            sqlite3_exec(db,
                         "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; CREATE VIEW v AS SELECT "
                         "1; CREATE TABLE chunk(a); INSERT INTO chunk VALUES (zeroblob(100000))",
                         nullptr, nullptr, nullptr);
            std::filesystem::copy_file(other + "-wal", path + "-wal");
            sqlite3_close(db);
            for (const auto *end : {"", "-wal", "-shm"})
                std::filesystem::remove(other + end);
        }));
    }
    return out;
}

} // namespace flamewright::test
