#pragma once

#include "app/present/report.h"
#include "views/scene/theme.h"

#include <string>

namespace flamewright::testing {

// A picture with something of everything, in the colours of a theme.
inline DisplayList samplePicture(Theme theme, const std::string &name = "doubleSerialize")
{
    const auto &p = palette(theme);
    DisplayList list;
    list.text({8, 4}, name + " before and after", p.text1, FontRole::Strong, 220);
    for (int i = 0; i <= 5; ++i) {
        const auto x = 40 + static_cast<float>(i) * 180;
        list.line({x, 30}, {x, 220}, p.grid);
        list.text({x - 10, 224}, std::to_string(i * 200), p.text3, FontRole::Caption, 20);
    }
    list.pushClip({40, 30, 900, 190});
    list.polyline(std::vector<PointF>{{40, 200}, {300, 150}, {600, 90}, {940, 40}}, p.sideA, 2);
    list.polyline(std::vector<PointF>{{40, 210}, {300, 190}, {600, 170}, {940, 150}}, p.sideB, 2);
    list.popClip();
    for (int i = 0; i < 6; ++i) {
        const auto left = 40 + static_cast<float>(i) * 150;
        list.beginItem(ItemRole::Frame, name + "\ntotal 21.4 % of 18,204 samples");
        list.fillRect({left, 250, 149, 18}, i % 2 == 0 ? p.better[1] : p.worse[1], 2);
        list.text({left + 4, 252}, name, p.text1, FontRole::Mono, 90);
        list.endItem();
    }
    return list;
}

inline ReportFigure sampleFigure(const std::string &name = "doubleSerialize")
{
    return {.title = "Latency of POST /checkout by percentile",
            .caption = "Bands are 95 % intervals; A is " + name + ".",
            .light = samplePicture(Theme::Light, name),
            .print = samplePicture(Theme::Print, name),
            .size = {980, 280},
            .dark = samplePicture(Theme::Dark, name)};
}

inline PinnedFinding sampleFinding(const std::string &name = "price_query")
{
    PinnedFinding out;
    out.sentence =
        "71 % of the saved time was " + name + " (42 calls per request before, 1 after).";
    out.note = "Deployed on Friday.\nWatch the pool of connections.";
    out.severity = "improved";
    out.picture = PinnedPicture{.light = samplePicture(Theme::Light, name),
                                .print = samplePicture(Theme::Print, name),
                                .size = {980, 280},
                                .caption = name + " in the critical path"};
    return out;
}

// Everything that a report may have, once; `name` wherever a name from a capture may stand.
inline Report sampleReport(const std::string &name = "POST /checkout")
{
    Report r;
    r.title = "Checkout before and after the fix";
    r.subtitle = "What the change of November 2026 did to " + name;
    r.madeAt = "2026-11-26 19:12 UTC";
    r.a = {.name = "before.fws", .date = "2026-11-20 10:00 UTC"};
    r.b = {.name = "after.fws", .date = "2026-11-21 10:30 UTC"};
    r.facts = {{"Compared", "a load test, a profile and traces of both"},
               {"Normalised", "per request: 10,214 and 49,310 requests of " + name}};
    r.keyFigures = {{.label = "p99 of " + name,
                     .base = "850 ms",
                     .cand = "220 ms",
                     .change = "-74 %",
                     .evidence = "95 % interval -76..-71 %; n 24,310 and 24,502",
                     .mark = "improved"},
                    {.label = "Requests a second",
                     .base = "134/s",
                     .cand = "745/s",
                     .change = "+457 %",
                     .evidence = "95 % interval +431..+484 %; n 4,014 and 22,344",
                     .mark = "improved"},
                    {.label = "Heap after the test",
                     .base = "38.1 MiB",
                     .cand = "38.4 MiB",
                     .change = "+0.8 %",
                     .evidence = "95 % interval -2.1..+3.9 %; n 30 and 30",
                     .mark = "no_evidence"}};
    r.headlines = {
        "p99 of " + name +
            " fell from 850 ms to 220 ms (-74 %, 95 % interval -76..-71; 24,310 and "
            "24,502 requests).",
        "CPU per request fell by 61 % (95 % interval -63..-58): doubleSerialize is gone.",
        "A checkout makes 3 queries where it made 36."};
    r.remarks = {{.weight = ComparabilityRemark::Weight::Warning,
                  .what = "request_mix",
                  .base = "61 % products",
                  .cand = "58 % products",
                  .sentence = "A mix that differs moves percentiles over all requests; " + name +
                              " is compared by itself."},
                 {.weight = ComparabilityRemark::Weight::Note,
                  .what = "build_ids",
                  .base = "3f1c",
                  .cand = "92ab",
                  .sentence = "The program was built again, as one would expect."}};
    r.findings = {sampleFinding(name)};
    ReportTable table{
        .title = "Endpoints",
        .note = "95 % intervals by block bootstrap; Holm over all rows.",
        .columns = {"Endpoint", "Figure", "A", "B", "Change", "95 % interval", "n", "Verdict"},
        .numeric = {false, false, true, true, true, true, true, false}};
    for (int i = 0; i < 12; ++i) {
        const std::string mark = i < 4 ? "improved" : i < 5 ? "regressed" : "no_evidence";
        const std::string words = i < 5 ? mark : "not enough evidence";
        table.rows.push_back({{name},
                              {i % 2 == 0 ? "p99" : "p50"},
                              {std::to_string(850 - i * 31) + " ms"},
                              {std::to_string(220 + i * 40) + " ms"},
                              {"-74 %", mark},
                              {"-76..-71 %"},
                              {"24,310 and 24,502"},
                              {words, mark}});
    }
    r.sections = {{.title = "Load test of " + name,
                   .sentences = {"p99 fell in every endpoint; " + name + " gained the most."},
                   .notes = {"12 requests of A were left out: they had no end.",
                             "Endpoints with fewer than 20 requests are not compared."},
                   .tables = {table},
                   .figures = {sampleFigure(name)}},
                  {.title = "Profile",
                   .sentences = {"doubleSerialize is gone."},
                   .figures = {sampleFigure(name)}}};
    r.provenance = {{"A: shop.jtl", "JMeter 2.13 on shop-1, Linux 6.1"},
                    {"B: shop.jtl", "JMeter 2.13 on shop-1, Linux 6.1; " + name}};
    r.methods = {"Percentiles are exact (nearest rank).",
                 "Intervals of " + name + " resample blocks of 1 s, 1,000 rounds."};
    return r;
}

} // namespace flamewright::testing
