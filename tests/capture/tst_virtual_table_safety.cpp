#include "capture/session/virtual_tables.h"
#include "tests/capture/virtual_table_profiles.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

// What the virtual tables refuse, and how they behave among connections, files and authorizers.
class TestVirtualTableSafety : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesFilesThatAreNoSessions_data()
    {
        QTest::addColumn<QString>("damage");
        QTest::addColumn<QString>("words");
        QTest::newRow("application") << "PRAGMA application_id = 1"
                                     << "another program";
        QTest::newRow("reader") << "UPDATE format SET min_reader = 2"
                                << "newer version";
        QTest::newRow("feature") << "INSERT INTO feature VALUES ('x', 'incompat')"
                                 << "newer version";
        QTest::newRow("uuid") << "UPDATE session SET uuid = x'00'"
                              << "identity";
        QTest::newRow("no session") << "DELETE FROM session"
                                    << "identity";
        QTest::newRow("view") << "DROP TABLE chunk; CREATE VIEW chunk AS SELECT 1"
                              << "its tables";
        QTest::newRow("no chunks") << "DROP TABLE chunk"
                                   << "its tables";
    }
    void refusesFilesThatAreNoSessions()
    {
        QFETCH(QString, damage);
        QFETCH(QString, words);
        RawSession session;
        QVERIFY(session.run(damage.toStdString()));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        const auto answer = QString::fromStdString(session.askOne("SELECT count(*) FROM sample"));
        QVERIFY2(answer.startsWith("error: ") && answer.contains(words), qPrintable(answer));
    }

    // A newer program may have added what an older reader need not know.
    void readsNewerFilesThatAllowIt()
    {
        RawSession session;
        session.addCapture(1);
        QVERIFY(session.run("PRAGMA user_version = 9; CREATE TABLE more(x);"
                            "INSERT INTO feature VALUES ('x', 'compat'), ('y', 'ro_compat')"));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(session.askOne("SELECT count(*) FROM sample"), std::string("0"));
    }

    // Nothing in the file's own schema may use our modules and functions.
    void isOutOfReachOfTheSchema()
    {
        RawSession session;
        session.addCapture(1);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QVERIFY(session.run("CREATE VIEW v AS SELECT count(*) FROM sample"));
        QVERIFY(session.run("CREATE VIEW w AS SELECT flamewright_chunks_read()"));
        for (const auto *query : {"SELECT * FROM v", "SELECT * FROM w"}) {
            const auto answer = QString::fromStdString(session.askOne(query));
            QVERIFY2(answer.contains("unsafe use of"), qPrintable(answer));
        }
        QVERIFY(!session.run("CREATE VIRTUAL TABLE s USING sample"));
        QVERIFY(!session.run("INSERT INTO sample(value) VALUES (1)"));
        QVERIFY2(session.lastError.find("may not be modified") != std::string::npos,
                 session.lastError.c_str());
    }

    void worksInADefensiveConnection()
    {
        RawSession session;
        MemoryStore store;
        writeProfile(store, 8, 500, 100);
        session.addCapture(1);
        session.addAll(1, store);
        for (const auto option : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_TRUSTED_SCHEMA,
                                  SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_ENABLE_TRIGGER,
                                  SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL})
            sqlite3_db_config(session.db(), option, option == SQLITE_DBCONFIG_DEFENSIVE ? 1 : 0,
                              nullptr);
        sqlite3_limit(session.db(), SQLITE_LIMIT_COMPOUND_SELECT, 4);
        sqlite3_limit(session.db(), SQLITE_LIMIT_EXPR_DEPTH, 32);
        sqlite3_limit(session.db(), SQLITE_LIMIT_VDBE_OP, 25'000);
        QVERIFY(session.run("PRAGMA query_only = ON"));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(session.askOne("SELECT count(*) FROM sample JOIN stack ON stack.capture = "
                                "sample.capture AND stack.id = sample.stack WHERE stack.id = 1"),
                 session.askOne("SELECT count(*) FROM sample WHERE stack = 1"));
    }

    // What somebody typed may read and call functions, nothing else; the tables' own statements
    // run under the same rule.
    void worksUnderAnAuthorizer()
    {
        RawSession session;
        MemoryStore store;
        writeProfile(store, 10, 500, 100);
        session.addCapture(1);
        session.addAll(1, store);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        sqlite3_set_authorizer(
            session.db(),
            [](void *, int action, const char *, const char *, const char *, const char *) {
                return action == SQLITE_SELECT || action == SQLITE_READ ||
                               action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE
                           ? SQLITE_OK
                           : SQLITE_DENY;
            },
            nullptr);
        QCOMPARE(session.askOne("SELECT count(*) FROM sample WHERE capture = 1"),
                 std::string("500"));
        QCOMPARE(session.askOne("SELECT count(*) FROM frame WHERE function IS NOT NULL AND id < 3"),
                 std::string("2"));
    }

    // What another statement changed is seen by the next one, cached pages or not.
    void noticesThatTheFileChanged()
    {
        RawSession session;
        session.addCapture(1);
        StringColumns page;
        page.text = "before";
        page.end = {6};
        session.addChunk(1, encodeChunk(page, 1));
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(session.askOne("SELECT text FROM string"), std::string("before"));
        QVERIFY(session.run("DELETE FROM chunk"));
        page.text = "after!";
        session.addChunk(1, encodeChunk(page, 1));
        QCOMPARE(session.askOne("SELECT text FROM string"), std::string("after!"));
    }

    void stopsWhenInterrupted()
    {
        RawSession session;
        MemoryStore store;
        writeProfile(store, 9, 5000, 50);
        session.addCapture(1);
        session.addAll(1, store);
        QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
        QCOMPARE(session.askOne("SELECT count(*) FROM sample"), std::string("5000"));
        int calls = 0;
        sqlite3_progress_handler(
            session.db(), 100, [](void *p) { return ++*static_cast<int *>(p) > 20 ? 1 : 0; },
            &calls);
        const auto answer = session.askOne("SELECT count(*) FROM sample");
        QCOMPARE(answer, std::string("error: interrupted"));
    }

    void closesCleanlyAndKeepsNoLock()
    {
        sqlite3 *db = nullptr;
        {
            RawSession session;
            session.addCapture(1);
            QVERIFY(registerSessionTables(session.db(), std::make_shared<ReadStats>()).has_value());
            QCOMPARE(session.askOne("SELECT count(*) FROM sample"), std::string("0"));
            db = session.db();
            QVERIFY(sqlite3_txn_state(db, "main") == SQLITE_TXN_NONE);
            // No statement of ours keeps the connection from closing.
            sqlite3 *other = nullptr;
            QCOMPARE(sqlite3_open(":memory:", &other), SQLITE_OK);
            QVERIFY(registerSessionTables(other, std::make_shared<ReadStats>()).has_value());
            QCOMPARE(sqlite3_close(other), SQLITE_OK);
        }
        sqlite3 *empty = nullptr;
        QCOMPARE(sqlite3_open(":memory:", &empty), SQLITE_OK);
        QVERIFY(registerSessionTables(empty, std::make_shared<ReadStats>()).has_value());
        QVERIFY(sqlite3_exec(empty, "SELECT * FROM sample", nullptr, nullptr, nullptr) !=
                SQLITE_OK);
        QCOMPARE(sqlite3_close(empty), SQLITE_OK);
    }
};

QTEST_GUILESS_MAIN(TestVirtualTableSafety)
#include "tst_virtual_table_safety.moc"
