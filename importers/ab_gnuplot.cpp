#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <array>

namespace flamewright {
namespace {

// ab -g: one answer a row, sorted by latency; whole milliseconds, and start times in whole seconds.
// https://httpd.apache.org/docs/2.4/programs/ab.html
constexpr FormatInfo kFormat{"ab-gnuplot", "ab -g", "tsv", "load test"};

constexpr std::string_view kHeader = "starttime\tseconds\tctime\tdtime\tttime\twait";
constexpr std::int64_t kNanosPerSecond = 1'000'000'000, kNanosPerMilli = 1'000'000;

enum Column : std::size_t { kText, kSeconds, kConnect, kProcess, kTotal, kWait, kColumns };

class AbGnuplot final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return textHead(probe).starts_with(kHeader) ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        RequestRows rows(run, "ab", {.separator = '\t', .quote = 0});
        FW_ASSIGN(const auto head, rows.head());
        if (!head.starts_with(kHeader))
            return fail(Errc::Corrupt, "this is not the output of ab -g: its header is missing");
        run.sink.provenance("tool", "ab");
        bool header = true;
        FW_TRY(rows.forEach([&](RequestRows::Fields f, std::uint64_t offset) {
            if (std::exchange(header, false))
                return true;
            if (f.size() != kColumns)
                return false;
            std::array<std::optional<std::int64_t>, kColumns> v;
            for (std::size_t i = kSeconds; i < kColumns; ++i)
                v[i] = parseScaled(f[i], i == kSeconds ? kNanosPerSecond : kNanosPerMilli);
            if (std::any_of(v.begin() + kSeconds, v.end(), [](auto &one) { return !one; }))
                return false;
            const RequestRow request{.beginEpochNs = *v[kSeconds],
                                     .latency = Duration{*v[kTotal]},
                                     .endpoint = "(all requests)", // the URL is not in the file
                                     .connect = Duration{std::max<std::int64_t>(*v[kConnect], 0)},
                                     .firstByte = Duration{std::clamp<std::int64_t>(
                                         saturatingAdd(*v[kConnect], *v[kWait]), 0,
                                         std::max<std::int64_t>(*v[kTotal], 0))}};
            // Not rows.add(): they are in no order of time.
            if (request.latency == Duration{0})
                rows.note(Severity::Info, "zero_latency", offset, "a latency of zero");
            rows.writer().add(request, offset);
            return true;
        }));
        rows.note(Severity::Info, "whole_milliseconds", 0,
                  "ab -g has latencies in whole milliseconds, starts in whole seconds, and neither "
                  "status codes nor requests without an answer");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeAbGnuplot()
{
    return std::make_unique<AbGnuplot>();
}

} // namespace flamewright
