#include "app/gui/action_registry.h"
#include "app/gui/findings_pane.h"
#include "app/gui/operations_pane.h"
#include "app/gui/service_map_pane.h"
#include "app/gui/trace_inspector.h"
#include "app/gui/traces_pane.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/scene_widget.h"
#include "views/scene/waterfall_view.h"

#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QTableView>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <map>

using namespace flamewright;

namespace {

constexpr qint64 kStart = 1'795'213'600'000'000'000; // epoch ns
constexpr qint64 kMs = 1'000'000;

struct Made {
    QString name;
    qint64 begin = 0, length = 0;
    bool failed = false;
};

QString hex(quint64 id, int digits)
{
    return QStringLiteral("%1").arg(id, digits, 16, QLatin1Char('0'));
}

// Traces of a shop: in each a checkout asks for the price of every line of its cart, one after the
// other, and then a payment service once.
class Shop {
public:
    explicit Shop(int traces)
    {
        for (int trace = 1; trace <= traces; ++trace)
            add(trace, trace == 5 ? 20 : 8);
    }
    QByteArray otlp() const
    {
        return QJsonDocument(
                   QJsonObject{{"resourceSpans", QJsonArray{resource("shop", m_shop),
                                                            resource("payment", m_payment)}}})
            .toJson(QJsonDocument::Compact);
    }
    // By operation: what was made.
    std::map<QString, std::vector<Made>> operations;

private:
    void add(int trace, int lines)
    {
        const qint64 begin = kStart + trace * 1000 * kMs;
        const qint64 length = (20 + lines * 10) * kMs;
        const auto root = static_cast<quint64>(trace) * 1000;
        m_trace = hex(static_cast<quint64>(trace), 32);
        span(m_shop, root, 0, {"POST /checkout", begin, length, trace == 3}, 2);
        for (int line = 0; line < lines; ++line)
            span(m_shop, root + 1 + static_cast<quint64>(line), root,
                 {"SELECT price", begin + (2 + line * 10) * kMs, 8 * kMs, false}, 3);
        span(m_shop, root + 500, root,
             {"POST /pay", begin + length - 15 * kMs, 12 * kMs, trace == 3}, 3);
        span(m_payment, root + 501, root + 500,
             {"pay", begin + length - 13 * kMs, 9 * kMs, trace == 3}, 2);
    }
    void span(QJsonArray &to, quint64 id, quint64 parent, const Made &made, int kind)
    {
        operations[made.name].push_back(made);
        QJsonObject out{
            {"traceId", m_trace},
            {"spanId", hex(id, 16)},
            {"name", made.name},
            {"kind", kind},
            {"startTimeUnixNano", QString::number(made.begin)},
            {"endTimeUnixNano", QString::number(made.begin + made.length)},
            {"attributes",
             QJsonArray{QJsonObject{{"key", "shop.step"},
                                    {"value", QJsonObject{{"stringValue", made.name + "!"}}}}}}};
        if (parent != 0)
            out["parentSpanId"] = hex(parent, 16);
        if (made.failed)
            out["status"] = QJsonObject{{"code", 2}, {"message", "declined"}};
        to.append(out);
    }
    static QJsonObject resource(const QString &service, const QJsonArray &spans)
    {
        return {{"resource", QJsonObject{{"attributes",
                                          QJsonArray{QJsonObject{
                                              {"key", "service.name"},
                                              {"value", QJsonObject{{"stringValue", service}}}}}}}},
                {"scopeSpans", QJsonArray{QJsonObject{{"spans", spans}}}}};
    }

    QString m_trace;
    QJsonArray m_shop, m_payment;
};

struct Opened {
    GuiFixture gui;
    Shop shop{12};
    MainWindow *window = nullptr;

    Opened()
    {
        window = gui.open({gui.write("traces.json", shop.otlp())});
        if (!wait())
            qFatal("the traces did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
    }
    bool wait() const
    {
        return QTest::qWaitFor([this] { return window->traces().study() && window->isSettled(); },
                               kGuiWait);
    }
    template <class Pane>
    Pane *show(const char *view) const
    {
        auto *pane = qobject_cast<Pane *>(window->views()->show(QLatin1String(view)));
        if (!pane || !wait())
            qFatal("no such view");
        return pane;
    }
    QString inspected() const { return window->findChild<TraceInspector *>()->text(); }
    TraceModel &traces() const { return window->traces(); }
};

// A click as a person does it, in the middle of a cell.
void clickRow(QTableView *view, int row)
{
    const auto cell = view->visualRect(view->model()->index(row, 0));
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, cell.center());
}

int rowNamed(QTableView *view, int column, const QString &name)
{
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        if (view->model()->index(row, column).data().toString() == name)
            return row;
    }
    return -1;
}

} // namespace

