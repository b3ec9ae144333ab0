#include "app/check/init_budget.h"
#include "app/cli/check_output.h"
#include "tests/support/import_contract.h"

#include <QTest>
#include <QXmlStreamReader>

#include <sstream>

using namespace flamewright;

namespace {

ComparedItem item(const char *name, const char *figure, const char *unit, double base, double cand,
                  double low, double high, Verdict verdict)
{
    ComparedItem out{.name = name, .figure = figure, .unit = unit};
    out.change.base = base;
    out.change.cand = cand;
    out.change.relative = ChangeInterval{low, high};
    out.change.difference = ChangeInterval{base * low, base * high};
    out.change.baseCount = out.change.candCount = 1000;
    out.change.verdict = verdict;
    return out;
}

// A load test whose POST /pay became 8 % slower (between 5 and 11), and the rest as it was.
Comparison made()
{
    Comparison out{.base = {.name = "a"}, .cand = {.name = "b"}};
    ComparedSection load{.kind = "load", .title = "shop.jtl"};
    load.items = {item("POST /pay", "p99", "ns", 500e6, 540e6, 0.05, 0.11, Verdict::Regressed),
                  item("GET /", "p99", "ns", 90e6, 92e6, -0.03, 0.07, Verdict::NoEvidence),
                  item("GET /", "throughput", "1/s", 400, 420, 0.03, 0.07, Verdict::Improved)};
    load.items[2].better = Better::Higher;
    auto errors = item("*", "error_share", "share", 0, 0.02, 0, 0, Verdict::Regressed);
    errors.change.relative.reset();
    errors.change.difference = ChangeInterval{0.01, 0.03};
    load.items.push_back(errors);
    out.sections.push_back(load);
    ComparedSection traces{.kind = "traces", .title = "shop.otlp"};
    auto calls = item("SELECT products", "calls", "count", 12, 1, -0.92, -0.91, Verdict::Improved);
    calls.detail = "pricing in POST /checkout";
    calls.per = "trace";
    auto gone = item("INSERT audit", "calls", "count", 3, 0, -1, -1, Verdict::Improved);
    gone.change.cand.reset();
    auto vanished = item("INSERT audit", "p99", "ns", 3, 0, -1, -1, Verdict::Improved);
    vanished.change.cand.reset();
    auto whole = calls;
    whole.detail = "pricing";
    whole.change.cand = 5;
    traces.items = {calls, gone, vanished, whole};
    out.sections.push_back(traces);
    ComparedSection bench{.kind = "benchmarks", .title = "go.txt"};
    auto add = item("Add-2", "sec/op", "s/op", 2e-6, 2.4e-6, 0, 0, Verdict::NotEnoughData);
    add.change.relative.reset();
    add.change.difference.reset();
    add.change.why = "n too small";
    bench.items = {add,
                   item("Mul-2", "sec/op", "s/op", 2e-6, 2e-6, -0.01, 0.01, Verdict::NoEvidence)};
    out.sections.push_back(bench);
    return out;
}

Budget parsed(const std::string &lines)
{
    const auto file = parseBudgets("[[budget]]\n" + lines, "b.toml");
    if (!file.has_value()) {
        qWarning("%s", file.error().text().c_str());
        return {};
    }
    return file->budgets.front();
}

std::string errorOf(const std::string &toml)
{
    const auto file = parseBudgets(toml, "b.toml");
    return file.has_value() ? std::string() : file.error().text();
}

} // namespace

