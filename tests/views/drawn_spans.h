#pragma once

#include "analysis/service_map.h"
#include "analysis/waterfall.h"
#include "tests/analysis/made_spans.h"

#include <memory>
#include <string>
#include <vector>

namespace flamewright {

// A request of 40 ms: it waits for a connection, asks twice, and has another service work, which
// fails once; something goes on after its end.
inline SpanRows drawnTrace()
{
    constexpr std::int64_t kUs = 1000;
    using Kind = SliceKind;
    return madeSpans(
        {{"4bf92f35", 1, 0, "web", "POST /checkout", 0, 40'000 * kUs, Kind::SpanServer},
         {"4bf92f35", 2, 1, "web", "pool.connect", 1'000 * kUs, 14'000 * kUs, Kind::SpanClient},
         {"4bf92f35", 3, 1, "web", "SELECT <price>", 16'000 * kUs, 4'000 * kUs, Kind::SpanClient},
         {"4bf92f35", 4, 1, "web", "SELECT <price>", 20'000 * kUs, 5'000 * kUs, Kind::SpanClient},
         {"4bf92f35", 5, 1, "web", "POST", 26'000 * kUs, 10'000 * kUs, Kind::SpanClient},
         {"4bf92f35", 6, 5, "pricing", "POST /quote", 27'000 * kUs, 8'000 * kUs, Kind::SpanServer,
          kSliceError},
         {"4bf92f35", 7, 6, "pricing", "SELECT rules", 28'000 * kUs, 3 * kUs, Kind::SpanClient},
         {"4bf92f35", 8, 1, "mailer", "send", 39'000 * kUs, 6'000 * kUs, Kind::SpanConsumer}});
}

inline std::shared_ptr<const Waterfall> waterfallOf(const SpanRows &rows)
{
    return std::make_shared<const Waterfall>(waterfall(rows, spanForest(rows), 0));
}

// One parent with so many calls, one after the other.
inline SpanRows drawnCalls(std::uint64_t calls)
{
    SpanRows rows;
    rows.traces = {"aa"};
    rows.services = {"web"};
    rows.names = {"page", "call"};
    for (std::uint64_t i = 0; i <= calls; ++i) {
        rows.begin.push_back(i == 0 ? 0 : static_cast<std::int64_t>(i) * 1000);
        rows.length.push_back(i == 0 ? static_cast<std::int64_t>(calls + 2) * 1000 : 500);
        rows.trace.push_back(0);
        rows.span.push_back(i + 1);
        rows.parent.push_back(i == 0 ? 0 : 1);
        rows.service.push_back(0);
        rows.name.push_back(i == 0 ? 0 : 1);
        rows.kind.push_back(SliceKind::Span);
        rows.flags.push_back(0);
        rows.track.push_back({});
        rows.args.push_back({});
    }
    return rows;
}

inline std::shared_ptr<const ServiceMap> drawnServices()
{
    ServiceMap map;
    map.nodes = {{"api", false, 900, 0, 5'000'000'000},
                 {"mailer", false, 40, 0, 90'000'000},
                 {"pricing", false, 1200, 17, 800'000'000},
                 {"web", false, 700, 9, 2'000'000'000},
                 {"kafka", true, 0, 0, 0},
                 {"postgresql", true, 0, 0, 0}};
    map.edges = {{0, 2, 600, 17, 1'200'000, 9'000'000},  {0, 5, 4'100, 0, 300'000, 2'100'000},
                 {1, 0, 1, 0, 400'000, 400'000},         {2, 5, 1'200, 0, 250'000, 1'900'000},
                 {3, 0, 700, 9, 11'000'000, 74'000'000}, {3, 4, 40, 0, 90'000, 800'000},
                 {4, 1, 40, 0, 2'000'000, 5'000'000}};
    return std::make_shared<const ServiceMap>(std::move(map));
}

} // namespace flamewright