class TestTracesJourney : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The list says what the file says, and the slowest trace is a click away.
    void goesToTheSlowestTraceAndReadsItsSpans()
    {
        const Opened o;
        auto *pane = o.show<TracesPane>("traces");
        QCOMPARE(pane->model().rowCount(), 12);
        QCOMPARE(pane->summary(), QStringLiteral("12 traces"));
        clickRow(pane->view(), 7);
        QVERIFY(o.traces().trace() != 0u);
        QTest::mouseClick(pane->slowestButton(), Qt::LeftButton);
        QCOMPARE(o.traces().trace(), std::optional<std::uint32_t>(0));
        QCOMPARE(pane->view()->currentIndex().row(), 0);
        QVERIFY(o.inspected().contains("Duration: 220 ms"));
        QVERIFY(o.inspected().contains("Spans: 23"));
        // The critical path adds up to the trace: 160 ms of prices, 12 of payment, the rest its own.
        QVERIFY2(o.inspected().contains(QStringLiteral("SELECT price: 160 ms")),
                 qPrintable(o.inspected()));

        // Down to the first price, by keys, then to another by the mouse.
        pane->waterfall()->setFocus();
        QTest::keyClick(pane->waterfall(), Qt::Key_Down);
        QVERIFY(o.inspected().startsWith("POST /checkout"));
        QTest::keyClick(pane->waterfall(), Qt::Key_Down);
        QVERIFY(o.inspected().startsWith("SELECT price"));
        QVERIFY(o.inspected().contains("Duration: 8 ms"));
        QVERIFY(QTest::qWaitFor([&] { return o.inspected().contains("shop.step: SELECT price!"); },
                                kGuiWait));
        const auto *scene = dynamic_cast<const WaterfallView *>(pane->waterfall()->scene());
        QVERIFY(scene);
        const auto bar = scene->barOf(0, pane->waterfall()->viewport());
        QTest::mouseClick(pane->waterfall(), Qt::LeftButton, {},
                          QPoint(qRound(bar.x + bar.width / 2), qRound(bar.y + bar.height / 2)));
        QVERIFY(o.inspected().startsWith("POST /checkout"));
        QTest::keyClick(pane->waterfall(), Qt::Key_Escape);
        QVERIFY(!o.traces().span());
        QVERIFY(pane->picture(Theme::Light).has_value());
    }

    // Counts, errors and percentiles of the table are those of what was written.
    void operationsAreThoseOfTheFile()
    {
        const Opened o;
        auto *pane = o.show<OperationsPane>("operations");
        QCOMPARE(pane->model().rowCount(), 4);
        const auto lines = pane->data()().split('\n', Qt::SkipEmptyParts);
        const auto titles = lines[0].split('\t');
        for (const auto &line : lines.mid(1)) {
            const auto cells = line.split('\t');
            const auto of = [&](const char *title) {
                return cells[titles.indexOf(QLatin1String(title))];
            };
            const auto &made = o.shop.operations.at(of("operation"));
            QCOMPARE(of("count").toLongLong(), std::ssize(made));
            QCOMPARE(
                of("errors").toLongLong(),
                std::count_if(made.begin(), made.end(), [](const Made &m) { return m.failed; }));
            std::vector<qint64> lengths;
            for (const auto &m : made)
                lengths.push_back(m.length);
            std::sort(lengths.begin(), lengths.end());
            const auto rank = [&](qint64 percent) {
                return lengths[static_cast<std::size_t>((percent * std::ssize(lengths) + 99) / 100 -
                                                        1)];
            };
            QCOMPARE(of("p50_ns").toLongLong(), rank(50));
            QCOMPARE(of("p95_ns").toLongLong(), rank(95));
            QCOMPARE(of("p99_ns").toLongLong(), rank(99));
        }
        // A click narrows the list of traces; the chip above it widens it again.
        clickRow(pane->view(), rowNamed(pane->view(), 1, "pay"));
        auto *traces = o.show<TracesPane>("traces");
        QCOMPARE(traces->summary(), QStringLiteral("12 of 12 traces"));
        QVERIFY(traces->operationButton()->isVisible());
        QTest::mouseClick(traces->operationButton(), Qt::LeftButton);
        QCOMPARE(traces->summary(), QStringLiteral("12 traces"));
        QVERIFY(!traces->operationButton()->isVisible());
    }

    // The repeated query is found, and Enter leads to a trace that shows it.
    void aFindingLeadsToItsEvidence()
    {
        const Opened o;
        auto *pane = o.show<FindingsPane>("findings");
        const int row = rowNamed(pane->view(), 1, "N+1 calls");
        QVERIFY(row >= 0);
        const auto sentence = pane->model().index(row, 2).data().toString();
        QVERIFY2(sentence.contains("POST /checkout") && sentence.contains("SELECT price"),
                 qPrintable(sentence));
        QVERIFY2(sentence.contains("n = 12 of 12"), qPrintable(sentence));
        clickRow(pane->view(), row);
        QVERIFY(o.traces().span().has_value());
        QVERIFY(o.inspected().startsWith("POST /checkout"));
        pane->view()->setFocus();
        QTest::keyClick(pane->view(), Qt::Key_Return);
        QVERIFY(qobject_cast<TracesPane *>(o.window->views()->current()));
    }

    void theMapSaysWhoCallsWhom()
    {
        const Opened o;
        auto *pane = o.show<ServiceMapPane>("service-map");
        const auto lines = pane->data()().split('\n', Qt::SkipEmptyParts);
        const auto found = std::find_if(lines.begin(), lines.end(), [](const QString &line) {
            return line.startsWith("shop\tpayment\t");
        });
        QVERIFY(found != lines.end());
        QCOMPARE(found->section('\t', 2, 3), QStringLiteral("12\t1"));
        QCOMPARE(found->section('\t', 5, 5), QString::number(12 * kMs));
        QVERIFY(pane->picture(Theme::Light).has_value());
    }

    // The samples that were taken while a trace went on, and back: by the wall clock.
    void goesFromATraceToTheSamplesOfThatTime()
    {
        GuiFixture gui;
        const auto path = gui.directory.filePath("both.fws").toStdString();
        const Shop shop(3);
        // Samples at 0.5, 1.5 and 2.5 s of a clock that began with the traces.
        const auto samples =
            gui.write("script.txt", "shop 7 0.500000: cycles:\n\t1 early (shop)\n\n"
                                    "shop 7 1.030000: cycles:\n\t1 during (shop)\n\n"
                                    "shop 7 2.500000: cycles:\n\t1 late (shop)\n\n");
        {
            auto session = openSession(path, OpenMode::Create);
            QVERIFY(session.has_value());
            JobContext job;
            QVERIFY(gui.workbench
                        ->import(**session,
                                 {.input = gui.write("t.json", shop.otlp()).toStdString()}, job)
                        .has_value());
            const auto profile =
                gui.workbench->import(**session, {.input = samples.toStdString()}, job);
            QVERIFY2(profile.has_value(),
                     profile.has_value() ? "" : profile.error().text().c_str());
            QVERIFY((*session)->setWallOffset(profile->capture.id, kStart).has_value());
            QVERIFY((*session)->close().has_value());
        }
        auto *window = gui.open({QString::fromStdString(path)});
        const auto ready = [&] {
            return QTest::qWaitFor([&] { return window->isSettled(); }, kGuiWait);
        };
        QVERIFY(QTest::qWaitFor([&] { return window->traces().study() != nullptr; }, kGuiWait) && ready());
        window->traces().chooseTrace(2); // of three that are equally long: the last
        QCOMPARE(window->traces().study()->traces[2].begin, kStart + 3000 * kMs);
        window->traces().chooseTrace(0); // 1 s after the start, 100 ms long
        const auto choose = [&] {
            QTimer::singleShot(0, window, [] {
                auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
                QVERIFY(menu);
                QCOMPARE(menu->actions().size(), 1);
                QTest::keyClick(menu, Qt::Key_Down);
                QTest::keyClick(menu, Qt::Key_Return);
            });
            window->actions().action(QStringLiteral("scope.sameTime"))->trigger();
        };
        choose();
        QVERIFY(QTest::qWaitFor([&] { return window->profile().profile() != nullptr; }, kGuiWait));
        QVERIFY(ready());
        QCOMPARE(window->profile().profile()->samples, 1);
        choose();
        QVERIFY(QTest::qWaitFor([&] { return window->traces().study() && window->isSettled(); },
                                kGuiWait));
        QCOMPARE(window->traces().study()->traces.size(), 1u);
    }

    // A capture without spans says so, and that its slices are elsewhere.
    void saysWhenThereAreNoSpans()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.write(
            "slices.json", R"([{"ph":"X","name":"work","pid":1,"tid":1,"ts":0,"dur":10},)"
                           R"({"ph":"X","name":"more","pid":1,"tid":1,"ts":20,"dur":5}])")});
        QVERIFY(QTest::qWaitFor([&] { return window->traces().study() && window->isSettled(); },
                                kGuiWait));
        auto *pane = qobject_cast<TracesPane *>(window->views()->show(QStringLiteral("traces")));
        QVERIFY(pane);
        QCOMPARE(pane->model().rowCount(), 0);
        QVERIFY(!pane->picture(Theme::Light));
    }
};

QTEST_MAIN(TestTracesJourney)
#include "tst_traces_journey.moc"
