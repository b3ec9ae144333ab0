#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// JSON with ' for ", which reads better here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

const std::filesystem::path kFixtures = FW_SOURCE_DIR "/tests/fixtures/k6-summary";

Imported import(std::string_view text)
{
    return importBytes(*makeK6Summary(), text);
}

// The only figure of that kind, or NaN.
double figure(const Imported &in, std::string_view metric, SummaryFigure which, double quantile = 0,
              std::string_view subset = {})
{
    double out = std::nan("");
    int found = 0;
    const auto &s = in.summaries;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (in.dimensions.strings.text(s.metric[i]) == metric && s.figure[i] == which &&
            std::abs(s.position[i] - quantile) < 1e-12 &&
            in.dimensions.strings.text(s.subset[i]) == subset) {
            out = s.value[i];
            ++found;
        }
    }
    return found == 1 ? out : std::nan("");
}

std::string provenance(const Imported &in, std::string_view key)
{
    for (const auto &[k, v] : in.meta.provenance) {
        if (k == key)
            return v;
    }
    return {};
}

} // namespace

class TestK6Summary : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The same figures, in two shapes; in one of them "true" means that a threshold failed.
    void readsBothShapes()
    {
        const auto a = import(readFile(kFixtures / "export.json"));
        const auto b = import(readFile(kFixtures / "handle-summary.json"));
        for (const auto *in : {&a, &b}) {
            QVERIFY(in->result.has_value());
            QCOMPARE(in->requests.size(), std::size_t(0));
            QCOMPARE(figure(*in, "latency", SummaryFigure::Failed), 3.0);
            QCOMPARE(figure(*in, "http_reqs", SummaryFigure::Count), 10.0);
            QCOMPARE(figure(*in, "latency", SummaryFigure::Max), 68'005'012.0);
            QCOMPARE(figure(*in, "vus", SummaryFigure::Last), 2.0);
            QCOMPARE(figure(*in, "data_received", SummaryFigure::Sum), 40'311.0);
            QCOMPARE(in->noteCount("k6_threshold_failed"), b.noteCount("k6_threshold_failed"));
            QCOMPARE(in->noteCount("k6_generator_saturated"), 3u);
        }
        for (const double q : {0.5, 0.9, 0.95})
            QCOMPARE(figure(a, "latency", SummaryFigure::Quantile, q),
                     figure(b, "latency", SummaryFigure::Quantile, q));
        QVERIFY(std::isnan(figure(a, "latency", SummaryFigure::Quantile, 0.99)));
        QVERIFY(!std::isnan(figure(b, "latency", SummaryFigure::Quantile, 0.999)));
        QVERIFY(b.meta.durationNs.has_value() && !a.meta.durationNs.has_value());
        QCOMPARE(provenance(a, "thresholds"), provenance(b, "thresholds"));
        QCOMPARE(provenance(a, "checks"), provenance(b, "checks"));
    }

    // Whose quantile it is, stands beside it.
    void saysWhoComputed()
    {
        const auto in = import(readFile(kFixtures / "export.json"));
        for (std::size_t i = 0; i < in.summaries.size(); ++i) {
            const auto method = in.dimensions.strings.text(in.summaries.method[i]);
            if (in.summaries.figure[i] == SummaryFigure::Quantile)
                QCOMPARE(std::string(method), std::string("k6, linear between ranks"));
            else
                QCOMPARE(std::string(method), std::string("k6"));
        }
    }

    void readsSubmetrics()
    {
        const auto in = import(json(
            "{'root_group':{},'metrics':{'http_req_duration{expected_response:true}':{'avg':2},"
            "'http_req_duration{name:/cart}':{'avg':3,'p(99.9)':7.5}}}"));
        QCOMPARE(figure(in, "latency", SummaryFigure::Mean, 0, "expected_response:true"), 2e6);
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.999), 7.5e6);
        QCOMPARE(in.meta.tracks.at(0).name, std::string("/cart"));
    }

    void readsTheSummaryForMachines()
    {
        const auto in = import(
            json("{'config':{'duration':2.5,'execution':'local'},'metadata':{'k6Version':'1.5.0'},"
                 "'results':{'checks':[],'metrics':[{'name':'http_req_duration','type':'trend',"
                 "'contains':'time','values':{'avg':1.5,'p(95)':4}},{'name':'errors',"
                 "'type':'rate','contains':'default','values':{'rate':0.25}}]},"
                 "'version':'1.0.0'}"));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.meta.durationNs.value(), 2'500'000'000);
        QCOMPARE(figure(in, "latency", SummaryFigure::Mean), 1.5e6);
        QCOMPARE(figure(in, "latency", SummaryFigure::Quantile, 0.95), 4e6);
        QCOMPARE(figure(in, "errors", SummaryFigure::Mean), 0.25);
        QCOMPARE(provenance(in, "tool_version"), std::string("1.5.0"));
    }

    void refusesWhatIsNoSummary()
    {
        QVERIFY(!import(json("{'metrics':{'http_reqs'")).result.has_value());
        QVERIFY(!import(json("{'metrics':{},'root_group':{}}")).result.has_value());
        QVERIFY(!import("[1,2]").result.has_value());
        const auto odd =
            import(json("{'metrics':{'a':null,'b':{'avg':'x','p(abc)':1,'p(101)':2,'max':-1e300}},"
                        "'root_group':{'groups':[1,{'checks':{'x':{'name':1}}}],'checks':7}}"));
        QVERIFY(odd.result.has_value());
        QCOMPARE(odd.broken, std::string());
        QCOMPARE(odd.summaries.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestK6Summary)
#include "tst_k6_summary.moc"
