#include "app/gui/action_registry.h"
#include "app/gui/load_controls.h"
#include "app/gui/plot_pane.h"
#include "app/gui/requests_pane.h"
#include "app/gui/scope_bar.h"
#include "app/gui/view_area.h"
#include "app/gui/view_export.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/plot_widget.h"

#include <QAction>
#include <QFileDialog>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QXmlStreamReader>

#include <algorithm>
#include <map>

using namespace flamewright;

namespace {

QString fixture(const char *name)
{
    return QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/shop-load/") + QLatin1String(name);
}

// The rows of a JTL file as a script would read them: no quotes but around the label.
struct Row {
    qint64 ms = 0, elapsed = 0;
    QString label;
    bool ok = true;
};
std::vector<Row> rowsOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no fixture");
    std::vector<Row> out;
    const auto lines = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const auto &line = lines[i];
        const bool quoted = line.contains('"');
        const auto label =
            quoted ? QStringLiteral("missing product, \"404\"") : line.section(',', 2, 2);
        out.push_back({line.section(',', 0, 0).toLongLong(), line.section(',', 1, 1).toLongLong(),
                       label, line.contains(QLatin1String(",true,"))});
    }
    return out;
}
// Nearest rank of the successes among rows, in milliseconds.
qint64 percentile(std::vector<qint64> values, qint64 perMyriad)
{
    std::sort(values.begin(), values.end());
    const auto n = static_cast<qint64>(values.size());
    return values[static_cast<std::size_t>((perMyriad * n + 9999) / 10000 - 1)];
}

struct Opened {
    GuiFixture gui;
    MainWindow *window = nullptr;

    explicit Opened(const QStringList &paths) { open(paths); }
    explicit Opened(const QByteArray &jtl) { open({gui.write("made.jtl", jtl)}); }
    void open(const QStringList &paths)
    {
        window = gui.open(paths);
        if (!wait(static_cast<std::size_t>(paths.size())))
            qFatal("the load test did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
    }
    bool wait(std::size_t captures = 0) const
    {
        return QTest::qWaitFor(
            [=, this] {
                return window->document().captures().size() >= captures &&
                       window->load().answer() && window->isSettled();
            },
            kGuiWait);
    }
    RequestsPane *requests() const { return window->views()->find<RequestsPane>(); }
    PlotPane *show(const char *view) const
    {
        auto *pane = qobject_cast<PlotPane *>(window->views()->show(QLatin1String(view)));
        if (!pane || !wait())
            qFatal("no such view");
        return pane;
    }
    int rowNamed(const QString &name) const
    {
        auto &model = requests()->model();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row, 0).data().toString() == name)
                return row;
        }
        return -1;
    }
    // A line of what is copied of the table: by title.
    std::map<QString, QString> copied(const QString &name) const
    {
        const auto lines = requests()->data()().split('\n', Qt::SkipEmptyParts);
        const auto titles = lines[0].split('\t');
        std::map<QString, QString> out;
        for (const auto &line : lines) {
            const auto cells = line.split('\t');
            if (cells[0] != name)
                continue;
            for (qsizetype i = 0; i < titles.size(); ++i)
                out[titles[i]] = cells[i];
        }
        return out;
    }
    void run(const char *id) const { window->actions().action(QLatin1String(id))->trigger(); }
    void brush(PlotPane *pane, double fromSeconds, double toSeconds) const
    {
        auto *plot = pane->plot();
        const auto area = plot->view().plotArea(plot->viewport());
        const auto at = [&](double seconds) {
            return QPoint(qRound(plot->view().xOfTime(plot->viewport(), seconds * 1e9)),
                          qRound(area.y + area.height / 5));
        };
        QTest::mousePress(plot, Qt::LeftButton, {}, at(fromSeconds));
        QTest::mouseMove(plot, at((fromSeconds + toSeconds) / 2));
        QTest::mouseMove(plot, at(toSeconds));
        QTest::mouseRelease(plot, Qt::LeftButton, {}, at(toSeconds));
    }
};

