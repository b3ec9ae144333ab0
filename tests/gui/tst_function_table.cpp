#include "app/gui/function_table_model.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QTest>

using namespace flamewright;

namespace {

std::shared_ptr<const Profile> drawn(int functions)
{
    auto profile = std::make_shared<Profile>();
    profile->measure = "samples";
    profile->functions.resize(static_cast<std::size_t>(functions) + 1);
    for (int i = 1; i <= functions; ++i) {
        auto &f = profile->functions[static_cast<std::size_t>(i)];
        f.name = "function" + std::to_string(i * 7919 % 100003);
        f.module = i % 3 == 0 ? "/usr/lib/libc.so.6" : "/usr/bin/shop";
        profile->table.push_back({.function = FunctionId{static_cast<std::uint32_t>(i)},
                                  .self = functions - i,
                                  .total = functions - i + (i * 31 % 17),
                                  .selfSamples = functions - i,
                                  .totalSamples = functions - i + 1});
        profile->total += functions - i;
    }
    profile->samples = profile->total;
    return profile;
}

} // namespace

class TestFunctionTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsTheRulesOfModels()
    {
        FunctionTableModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setProfile(drawn(200));
        for (int column = 0; column < FunctionTableModel::ColumnCount; ++column) {
            model.sort(column, Qt::AscendingOrder);
            model.sort(column, Qt::DescendingOrder);
        }
        auto found = std::make_shared<SearchResult>();
        found->functions.assign(201, 0);
        found->functions[5] = found->functions[17] = 1;
        model.setSearch(found);
        QCOMPARE(model.rowCount(), 2);
        model.setSearch(nullptr);
        QCOMPARE(model.rowCount(), 200);
        model.setProfile(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void keepsPersistentRowsOverSorting()
    {
        FunctionTableModel model;
        model.setProfile(drawn(50));
        const QPersistentModelIndex kept = model.index(10, FunctionTableModel::Function);
        const auto name = kept.data().toString();
        model.sort(FunctionTableModel::Function, Qt::AscendingOrder);
        QCOMPARE(kept.data().toString(), name);
        QCOMPARE(model.rowOf(model.functionAt(kept.row())), kept.row());
    }

    void sortsAHundredThousandRows()
    {
        FunctionTableModel model;
        model.setProfile(drawn(100000));
        model.sort(FunctionTableModel::Function, Qt::AscendingOrder);
        for (int row = 1; row < model.rowCount(); ++row)
            QVERIFY(model.profile()->functions[model.functionAt(row - 1).raw].name <=
                    model.profile()->functions[model.functionAt(row).raw].name);
        model.sort(FunctionTableModel::Total, Qt::DescendingOrder);
        QVERIFY(model.index(0, FunctionTableModel::TotalShare)
                    .data(FunctionTableModel::BarRole)
                    .toDouble() > 0);
    }

    void showsTheFileNameOfAModuleAndItsPathInTheTooltip()
    {
        FunctionTableModel model;
        model.setProfile(drawn(9));
        const auto module = model.index(2, FunctionTableModel::Module);
        QCOMPARE(module.data().toString(), QString("libc.so.6"));
        QCOMPARE(module.data(Qt::ToolTipRole).toString(), QString("<qt>/usr/lib/libc.so.6</qt>"));
    }
};

QTEST_MAIN(TestFunctionTable)
#include "tst_function_table.moc"
