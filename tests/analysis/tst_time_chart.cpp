#include "analysis/time_chart.h"
#include "tests/analysis/drawn_stacks.h"

#include <QTest>

#include <map>
#include <random>

using namespace flamewright;

namespace {

// The node of a path of names.
std::uint32_t nodeAt(const Profile &profile, const QString &path)
{
    std::uint32_t at = 0;
    for (const auto &name : path.split(u';')) {
        for (auto child = at + 1; child < profile.tree.subtreeEnd[at];
             child = profile.tree.subtreeEnd[child]) {
            if (profile.at(child).name == name.toStdString()) {
                at = child;
                break;
            }
        }
    }
    return at;
}

// "row begin-end name", a line a node.
QStringList boxes(const Profile &chart)
{
    QStringList out;
    for (std::uint32_t node = 1; node < chart.tree.size(); ++node) {
        out << QStringLiteral("%1 %2-%3 %4")
                   .arg(chart.tree.depth[node])
                   .arg(chart.tree.begin[node])
                   .arg(chart.tree.begin[node] + chart.tree.total[node])
                   .arg(QString::fromStdString(chart.at(node).name));
    }
    return out;
}

} // namespace

class TestTimeChart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void neighbouringSamplesShareTheirFramesAndGapsStayGaps()
    {
        const auto profile = Drawn(QStringList{"main;a 1", "main;b 1", "idle 1"}).profile();
        SampleSeries series;
        series.lanes = {"one 1", "two 2"};
        series.beginNs = 100;
        series.endNs = 200;
        series.periodNs = 10;
        const auto a = nodeAt(profile, "main;a"), b = nodeAt(profile, "main;b"),
                   idle = nodeAt(profile, "idle");
        // Lane 0: a at 100 and 110, b at 120, nothing, b again at 160. Lane 1: idle at 195.
        series.samples = {{100, 0, a}, {110, 0, a}, {120, 0, b}, {160, 0, b}, {195, 1, idle}};
        const auto chart = chartProfile(profile, series);
        QCOMPARE(boxes(chart),
                 QStringList({"1 0-100 one 1", "2 0-30 main", "3 0-20 a", "3 20-30 b",
                              "2 60-70 main", "3 60-70 b", "4 0-100 two 2", "5 95-100 idle"}));
        QCOMPARE(chart.total, 100);
        QCOMPARE(chart.samples, 5);
        QCOMPARE(chart.unit, Unit::Nanoseconds);
        QCOMPARE(chart.tree.selfSamples[3], 2); // a
        QCOMPARE(chart.tree.totalSamples[2], 3);
        QCOMPARE(chart.tree.self[2], 0);
        QCOMPARE(chart.tree.self[3], 20);
    }

    void noBoxLeavesItsCallerNorMeetsItsNeighbour()
    {
        std::mt19937 random(3);
        for (int round = 0; round < 200; ++round) {
            QStringList lines;
            for (auto i = 1 + random() % 8; i > 0; --i) {
                QStringList frames;
                for (auto depth = 1 + random() % 5; depth > 0; --depth)
                    frames << QStringLiteral("f%1").arg(random() % 4);
                lines << frames.join(u';') + " 1";
            }
            const auto profile = Drawn(lines).profile();
            SampleSeries series;
            series.lanes = {"x", "y", "z"};
            series.endNs = 1000;
            for (std::uint32_t lane = 0; lane < 3; ++lane) {
                auto time = static_cast<std::int64_t>(random() % 40);
                while (time < 1000) {
                    series.samples.push_back(
                        {time, lane, static_cast<std::uint32_t>(random() % profile.tree.size())});
                    time += random() % 5 == 0 ? 60 : static_cast<std::int64_t>(random() % 15);
                }
            }
            series.periodNs = usualPeriod(series.samples);
            const auto chart = chartProfile(profile, series);
            const auto &tree = chart.tree;
            QCOMPARE(chart.samples, static_cast<std::int64_t>(series.samples.size()));
            std::map<std::uint32_t, std::int64_t> filled; // by row
            for (std::uint32_t node = 1; node < tree.size(); ++node) {
                const auto parent = tree.parent[node];
                const auto end = tree.begin[node] + tree.total[node];
                QVERIFY(tree.begin[node] >= tree.begin[parent]);
                QVERIFY(end <= tree.begin[parent] + tree.total[parent]);
                QVERIFY(tree.begin[node] >= filled[tree.depth[node]]);
                QVERIFY(tree.self[node] <= tree.total[node]);
                filled[tree.depth[node]] = end;
            }
        }
    }

    void usualPeriodIsTheMedianWithinLanes()
    {
        const std::vector<TimedSample> samples{{0, 0, 0},  {10, 0, 0}, {20, 0, 0},
                                               {90, 0, 0}, {0, 1, 0},  {10, 1, 0}};
        QCOMPARE(usualPeriod(samples), 10);
        QCOMPARE(usualPeriod({}), 0);
    }
};

QTEST_APPLESS_MAIN(TestTimeChart)
#include "tst_time_chart.moc"