// Six seconds, a request every 10 ms; between 2 s and 2.5 s the answers take 400 ms.
QByteArray withSpike()
{
    QByteArray out = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success\n";
    for (int i = 0; i < 600; ++i) {
        const bool spike = i >= 200 && i < 250;
        out += QByteArray::number(qint64{1'700'000'000'000} + i * 10) + ',' +
               QByteArray::number(spike ? 400 + i % 7 : 10 + i % 5) + ',' +
               (i % 2 == 0 ? "/cart" : "/pay") + ",200,OK,one 1-" + QByteArray::number(i % 8) +
               ",true\n";
    }
    return out;
}

} // namespace

// A person with two load tests: before and after.
class TestLoadJourney : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tableHasTheFiguresOfTheRows_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("before") << "before.jtl";
        QTest::newRow("after") << "after.jtl";
    }
    void tableHasTheFiguresOfTheRows()
    {
        QFETCH(QString, file);
        const auto path = fixture(file.toUtf8().constData());
        Opened o(QStringList{path});
        std::map<QString, std::vector<qint64>> successes;
        std::map<QString, int> counts, errors;
        for (const auto &row : rowsOf(path)) {
            ++counts[row.label];
            if (row.ok)
                successes[row.label].push_back(row.elapsed);
            else
                ++errors[row.label];
        }
        QCOMPARE(o.requests()->model().rowCount(), static_cast<int>(counts.size()) + 1);
        for (const auto &[label, count] : counts) {
            const auto row = o.copied(label);
            QVERIFY2(!row.empty(), qPrintable(label));
            QCOMPARE(row.at("requests"), QString::number(count));
            QCOMPARE(row.at("errors"), QString::number(errors[label]));
            for (const auto &[title, perMyriad] : std::map<QString, qint64>{{"p50_ns", 5000},
                                                                            {"p90_ns", 9000},
                                                                            {"p95_ns", 9500},
                                                                            {"p99_ns", 9900},
                                                                            {"p99.9_ns", 9990},
                                                                            {"max_ns", 10000}}) {
                const auto &values = successes[label];
                const auto expected =
                    values.empty() ? QString()
                                   : QString::number(percentile(values, perMyriad) * 1'000'000);
                QVERIFY2(row.at(title) == expected, qPrintable(label + ' ' + title));
            }
        }
    }

    void aBrushedSpikeIsReadInTheTable()
    {
        Opened o(withSpike());
        auto *pane = o.show("over-time");
        o.brush(pane, 2.0, 2.5);
        QVERIFY(o.wait());
        const auto spans =
            onAxis(*o.window->load().answer()->base, o.window->scope().scope().times);
        QCOMPARE(spans.size(), 1u);
        QVERIFY(std::abs(spans[0].beginNs - 2'000'000'000) < 30'000'000);
        QVERIFY(std::abs(spans[0].endNs - 2'500'000'000) < 30'000'000);
        // The same from the rows.
        std::vector<qint64> brushed;
        for (int i = 0; i < 600; ++i) {
            const auto ns = qint64{i} * 10'000'000;
            if (ns >= spans[0].beginNs && ns < spans[0].endNs)
                brushed.push_back(i >= 200 && i < 250 ? 400 + i % 7 : 10 + i % 5);
        }
        const auto all = o.copied("*");
        QCOMPARE(all.at("requests"), QString::number(static_cast<int>(brushed.size())));
        QCOMPARE(all.at("p50_ns"), QString::number(percentile(brushed, 5000) * 1'000'000));
        QCOMPARE(all.at("p90_ns"), QString::number(percentile(brushed, 9000) * 1'000'000));
        QVERIFY(percentile(brushed, 5000) >= 400);
        // The plot shows all of the time still, and what is chosen.
        QCOMPARE(pane->plot()->view().ranges().size(), 1u);
        QCOMPARE(o.window->load().answer()->all->size(), 600u);

        QTest::keyClick(o.window, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(o.wait());
        QCOMPARE(o.copied("*").at("requests"), QString("600"));
        QVERIFY(pane->plot()->view().ranges().empty());
        QTest::keyClick(o.window, Qt::Key_Right, Qt::AltModifier);
        QVERIFY(o.wait());
        pane->plot()->setFocus();
        QTest::keyClick(pane->plot(), Qt::Key_Escape);
        QVERIFY(o.wait());
        QVERIFY(o.window->scope().scope().times.empty());
    }

    void groupingFailuresAndEndpointsAreSwitched()
    {
        Opened o(QStringList{fixture("before.jtl")});
        // Failures of 404 come fast: with them the median is another one.
        const auto apart = o.copied("*").at("p50_ns");
        auto *failures = o.requests()->controls()->failuresButton();
        QTest::mouseClick(failures, Qt::LeftButton);
        QVERIFY(o.wait());
        std::vector<qint64> everything;
        for (const auto &row : rowsOf(fixture("before.jtl")))
            everything.push_back(row.elapsed);
        QCOMPARE(o.copied("*").at("p50_ns"),
                 QString::number(percentile(everything, 5000) * 1'000'000));
        QVERIFY(apart != o.copied("*").at("p50_ns"));
        QTest::mouseClick(failures, Qt::LeftButton);
        QVERIFY(o.wait());
        QCOMPARE(o.copied("*").at("p50_ns"), apart);

        // By status, from the menu of the header.
        QTest::mouseClick(o.requests()->controls()->groupButton(), Qt::LeftButton);
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        for (auto *action : menu->actions()) {
            if (action->text() == "Status")
                action->trigger();
        }
        menu->close();
        QVERIFY(o.wait());
        QCOMPARE(o.copied("404").at("requests"), QString("504"));
        QCOMPARE(o.copied("200").at("requests"), QString("1024"));
        o.run("load.by.endpoint");
        QVERIFY(o.wait());

        // An endpoint is the scope: curves are of it alone.
        auto *view = o.requests()->view();
        const auto index = o.requests()->model().index(o.rowNamed("search"), 1);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().answer()->shown->size(), 512u);
        const auto curve = o.show("percentiles")->data()();
        QVERIFY2(curve.count('\n') > 20, qPrintable(curve.left(200)));
        QTest::keyClick(o.window, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().answer()->shown->size(), 1528u);
    }

    void beforeAndAfterAreShownTogether()
    {
        Opened o(QStringList{fixture("before.jtl"), fixture("after.jtl")});
        QVERIFY(o.wait(2));
        o.run("load.together");
        QVERIFY(o.wait());
        QCOMPARE(o.window->scope().scope().captures.size(), 2u);
        QCOMPARE(o.copied("before.jtl").at("requests"), QString("1528"));
        QCOMPARE(o.copied("after.jtl").at("requests"), QString("1500"));
        auto *pane = o.show("percentiles");
        const auto names = pane->plot()->view().groupNames();
        QCOMPARE(names.size(), 2u);
        QVERIFY(std::find(names.begin(), names.end(), "after.jtl") != names.end());
        // A brush is on both clocks.
        o.brush(o.show("over-time"), 0.2, 0.6);
        QVERIFY(o.wait());
        QVERIFY(!o.window->scope().scope().times.empty());
        QVERIFY(o.copied("before.jtl").at("requests").toInt() > 0);
        QVERIFY(o.copied("after.jtl").at("requests").toInt() > 0);
        QVERIFY(o.copied("after.jtl").at("requests").toInt() < 1500);
    }

    void figuresAreExported()
    {
        Opened o(QStringList{fixture("before.jtl")});
        for (const auto *view : {"over-time", "percentiles", "heatmap-latency", "histogram"}) {
            auto *pane = o.show(view);
            const auto picture = pane->picture(Theme::Light);
            QVERIFY2(picture, view);
            const auto name = QString::fromLatin1(view);
            const auto svg = o.gui.directory.filePath(name + ".svg");
            const auto png = o.gui.directory.filePath(name + ".png");
            for (const auto &path : {svg, png}) {
                o.window->exporter().write(*picture, path, 1);
                QVERIFY(QTest::qWaitFor([&] { return !o.window->exporter().busy(); }, kGuiWait));
            }
            QFile file(svg);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QXmlStreamReader xml(&file);
            QStringList texts;
            while (!xml.atEnd()) {
                if (xml.readNext() == QXmlStreamReader::StartElement &&
                    xml.name() == QLatin1String("text"))
                    texts << xml.readElementText(QXmlStreamReader::IncludeChildElements);
            }
            QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
            QVERIFY2(texts.filter("before.jtl").size() == 1, qPrintable(texts.join('\n')));
            QVERIFY2(!texts.filter("1,528 requests").isEmpty(), qPrintable(texts.join('\n')));
            QVERIFY2(!texts.filter(QRegularExpression(" m?s$")).isEmpty(), view); // units
            const QImage image(png);
            QCOMPARE(image.size(),
                     QSize(qRound(picture->size.width), qRound(picture->size.height)));
            QSet<QRgb> colors;
            for (int y = 0; y < image.height(); y += 2) {
                for (int x = 0; x < image.width(); x += 2)
                    colors.insert(image.pixel(x, y));
            }
            QVERIFY2(colors.size() > 8, view);
            QVERIFY2(pane->data()().count('\n') > 10, view);
        }
    }

    void isFoundAsItWasLeft()
    {
        Opened o(QStringList{fixture("before.jtl")});
        auto *pane = o.show("over-time");
        o.brush(pane, 3, 6);
        QVERIFY(o.wait());
        o.run("load.by.status");
        o.run("load.failures");
        auto *slo = o.requests()->controls()->sloField();
        slo->setFocus();
        QTest::keyClicks(slo, "90 ms");
        QTest::keyClick(slo, Qt::Key_Return);
        o.requests()->view()->sortByColumn(static_cast<int>(LoadColumn::Max), Qt::AscendingOrder);
        pane->restore({{"scale", "logarithmic"}, {"split", true}});
        QVERIFY(o.wait());
        const auto times = o.window->scope().scope().times;
        const auto count = o.copied("200").at("requests");
        const auto session = o.gui.directory.filePath("left.fws");
        o.run("file.saveAs");
        auto *dialog = o.window->findChild<QFileDialog *>();
        QVERIFY(dialog);
        dialog->hide();
        Q_EMIT dialog->fileSelected(session);
        dialog->deleteLater();
        QVERIFY(QTest::qWaitFor([&] { return !o.window->document().isWorking(); }, kGuiWait));
        QVERIFY(o.wait());
        o.window->close();

        o.window = o.gui.open({session});
        QVERIFY(o.wait(1));
        QCOMPARE(o.window->scope().scope().times, times);
        const auto &choice = o.window->load().choice();
        QCOMPARE(choice.question.by, LatencyBy::Status);
        QVERIFY(choice.failures);
        QCOMPARE(choice.sloNs, std::optional<std::int64_t>(90'000'000));
        QCOMPARE(o.copied("200").at("requests"), count);
        QCOMPARE(o.requests()->model().sortColumn(), static_cast<int>(LoadColumn::Max));
        QCOMPARE(o.show("over-time")->options().scale, ScaleChoice::Logarithmic);
        QCOMPARE(o.show("over-time")->options().split, std::optional(true));
        QCOMPARE(o.show("over-time")->plot()->view().ranges().size(), 1u);
    }
};

QTEST_MAIN(TestLoadJourney)
#include "tst_load_journey.moc"
