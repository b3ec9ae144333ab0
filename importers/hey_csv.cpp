#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

// hey -o csv, one answer a row in the order of completion; seconds with four decimals, `offset` is
// when the request was sent, counted from the start. Requests without an answer are not in it.
// https://github.com/rakyll/hey: requester/print.go
constexpr FormatInfo kFormat{"hey-csv", "hey CSV", "csv", "load test"};

constexpr std::string_view kHeader = "response-time,DNS+dialup,DNS,Request-write,Response-delay,"
                                     "Response-read,status-code,offset";
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::uint64_t kMaxRows = 1'000'000; // hey keeps no more

enum Column : std::size_t { kTotal, kConnect, kRead = 5, kStatus, kOffset, kColumns };

class HeyCsv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return textHead(probe).starts_with(kHeader) ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        RequestRows rows(run, "hey", {.separator = ',', .quote = 0});
        FW_ASSIGN(const auto head, rows.head());
        if (!head.starts_with(kHeader))
            return fail(Errc::Corrupt, "this is not the CSV output of hey: its header is missing");
        run.sink.provenance("tool", "hey");
        const auto endpoint = rows.writer().endpoint("(all requests)", 0); // without its URL
        bool header = true;
        std::uint64_t count = 0;
        FW_TRY(rows.forEach([&](RequestRows::Fields f, std::uint64_t offset) {
            if (std::exchange(header, false))
                return true;
            if (f.size() != kColumns)
                return false;
            std::array<std::optional<std::int64_t>, kColumns> v;
            for (std::size_t i = 0; i < kColumns; ++i)
                v[i] = parseScaled(f[i], i == kStatus ? 1 : kNanosPerSecond);
            if (std::any_of(v.begin(), v.end(), [](auto &one) { return !one; }))
                return false;
            if (*v[kStatus] < 0 || *v[kStatus] > 999)
                return false;
            ++count;
            rows.check(v[kOffset], Duration{*v[kTotal]}, true, offset);
            // The clock counts from the start of the run: no time of day.
            const auto status = static_cast<std::uint16_t>(*v[kStatus]);
            rows.sink().add({.begin = Timestamp{Duration{*v[kOffset]}},
                             .latency = Duration{*v[kTotal]},
                             .endpoint = endpoint,
                             .status = status,
                             .ok = status >= 200 && status < 400,
                             .connect = Duration{std::max<std::int64_t>(*v[kConnect], 0)},
                             // Each was rounded on its own.
                             .firstByte = Duration{
                                 std::max<std::int64_t>(saturatingSub(*v[kTotal], *v[kRead]), 0)}});
            return true;
        }));
        rows.note(Severity::Info, "answers_only", 0,
                  "hey writes answers only: requests that failed without one are not in the file");
        if (count >= kMaxRows)
            rows.note(Severity::Notice, "row_limit", 0,
                      "hey keeps the first million requests; there may have been more");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeHeyCsv()
{
    return std::make_unique<HeyCsv>();
}

} // namespace flamewright