// Budgets as they are written, and what they say of figures that are known.
class TestBudgets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatIsWritten()
    {
        const auto file = parseBudgets("version = 1\nper = \"work\"\nnoise = \"3%\"\nalpha = 0.01\n"
                                       "patterns = true\n\n[[budget]]\nfunction = \"f\"\n"
                                       "in = \"lib\"\nfigure = \"share\"\nmax = \"20%\"\n"
                                       "max_change = \"+5 %\"\nevidence = \"not_improved\"\n"
                                       "optional = true\n[[budget]]\nendpoint = \"^GET \"\n"
                                       "match = \"regex\"\n",
                                       "b.toml");
        QVERIFY2(file.has_value(), file.has_value() ? "" : file.error().text().c_str());
        QCOMPARE(*file->per, NormaliseBy::Work);
        QCOMPARE(*file->noise, 0.03);
        QCOMPARE(*file->alpha, 0.01);
        QVERIFY(*file->patterns);
        QCOMPARE(file->budgets.size(), std::size_t{2});
        const auto &one = file->budgets[0];
        QCOMPARE(one.subject, BudgetSubject::Function);
        QCOMPARE(one.name, std::string("f"));
        QCOMPARE(one.within, std::string("lib"));
        QCOMPARE(one.max->value, 0.2);
        QCOMPARE(*one.maxChange, 0.05);
        QCOMPARE(one.evidence, BudgetEvidence::NotImproved);
        QVERIFY(one.optional);
        QCOMPARE(one.line, 7u);
        QCOMPARE(*questionOf(one).per, NormaliseBy::Total);
        QCOMPARE(file->budgets[1].match, BudgetMatch::Regex);
        QVERIFY(!file->budgets[1].hasLimit());
    }

    void saysWhereAnErrorIs_data()
    {
        QTest::addColumn<QString>("toml");
        QTest::addColumn<QString>("error");
        const auto row = [](const char *name, const char *toml, const char *error) {
            QTest::newRow(name) << toml << error;
        };
        row("syntax", "[[budget]]\nendpoint = \n", "b.toml:2:");
        row("unknown key of the file", "colour = 1\n", "b.toml:1:1: 'colour' is no key here");
        row("unknown key of a budget", "[[budget]]\nendpoint = \"a\"\n  maxx = 3\n",
            "b.toml:3:3: 'maxx' is no key here");
        row("nothing named", "[[budget]]\nmax = 3\n", "b.toml:1:1: a budget names");
        row("two named", "[[budget]]\nendpoint = \"a\"\nfunction = \"b\"\n", "names two");
        row("empty name", "[[budget]]\nendpoint = \"\"\n", "b.toml:2:12: the name is empty");
        row("wrong type", "[[budget]]\nendpoint = 3\n", "b.toml:2:12: endpoint is a text");
        row("no quantity", "[[budget]]\nendpoint = \"a\"\nfigure = \"p99\"\nmax = \"3 apples\"\n",
            "b.toml:4:7: '3 apples' is not a quantity");
        row("no share", "[[budget]]\nendpoint = \"a\"\nmax_change = \"3ms\"\n",
            "b.toml:3:14: max_change is a share");
        row("infinite", "[[budget]]\nendpoint = \"a\"\nfigure = \"p99\"\nmax = inf\n",
            "b.toml:4:7: max is not a finite number");
        row("limit of nothing", "[[budget]]\nendpoint = \"a\"\nmax = 3\n", "need a figure");
        row("evidence", "[[budget]]\nendpoint = \"a\"\nevidence = \"much\"\n",
            "b.toml:3:12: evidence is");
        row("per of an endpoint", "[[budget]]\nendpoint = \"a\"\nper = \"cpu\"\n",
            "only functions");
        row("one bracket", "[budget]\nendpoint = \"a\"\n", "two brackets");
        row("none", "version = 1\n", "there is no [[budget]]");
        row("another version", "version = 2\n", "b.toml:1:11: this program reads version 1");
        row("alpha", "alpha = 2\n", "b.toml:1:9: alpha is a probability");
    }
    void saysWhereAnErrorIs()
    {
        QFETCH(QString, toml);
        QFETCH(QString, error);
        const auto said = QString::fromStdString(errorOf(toml.toStdString()));
        QVERIFY2(said.contains(error), qPrintable(said));
    }
    void refusesWhatIsTooLarge()
    {
        QVERIFY(errorOf(std::string(kMaxBudgetBytes + 1, '#')).find("1 MiB") != std::string::npos);
        std::string deep = "a = ";
        deep.append(100'000, '[');
        QVERIFY(!errorOf(deep).empty());
    }

    void readsQuantities_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<double>("value"); // NaN: of another kind
        const auto none = std::nan("");
        QTest::newRow("ms in ns") << "300ms"
                                  << "ns" << 300e6;
        QTest::newRow("s in ns") << "1.5 s"
                                 << "ns" << 1.5e9;
        QTest::newRow("a number is in the unit") << "7"
                                                 << "ns" << 7.0;
        QTest::newRow("bytes") << "10 MiB"
                               << "bytes" << 10485760.0;
        QTest::newRow("percent") << "2.5%"
                                 << "share" << 0.025;
        QTest::newRow("rate") << "400/s"
                              << "1/s" << 400.0;
        QTest::newRow("time per op") << "200ns/op"
                                     << "s/op" << 200e-9;
        QTest::newRow("bytes per op") << "4 KiB"
                                      << "B/op" << 4096.0;
        QTest::newRow("allocations") << "3"
                                     << "allocs/op" << 3.0;
        QTest::newRow("time of bytes") << "3ms"
                                       << "bytes" << none;
        QTest::newRow("percent of time") << "3%"
                                         << "ns" << none;
        QTest::newRow("bytes of a count") << "3kB"
                                          << "allocs/op" << none;
    }
    void readsQuantities()
    {
        QFETCH(QString, text);
        QFETCH(QString, unit);
        QFETCH(double, value);
        const auto quantity = parseQuantity(text.toStdString());
        QVERIFY(quantity.has_value());
        const auto found = inUnit(*quantity, unit.toStdString());
        QCOMPARE(found.has_value(), !std::isnan(value));
        if (found)
            QVERIFY(std::abs(*found - value) <= 1e-9 * std::abs(value));
    }
    void refusesWhatIsNoQuantity()
    {
        for (const auto *text : {"", "ms", "3 4", "1e999", "nan", "inf", "--3", "+-3", "3msms"})
            QVERIFY2(!parseQuantity(text).has_value(), text);
    }

    void judges_data()
    {
        QTest::addColumn<QString>("budget");
        QTest::addColumn<QString>("state");
        const auto pay = QStringLiteral("endpoint = \"POST /pay\"\nfigure = \"p99\"\n");
        const auto get = QStringLiteral("endpoint = \"GET /\"\nfigure = \"p99\"\n");
        const auto rate = QStringLiteral("endpoint = \"GET /\"\nfigure = \"throughput\"\n");
        const auto bench = QStringLiteral("benchmark = \"Add-2\"\nfigure = \"sec/op\"\n");
        const auto any = QStringLiteral("evidence = \"any\"\n");
        const auto proof = QStringLiteral("evidence = \"not_improved\"\n");
        const auto row = [](const char *name, const QString &budget, const char *state) {
            QTest::newRow(name) << budget << state;
        };
        row("regressed", pay, "broken");
        row("no evidence", get, "kept");
        row("improved", rate, "kept");
        row("has to improve and did", rate + proof, "kept");
        row("has to improve and did not", get + proof, "broken");
        // 540 ms, between 525 and 555.
        row("below the ceiling", pay + "max = \"600ms\"\n", "kept");
        row("above it, but the interval is not", pay + "max = \"530ms\"\n", "kept");
        row("above it", pay + "max = \"530ms\"\n" + any, "broken");
        row("wholly above it", pay + "max = \"520ms\"\n", "broken");
        row("perhaps above it", pay + "max = \"550ms\"\n" + proof, "broken");
        // +8 %, between 5 and 11.
        row("within the change", pay + "max_change = \"10%\"\n", "kept");
        row("perhaps beyond the change", pay + "max_change = \"10%\"\n" + proof, "broken");
        row("beyond the change by itself", pay + "max_change = \"7%\"\n" + any, "broken");
        row("beyond the change, not shown", pay + "max_change = \"7%\"\n", "kept");
        row("wholly beyond the change", pay + "max_change = \"4%\"\n", "broken");
        row("throughput is high enough", rate + "min = \"400/s\"\nmin_change = \"-5%\"\n", "kept");
        row("throughput is too low", rate + "min = \"450/s\"\n", "broken");
        row("has to rise more", rate + "min_change = \"10%\"\n", "broken");
        row("was 0", "endpoint = \"*\"\nfigure = \"error_share\"\nmax_change = \"50%\"\n",
            "broken");
        row("share", "endpoint = \"*\"\nfigure = \"error_share\"\nmax = \"5%\"\n", "kept");
        const auto calls = QStringLiteral("operation = \"SELECT products\"\nfigure = \"calls\"\n"
                                          "evidence = \"any\"\nmax = 2.5\n");
        row("calls", calls + "in = \"POST /checkout\"\n", "kept");
        row("calls, of that name exactly", calls + "in = \"pricing\"\n", "broken");
        row("what is gone costs nothing",
            "operation = \"INSERT audit\"\nfigure = \"calls\"\nmax = 2\n", "kept");
        row("what is gone has no percentile",
            "operation = \"INSERT audit\"\nfigure = \"p99\"\nmax = 2\n", "missing");
        row("no interval", bench, "not_judged");
        row("some without an interval", "benchmark = \".\"\nmatch = \"regex\"\n", "kept");
        row("no interval, a limit all the same", bench + "max = \"2.1us\"\n", "broken");
        row("no interval, any change", bench + "max_change = \"5%\"\n" + any, "broken");
        row("no interval, nothing proves it", bench + proof, "broken");
        row("not there", "endpoint = \"GET /nothing\"\nfigure = \"p99\"\n", "missing");
        row("no such figure", "endpoint = \"GET /\"\nfigure = \"p12\"\n", "missing");
        row("not there and optional",
            "endpoint = \"GET /nothing\"\nfigure = \"p99\"\noptional = true\n", "skipped");
        row("one of several", "endpoint = \".\"\nmatch = \"regex\"\nfigure = \"p99\"\n", "broken");
        row("part of the name", "endpoint = \"get\"\nmatch = \"text\"\nfigure = \"p99\"\n", "kept");
        row("another capture", pay + "capture = \"java\"\n", "missing");
    }
    void judges()
    {
        QFETCH(QString, budget);
        QFETCH(QString, state);
        const auto one = parsed(budget.toStdString());
        const auto comparison = made();
        const auto outcome = evaluate(one, comparison);
        QVERIFY2(outcome.has_value(), outcome.has_value() ? "" : outcome.error().text().c_str());
        QCOMPARE(QString::fromUtf8(nameOf(outcome->state).data()), state);
        QCOMPARE(outcome->lines.empty(), state == u"kept");
    }

    void saysWhichByHowMuchAndOnWhatEvidence()
    {
        const auto comparison = made();
        const auto ceiling =
            parsed("endpoint = \"POST /pay\"\nfigure = \"p99\"\nmax = \"520ms\"\n");
        QCOMPARE(evaluate(ceiling, comparison)->lines.front(),
                 std::string("p99 of POST /pay is 540 ms, more than 520 ms by 20 ms (500 ms to 540 "
                             "ms, +8 % (95 % interval +5 to +11 %), n 1,000 and 1,000)"));
        const auto share = parsed("endpoint = \"*\"\nfigure = \"error_share\"\nmax = \"0.5%\"\n");
        QCOMPARE(
            evaluate(share, comparison)->lines.front(),
            std::string("share of errors of * is 2.0 %, more than 0.50 % by 1.5 points (0 % to "
                        "2.0 %, +2 points (95 % interval +1 points to +3 points), n 1,000 and "
                        "1,000)"));
        const auto change =
            parsed("endpoint = \"POST /pay\"\nfigure = \"p99\"\nmax_change = \"4%\"\n");
        QCOMPARE(evaluate(change, comparison)->lines.front(),
                 std::string("p99 of POST /pay: +8 %, at most +4 % is allowed (500 ms to 540 ms, "
                             "+8 % (95 % interval +5 to +11 %), n 1,000 and 1,000)"));
    }

    void refusesLimitsOfAnotherKind()
    {
        const auto comparison = made();
        const auto one = parsed("endpoint = \"POST /pay\"\nfigure = \"p99\"\nmax = \"3MiB\"\n");
        const auto outcome = evaluate(one, comparison);
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code(), Errc::Usage);
        const auto bad = parsed("endpoint = \"(\"\nmatch = \"regex\"\n");
        QCOMPARE(evaluate(bad, comparison).error().code(), Errc::Usage);
    }

    void judgesNothingThatIsNotComparable()
    {
        auto comparison = made();
        comparison.sections[0].remarks = {
            {ComparabilityRemark::Weight::Grave, "cpu", "X", "Y", "another machine"}};
        const auto one = parsed("endpoint = \"GET /\"\nfigure = \"p99\"\nmax = \"1s\"\n");
        const auto outcome = evaluate(one, comparison);
        QCOMPARE(outcome->state, BudgetState::Withheld);
        QVERIFY(outcome->isBroken());
        QVERIFY(outcome->lines.front().find("cpu (X, Y)") != std::string::npos);
        comparison.confirmed = true;
        QCOMPARE(evaluate(one, comparison)->state, BudgetState::Kept);
    }

    void prints_data()
    {
        QTest::addColumn<QString>("golden");
        QTest::newRow("text") << "check-made.txt";
        QTest::newRow("markdown") << "check-made.md";
        QTest::newRow("junit") << "check-made.xml";
    }
    void prints()
    {
        QFETCH(QString, golden);
        const auto comparison = made();
        const auto file = parseBudgets("[[budget]]\nendpoint = \"POST /pay\"\nfigure = \"p99\"\n"
                                       "title = \"people pay | quickly\"\nmax = \"520ms\"\n"
                                       "[[budget]]\nendpoint = \"GET /\"\nfigure = \"p99\"\n"
                                       "[[budget]]\nendpoint = \"GET /none\"\noptional = true\n"
                                       "[[budget]]\nbenchmark = \"Add-2\"\n"
                                       "[[budget]]\noperation = \"none\"\n",
                                       "b.toml");
        CheckReport report{.file = &*file, .comparison = &comparison};
        for (const auto &budget : file->budgets)
            report.outcomes.push_back(*evaluate(budget, comparison));
        QCOMPARE(report.broken(), std::size_t{2});
        std::ostringstream out;
        if (golden.endsWith(u".txt"))
            writeCheckText(out, report);
        else if (golden.endsWith(u".md"))
            writeCheckMarkdown(out, report);
        else
            flamewright::writeJUnit(out, report);
        const auto difference = testing::compareGolden(
            FW_SOURCE_DIR "/tests/golden/verbs/" + golden.toStdString(), out.str());
        QVERIFY2(difference.empty(), difference.c_str());
    }

    // What CI servers read, whatever the names are.
    void writesJUnit()
    {
        auto comparison = made();
        comparison.sections[0].items[0].name = "<a b=\"c\">&\x01\xff";
        const auto file =
            parseBudgets("[[budget]]\nendpoint = \"<a\"\nmatch = \"text\"\nfigure = \"p99\"\n"
                         "title = \"<title> & \\u0007\"\n"
                         "[[budget]]\nendpoint = \"GET /\"\nfigure = \"p99\"\n"
                         "[[budget]]\nendpoint = \"none\"\noptional = true\n",
                         "b.toml");
        CheckReport report{.file = &*file, .comparison = &comparison};
        for (const auto &budget : file->budgets)
            report.outcomes.push_back(*evaluate(budget, comparison));
        std::ostringstream out;
        flamewright::writeJUnit(out, report);
        QXmlStreamReader xml(QByteArray::fromStdString(out.str()));
        QMap<QString, int> elements;
        QStringList titles;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            ++elements[xml.name().toString()];
            if (xml.name() == u"testcase")
                titles << xml.attributes().value(QLatin1String("name")).toString();
            if (xml.name() == u"testsuite") {
                QCOMPARE(xml.attributes().value(QLatin1String("tests")).toInt(), 3);
                QCOMPARE(xml.attributes().value(QLatin1String("failures")).toInt(), 1);
                QCOMPARE(xml.attributes().value(QLatin1String("skipped")).toInt(), 1);
            }
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(elements[QStringLiteral("testcase")], 3);
        QCOMPARE(elements[QStringLiteral("failure")], 1);
        QCOMPARE(elements[QStringLiteral("skipped")], 1);
        QVERIFY(titles[0].startsWith(u"<title> & "));
    }

    // A first budget reads back, names everything that is there, and is kept by where it is from.
    void writesABudgetThatItsBaselineKeeps()
    {
        auto comparison = made();
        for (auto &section : comparison.sections) {
            for (auto &one : section.items) { // compared with itself
                one.change.cand = one.change.base;
                one.change.verdict = Verdict::NoEvidence;
                one.change.relative = ChangeInterval{-0.02, 0.02};
                one.change.difference =
                    ChangeInterval{-0.02 * *one.change.base, 0.02 * *one.change.base};
            }
        }
        comparison.sections[0].items[1].name = "GET \"/\\\"\t\u202e";
        const auto text = budgetFrom(comparison, {});
        const auto file = parseBudgets(text, "init.toml");
        QVERIFY2(file.has_value(), (file.has_value() ? text : file.error().text()).c_str());
        QVERIFY(file->budgets.size() >= 8);
        int limits = 0;
        for (const auto &budget : file->budgets) {
            const auto outcome = evaluate(budget, comparison);
            QVERIFY2(outcome.has_value(), text.c_str());
            QVERIFY2(outcome->state == BudgetState::Kept, outcome->title.c_str());
            limits += budget.hasLimit() ? 1 : 0;
        }
        QVERIFY(limits >= 4);
        // 500 ms and a tenth.
        QVERIFY2(text.find("max = \"550ms\" # +10 %") != std::string::npos, text.c_str());
        // One that is twice as slow breaks it.
        auto &slow = comparison.sections[0].items[0].change;
        slow.cand = 2 * *slow.base;
        std::size_t broken = 0;
        for (const auto &budget : file->budgets)
            broken += evaluate(budget, comparison)->isBroken() ? 1 : 0;
        QCOMPARE(broken, std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestBudgets)
#include "tst_budgets.moc"
