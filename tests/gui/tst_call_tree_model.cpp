#include "analysis/callers_tree.h"
#include "app/gui/call_tree_model.h"
#include "tests/views/drawn_profile.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QTest>

using namespace flamewright;

namespace {

// The visible text of a column, fetched rows only, indented by level.
QString dump(const CallTreeModel &model, int column, const QModelIndex &parent = {}, int level = 0)
{
    QString out;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const auto index = model.index(row, 0, parent);
        out += QString(level * 2, QLatin1Char(' ')) + index.data().toString() + QLatin1Char(' ') +
               index.siblingAtColumn(column).data().toString() + QLatin1Char('\n') +
               dump(model, column, index, level + 1);
    }
    return out;
}

void fetchAll(CallTreeModel &model, const QModelIndex &parent = {})
{
    if (model.canFetchMore(parent))
        model.fetchMore(parent);
    for (int row = 0; row < model.rowCount(parent); ++row)
        fetchAll(model, model.index(row, 0, parent));
}

std::shared_ptr<const Profile> shop()
{
    return drawn("main;parse;read 30\nmain;parse;decode 20\nmain;write 40\nmain;write;flush 10\n");
}

std::shared_ptr<const CallTreeRows> bottomUp(const std::shared_ptr<const Profile> &profile)
{
    return callerRows(std::make_shared<const Profile>(invertedProfile(*profile)), nullptr);
}

std::shared_ptr<const CallTreeRows> byModule(const std::shared_ptr<const Profile> &profile,
                                             std::shared_ptr<const SearchResult> search = nullptr)
{
    return groupRows(profile,
                     std::make_shared<const std::vector<FunctionGroup>>(
                         groupFunctions(*profile, GroupBy::Module)),
                     std::move(search));
}

// One caller with a great many callees of which each has one.
std::shared_ptr<const Profile> wide(int count)
{
    DrawnProfile out;
    const auto main = out.child({}, out.frame("main"));
    const auto leaf = out.frame("leaf");
    for (int i = 0; i < count; ++i) {
        const auto callee = out.child(main, out.frame("f" + std::to_string(i)));
        out.addTo(out.child(callee, leaf), 1, 1);
    }
    return out.build();
}

} // namespace

class TestCallTreeModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsTheRulesOfModels()
    {
        const auto profile = shop();
        // A tester for each: it fetches levels inside the reset, which it then takes for a mistake.
        const auto check = [&](TableKind kind, const std::shared_ptr<const CallTreeRows> &rows) {
            CallTreeModel model;
            model.setRows(kind, profile, rows);
            QAbstractItemModelTester tester(&model,
                                            QAbstractItemModelTester::FailureReportingMode::QtTest);
            fetchAll(model);
            for (int column = 0; column < StatColumnCount; ++column) {
                model.sort(column, Qt::AscendingOrder);
                model.sort(column, Qt::DescendingOrder);
            }
            return model.fetchedRows();
        };
        QCOMPARE(check(TableKind::TopDown, treeRows(profile, nullptr)), std::size_t{6});
        QCOMPARE(check(TableKind::BottomUp, bottomUp(profile)), std::size_t{11});
        QCOMPARE(check(TableKind::Modules, byModule(profile)), std::size_t{7});
        QCOMPARE(check(TableKind::Functions, flatRows(profile, nullptr)), std::size_t{6});
        CallTreeModel model;
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        model.setRows(TableKind::TopDown, nullptr, nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void showsCalleesFromTheTop()
    {
        CallTreeModel model;
        const auto profile = shop();
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        QCOMPARE(dump(model, StatTotal), QLatin1String("main 100\n"));
        fetchAll(model);
        QCOMPARE(dump(model, StatTotal),
                 QLatin1String("main 100\n  parse 50\n    read 30\n    decode 20\n"
                               "  write 50\n    flush 10\n"));
        QCOMPARE(dump(model, StatSelfShare),
                 QLatin1String("main 0 %\n  parse 0 %\n    read 30.0 %\n    decode 20.0 %\n"
                               "  write 40.0 %\n    flush 10.0 %\n"));
    }

    void showsCallersFromTheBottom()
    {
        CallTreeModel model;
        const auto profile = shop();
        model.setRows(TableKind::BottomUp, profile, bottomUp(profile));
        fetchAll(model);
        QCOMPARE(dump(model, StatTotal),
                 QLatin1String("write 40\n  main 40\nread 30\n  parse 30\n    main 30\n"
                               "decode 20\n  parse 20\n    main 20\n"
                               "flush 10\n  write 10\n    main 10\n"));
        QCOMPARE(dump(model, StatSelf),
                 QLatin1String("write 40\n  main 0\nread 30\n  parse 0\n    main 0\n"
                               "decode 20\n  parse 0\n    main 0\n"
                               "flush 10\n  write 0\n    main 0\n"));
    }

    void groupsFunctionsByModule()
    {
        CallTreeModel model;
        const auto profile =
            drawn("main;parse;read_[k] 30\nmain;parse;read_[k];copy_[k] 20\nmain 5\n");
        model.setRows(TableKind::Modules, profile, byModule(profile));
        model.sort(StatSelf, Qt::DescendingOrder);
        fetchAll(model);
        QCOMPARE(dump(model, StatTotal),
                 QLatin1String("[kernel.kallsyms] 50\n  read 50\n  copy 20\n"
                               "shop 55\n  main 55\n  parse 50\n"));
        QCOMPARE(model.index(0, StatModule).data().toString(), QLatin1String("2 functions"));
        QCOMPARE(model.functionAt(model.index(0, 0)).raw, 0u);
    }

    void searchKeepsMatchingFunctionsAndTheirGroups()
    {
        CallTreeModel model;
        const auto profile = drawn("main;read_[k] 30\nmain;write_[k] 20\nmain 5\n");
        const auto found =
            std::make_shared<const SearchResult>(*searchProfile(*profile, "/^write$/"));
        model.setRows(TableKind::Modules, profile, byModule(profile, found));
        fetchAll(model);
        // The group's own figures stay those of all its functions.
        QCOMPARE(dump(model, StatTotal), QLatin1String("[kernel.kallsyms] 50\n  write 20\n"));
        model.setRows(TableKind::TopDown, profile, treeRows(profile, found));
        fetchAll(model);
        QCOMPARE(model.fetchedRows(), std::size_t{3});
        const auto main = model.index(0, 0);
        QVERIFY(!main.data(StatMatchRole).toBool());
        QVERIFY(model.index(1, 0, main).data(StatMatchRole).toBool());
        model.setRows(TableKind::Functions, profile, flatRows(profile, found));
        QCOMPARE(model.rowCount(), 1);
    }

    void makesRowsOnlyOfLevelsThatWereAskedFor()
    {
        CallTreeModel model;
        const auto profile = wide(200'000); // 400,001 nodes
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        QCOMPARE(model.fetchedRows(), std::size_t{1});
        QVERIFY(model.hasChildren(model.index(0, 0)));
        QCOMPARE(model.rowCount(model.index(0, 0)), 0);
        model.fetchMore(model.index(0, 0));
        QCOMPARE(model.fetchedRows(), std::size_t{200'001});
        const auto some = model.index(777, 0, model.index(0, 0));
        QVERIFY(model.canFetchMore(some));
        model.fetchMore(some);
        QCOMPARE(model.fetchedRows(), std::size_t{200'002});
    }

    void sortsEachLevelAndKeepsPersistentRows()
    {
        CallTreeModel model;
        const auto profile = shop();
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        fetchAll(model);
        const auto main = model.index(0, 0);
        const QPersistentModelIndex read = model.index(0, 0, model.index(0, 0, main));
        QCOMPARE(read.data().toString(), QLatin1String("read"));
        model.sort(StatName, Qt::AscendingOrder);
        QCOMPARE(dump(model, StatTotal),
                 QLatin1String("main 100\n  parse 50\n    decode 20\n    read 30\n"
                               "  write 50\n    flush 10\n"));
        QCOMPARE(read.data().toString(), QLatin1String("read"));
        QCOMPARE(read.row(), 1);
        model.sort(StatSelf, Qt::DescendingOrder);
        QCOMPARE(dump(model, StatSelf), QLatin1String("main 0\n  write 40\n    flush 10\n"
                                                      "  parse 0\n    read 30\n    decode 20\n"));
    }

    void marksWhereLevelsAreLeftOut()
    {
        std::string stack = "f0";
        for (int i = 1; i < kMaxTreeLevels + 100; ++i)
            stack += ";f" + std::to_string(i);
        const auto profile = drawn(stack + " 3\n");
        CallTreeModel model;
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        QModelIndex at = model.index(0, 0);
        int levels = 1;
        while (model.hasChildren(at)) {
            model.fetchMore(at);
            at = model.index(0, 0, at);
            ++levels;
        }
        QCOMPARE(levels, kMaxTreeLevels);
        QCOMPARE(at.data().toString(),
                 QStringLiteral("f%1 (100 more below, not listed)").arg(kMaxTreeLevels - 1));
    }

    void findsRowsByPathAndByFunction()
    {
        CallTreeModel model;
        const auto profile = shop();
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        const std::uint32_t path[] = {1, 2, 3}; // main, parse, read
        QCOMPARE(model.find(path).data().toString(), QLatin1String("read"));
        QCOMPARE(model.fetchedRows(), std::size_t{5}); // main; parse, write; read, decode
        const std::uint32_t wrong[] = {1, 5, 99};
        QCOMPARE(model.find(wrong).data().toString(), QLatin1String("write"));
        model.setRows(TableKind::Modules, profile, byModule(profile));
        const auto flush = profile->tree.function[6];
        QCOMPARE(model.find(flush).data().toString(), QLatin1String("flush"));
        QVERIFY(model.find(flush).parent().isValid());
    }

    void copiesRowsForASpreadsheet()
    {
        CallTreeModel model;
        const auto profile = drawn("main;=cmd() 3\nmain 1\n", Unit::Nanoseconds, 1'500'000);
        model.setRows(TableKind::TopDown, profile, treeRows(profile, nullptr));
        fetchAll(model);
        const auto main = model.index(0, 0);
        QCOMPARE(model.toTsv({main, main.siblingAtColumn(1), model.index(0, 0, main)}),
                 QLatin1String("Function and what it calls\tModule\tSelf (nanoseconds)\tSelf %\t"
                               "Total (nanoseconds)\tTotal %\tSamples\n"
                               "main\t/usr/bin/shop\t1500000\t25.0000\t6000000\t100.0000\t4\n"
                               "'=cmd()\t/usr/bin/shop\t4500000\t75.0000\t4500000\t75.0000\t3"));
    }
};

QTEST_MAIN(TestCallTreeModel)
#include "tst_call_tree_model.moc"
