#include "analysis/compare/headlines.h"
#include "app/cli/diff_output.h"
#include "app/cli/markdown_code.h"
#include "app/present/markdown_text.h"
#include "capture/base/capture_text.h"
#include "tests/support/import_contract.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <sstream>

using namespace flamewright;

namespace {

using Weight = ComparabilityRemark::Weight;

ComparedItem item(const char *name, const char *figure, const char *unit, Verdict verdict,
                  std::optional<double> base, std::optional<double> cand)
{
    ComparedItem out{.name = name, .figure = figure, .unit = unit};
    out.change.base = base;
    out.change.cand = cand;
    out.change.verdict = verdict;
    out.change.baseCount = 24'310;
    out.change.candCount = 24'502;
    return out;
}

ComparedSection profileSection()
{
    ComparedSection out{.kind = "profile", .title = "shop.perf.data"};
    out.baseCaptures = {"shop.perf.data"};
    out.candCaptures = {"shop.perf.data"};
    out.normalisation = {.by = NormaliseBy::Work,
                         .base = 4'132,
                         .cand = 15'210,
                         .per = "request",
                         .source = "4,132 and 15,210 requests of shop.jtl"};
    auto hot = item("price_query", "self", "ns", Verdict::Improved, 1'250'000, 90'000);
    hot.detail = "pricing";
    hot.per = "request";
    hot.change.relative = ChangeInterval{-0.941, -0.914};
    hot.change.difference = ChangeInterval{-1.2e6, -1.1e6};
    hot.change.p = 1e-9;
    hot.change.adjustedP = 4e-9;
    hot.baseRuns = {1'250'000};
    out.items.push_back(hot);
    // Names of captures are whatever somebody chose.
    auto hostile = item("<img src=x onerror=alert(1)>|@team `a`\n# \x1b[31m", "total", "ns",
                        Verdict::Regressed, std::nullopt, 40'000);
    hostile.per = "request";
    hostile.change.difference = ChangeInterval{30'000, 50'000};
    out.items.push_back(hostile);
    auto same = item("memcpy", "self", "ns", Verdict::NoEvidence, 1000, 1010);
    same.change.relative = ChangeInterval{-0.012, 0.033};
    same.change.why = "the interval does not rule out chance";
    out.items.push_back(same);
    auto few = item("main", "self", "ns", Verdict::NotEnoughData, 1000, 4000);
    few.change.why = "n too small";
    out.items.push_back(few);
    Explanation why{.of = "CPU per request", .unit = "ns", .per = "request"};
    why.base = 2'000'000;
    why.cand = 800'000;
    why.parts = {{"price_query", "pricing", 1'250'000, 90'000, "42 calls before, 1 after"}};
    why.remainder = -40'000;
    why.method = "self time of functions";
    out.explanations.push_back(why);
    out.sentences = {"CPU per request fell from 2 ms to 800 \u00b5s"};
    out.weight = 2;
    out.method = "counts of samples, as a quasi-Poisson process";
    out.notes = {"2 functions were renamed"};
    return out;
}

ComparedSection loadSection(Weight weight)
{
    ComparedSection out{.kind = "load", .title = "shop.jtl"};
    out.baseCaptures = {"1.jtl", "2.jtl"};
    out.candCaptures = {"1.jtl"};
    auto p99 = item("POST /checkout", "p99", "ns", Verdict::Improved, 850e6, 220e6);
    p99.change.relative = ChangeInterval{-0.76, -0.71};
    p99.change.baseRuns = 2;
    auto rate = item("POST /checkout", "throughput", "1/s", Verdict::Improved, 100, 1'300);
    rate.better = Better::Higher;
    rate.change.relative = ChangeInterval{11.2, 12.8};
    auto errors = item("*", "error_share", "share", Verdict::Improved, 0.012, 0);
    errors.change.difference = ChangeInterval{-0.014, -0.010};
    out.items = {p99, rate, errors};
    if (weight == Weight::Grave) {
        for (auto &one : out.items) {
            one.change.verdict = Verdict::NotEnoughData;
            one.change.why = "withheld until confirmed: load differs";
        }
    }
    out.remarks = {{weight, "load", "8 connections", "48 connections",
                    "latency at another load is another figure"}};
    out.sentences = {"p99 of POST /checkout fell from 850 ms to 220 ms"};
    out.weight = 1;
    return out;
}

Comparison made(Weight weight)
{
    Comparison out{.base = {.name = "before/shop", .startedAtNs = 1'795'213'530'000'000'000},
                   .cand = {.name = "after/shop"}};
    out.base.provenance = {{"cpu", "X"}};
    out.sections = {profileSection(), loadSection(weight)};
    out.notCompared = {"java.jfr (profile) of before/shop has no counterpart"};
    return out;
}

std::string printed(void (*write)(std::ostream &, const Comparison &, const DiffShown &),
                    const Comparison &comparison, const DiffShown &shown = {})
{
    std::ostringstream out;
    write(out, comparison, shown);
    return out.str();
}

// What to say first is another matter, with tests of its own.
std::string withoutHeadlines(std::string text, const Comparison &comparison)
{
    for (const auto &headline : headlines(comparison)) {
        for (const auto &line :
             {CaptureText(headline).toTerminal(), markdownText(headline, kMaxDisplayBytes)}) {
            const auto at = text.find("- " + line + "\n");
            if (at != std::string::npos)
                text.replace(at, line.size() + 2, "- (headline)");
        }
    }
    return text;
}

std::string againstGolden(const char *name, const std::string &text)
{
    return testing::compareGolden(std::string(FW_SOURCE_DIR "/tests/golden/verbs/") + name, text);
}

} // namespace

// What `diff` prints of a comparison that was made by hand, without the comparing.
class TestDiffOutput : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void printsText()
    {
        const auto difference = againstGolden(
            "diff-made.txt",
            withoutHeadlines(printed(writeDiffText, made(Weight::Warning)), made(Weight::Warning)));
        QVERIFY2(difference.empty(), difference.c_str());
    }
    void saysThatVerdictsAreWithheld()
    {
        const auto difference = againstGolden(
            "diff-blocked.txt",
            withoutHeadlines(printed(writeDiffText, made(Weight::Grave)), made(Weight::Grave)));
        QVERIFY2(difference.empty(), difference.c_str());
    }
    void printsMarkdown()
    {
        const auto difference = againstGolden(
            "diff-made.md",
            withoutHeadlines(printed(writeDiffMarkdown, made(Weight::Grave)), made(Weight::Grave)));
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void writesJsonUnrounded()
    {
        const auto text = printed(writeDiffJson, made(Weight::Warning), {.notes = {"a note"}});
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
        QCOMPARE(json[u"base"][u"name"].toString(), QStringLiteral("before/shop"));
        QVERIFY(json[u"cand"][u"started_at_ns"].isNull());
        const auto items = json[u"sections"][0][u"items"].toArray();
        QCOMPARE(items.size(), 4);
        for (const auto *key : {"name", "base", "cand", "change", "ci_low", "ci_high", "verdict"})
            QVERIFY2(items[0].toObject().contains(QLatin1String(key)), key);
        QCOMPARE(items[0][u"change"].toDouble(), 90'000.0 / 1'250'000 - 1);
        QCOMPARE(items[0][u"ci_low"].toDouble(), -0.941);
        QCOMPARE(items[0][u"verdict"].toString(), QStringLiteral("improved"));
        QVERIFY(items[1][u"base"].isNull() && items[1][u"change"].isNull());
        QCOMPARE(items[1][u"difference"].toDouble(), 40'000.0);
        QCOMPARE(items[2][u"verdict"].toString(), QStringLiteral("no_evidence"));
        QCOMPARE(items[3][u"verdict"].toString(), QStringLiteral("not_enough_data"));
        const auto why = json[u"sections"][0][u"explanations"][0].toObject();
        double sum = why[u"remainder"].toDouble();
        for (const auto &part : why[u"parts"].toArray())
            sum += part[u"difference"].toDouble();
        QCOMPARE(sum, why[u"difference"].toDouble());
        QCOMPARE(json[u"sections"][1][u"remarks"][0][u"weight"].toString(),
                 QStringLiteral("warning"));
        QCOMPARE(json[u"not_compared"].toArray().size(), 1);
        QCOMPARE(json[u"notes"][0].toString(), QStringLiteral("a note"));
        const auto few = printed(writeDiffJson, made(Weight::Warning), {.limit = 1});
        const auto one = QJsonDocument::fromJson(QByteArray::fromStdString(few)).object();
        QCOMPARE(one[u"sections"][0][u"items"].toArray().size(), 1);
        QCOMPARE(one[u"sections"][0][u"items_in_all"].toInt(), 4);
    }

    void showsWithoutEvidenceOnlyWhenAsked()
    {
        const auto section = profileSection();
        const auto some = shownItems(section, {});
        QCOMPARE(some.items.size(), std::size_t{2});
        QCOMPARE(some.noEvidence, std::size_t{1});
        QCOMPARE(some.notEnoughData, std::size_t{1});
        QCOMPARE(shownItems(section, {.all = true}).items.size(), std::size_t{4});
        QCOMPARE(shownItems(section, {.limit = 1}).beyondLimit, std::size_t{1});
        // Without a verdict at all there is something to see nevertheless.
        auto nothing = section;
        nothing.items.erase(nothing.items.begin(), nothing.items.begin() + 2);
        QVERIFY(shownItems(nothing, {}).noneJudged);
        QCOMPARE(shownItems(nothing, {}).items.size(), std::size_t{2});
    }

    void namesAreCodeInMarkdown()
    {
        const auto check = [](const char *name, const char *code) {
            QCOMPARE(QString::fromStdString(markdownCode(name)), QString::fromUtf8(code));
        };
        check("std::map<int>&", "`std::map<int>&`");
        check("a|b", "`a\\|b`");
        check("a`b``c", "```a`b``c```");
        check("`", "`` ` ``");
        check("@team", "`@team`");
        check("a\nb", "`a\u240ab`");
        check("", "");
    }
};

QTEST_GUILESS_MAIN(TestDiffOutput)
#include "tst_diff_output.moc"
