#include "app/gui/sql_result_model.h"
#include "app/gui/sql_sort.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <deque>

using namespace flamewright;

namespace {

// Keeps work until a test lets it run.
class HeldRunner final : public JobRunner {
public:
    std::size_t waiting() const { return m_queue.size(); }
    void runAll()
    {
        while (!m_queue.empty()) {
            const auto run = std::move(m_queue.front());
            m_queue.pop_front();
            run();
        }
    }

protected:
    void enqueue(std::string, std::function<void()> run) override
    {
        m_queue.push_back(std::move(run));
    }

private:
    std::deque<std::function<void()>> m_queue;
};

std::shared_ptr<SqlAnswer> answerOf(const std::vector<SqlValue> &values)
{
    auto answer = std::make_shared<SqlAnswer>();
    answer->columns = {"value", "place"};
    answer->numeric = {0, 1};
    for (const auto &value : values)
        answer->rows.push_back({value, static_cast<std::int64_t>(answer->rows.size())});
    answer->rowCount = answer->rows.size();
    return answer;
}

std::vector<std::uint32_t> sorted(const SqlAnswer &answer, int column, Qt::SortOrder order)
{
    JobContext job;
    auto rows = sortedRows(answer, column, order, job);
    return rows.has_value() ? *std::move(rows) : std::vector<std::uint32_t>{};
}

using Rows = std::vector<std::uint32_t>;

} // namespace

class TestSqlSort : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void putsNothingBeforeNumbersBeforeText()
    {
        const auto answer = answerOf({"b", std::int64_t{10}, std::monostate{}, 9.5, "B", "",
                                      std::int64_t{-3}, std::monostate{}, "ba"});
        QCOMPARE(sorted(*answer, 0, Qt::AscendingOrder), (Rows{2, 7, 6, 3, 1, 5, 4, 0, 8}));
        QCOMPARE(sorted(*answer, 0, Qt::DescendingOrder), (Rows{8, 0, 4, 5, 1, 3, 6, 2, 7}));
        QCOMPARE(sorted(*answer, -1, Qt::AscendingOrder), (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8}));
    }

    void tellsLargeIntegersApart()
    {
        // As doubles these are one number.
        const auto answer =
            answerOf({std::int64_t{9007199254740993}, 9007199254740992.0, INT64_MAX, INT64_MIN});
        QCOMPARE(sorted(*answer, 0, Qt::AscendingOrder), (Rows{3, 1, 0, 2}));
    }

    void equalRowsStayAsAnswered_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 4096, 4097, 8192, 30000})
            QTest::addRow("%d", size) << size;
    }
    void equalRowsStayAsAnswered()
    {
        QFETCH(const int, size);
        std::vector<SqlValue> values;
        for (int i = 0; i < size; ++i)
            values.emplace_back(std::int64_t{(i * 7919LL) % 13});
        const auto answer = answerOf(values);
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            const auto rows = sorted(*answer, 0, order);
            QCOMPARE(rows.size(), values.size());
            for (std::size_t i = 1; i < rows.size(); ++i) {
                const auto a = std::get<std::int64_t>(values[rows[i - 1]]);
                const auto b = std::get<std::int64_t>(values[rows[i]]);
                QVERIFY(a == b ? rows[i - 1] < rows[i] : (a < b) == (order == Qt::AscendingOrder));
            }
        }
    }

    void stopsWhenNobodyWantsItAnyMore()
    {
        const auto answer = answerOf({"b", "a"});
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        const auto rows = sortedRows(*answer, 0, Qt::AscendingOrder, job);
        QVERIFY(!rows.has_value());
        QCOMPARE(rows.error().code(), Errc::Cancelled);
    }

    void theModelOnlyAsksAndShowsTheOldOrderMeanwhile()
    {
        HeldRunner runner;
        SqlResultModel model(runner);
        QAbstractItemModelTester tester(&model);
        model.setAnswer(answerOf({"c", "a", "b"}));
        const QPersistentModelIndex c = model.index(0, 0);
        QSignalSpy ended(&model, &SqlResultModel::sortingEnded);

        model.sort(0, Qt::AscendingOrder);
        QVERIFY(model.sorting());
        QCOMPARE(runner.waiting(), std::size_t{1});
        QCoreApplication::processEvents();
        QCOMPARE(model.index(0, 0).data().toString(), QString("c"));
        QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QString("value"));

        // Only the newest wish counts.
        model.sort(0, Qt::DescendingOrder);
        runner.runAll();
        QCOMPARE(model.index(1, 0).data().toString(), QString("a")); // still as it was
        QCoreApplication::processEvents();
        QVERIFY(!model.sorting());
        QCOMPARE(ended.count(), 1);
        QCOMPARE(model.index(0, 0).data().toString(), QString("c"));
        QCOMPARE(model.index(1, 0).data().toString(), QString("b"));
        QVERIFY(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString() !=
                QString("value"));
        model.sort(0, Qt::AscendingOrder);
        runner.runAll();
        QCoreApplication::processEvents();
        QCOMPARE(c.row(), 2);
    }

    void anOrderOfAnOldAnswerIsNeverUsed()
    {
        HeldRunner runner;
        SqlResultModel model(runner);
        model.setAnswer(answerOf({"c", "a", "b"}));
        model.sort(0, Qt::AscendingOrder);
        model.setAnswer(answerOf({"z"}));
        runner.runAll();
        QCoreApplication::processEvents();
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, 0).data().toString(), QString("z"));
    }
};

QTEST_MAIN(TestSqlSort)
#include "tst_sql_sort.moc"
