#include "importers/formats.h"
#include "importers/text/number_text.h"
#include "importers/vegeta/vegeta_row.h"

#include <algorithm>

namespace flamewright {
namespace {

// vegeta encode -to csv: no header; 9 columns, and 12 from 12.8.0 on:
//   time ns, code, latency ns, bytes out, bytes in, error, body, attack, seq [, method, URL, headers]
constexpr FormatInfo kFormat{"vegeta-csv", "vegeta CSV", "csv", "load test"};

enum Column : std::size_t {
    kTime,
    kCode,
    kLatency,
    kBytesOut,
    kBytesIn,
    kError,
    kBody,
    kAttack,
    kSeq,
    kFewestColumns,
    kMethod = kFewestColumns,
    kUrl,
    kHeaders,
    kMostColumns
};

bool row(RequestRows &rows, RequestRows::Fields f, std::uint64_t offset)
{
    if (f.size() != kFewestColumns && f.size() != kMostColumns)
        return false;
    const auto time = parseInteger(f[kTime]), latency = parseInteger(f[kLatency]);
    const auto code = parseUnsigned(f[kCode]), out = parseUnsigned(f[kBytesOut]),
               in = parseUnsigned(f[kBytesIn]);
    if (!time || !latency || !code || !out || !in)
        return false;
    VegetaResult result{.epochNs = *time,
                        .latencyNs = *latency,
                        .code = *code,
                        .bytesOut = *out,
                        .bytesIn = *in,
                        .error = f[kError],
                        .attack = f[kAttack]};
    if (f.size() == kMostColumns) {
        result.method = f[kMethod];
        result.url = f[kUrl];
    }
    return addVegetaResult(rows, result, offset);
}

class VegetaCsv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        // Bodies may be longer than the head: the numbers of the first line are enough.
        const auto head = textHead(probe);
        const auto line = std::string_view(head).substr(0, std::min(head.find('\n'), head.size()));
        const auto f = splitFields(line, ',');
        if (f.size() <= kBody || f[kTime].size() != 19 || f[kCode].size() > 3)
            return Match::No;
        const bool numbers = std::all_of(f.begin(), f.begin() + kError,
                                         [](auto one) { return parseInteger(one).has_value(); });
        return numbers ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        RequestRows rows(run, "vegeta", {});
        run.sink.provenance("tool", "vegeta");
        std::uint64_t count = 0;
        FW_TRY(rows.forEach([&](RequestRows::Fields f, std::uint64_t offset) {
            const bool good = row(rows, f, offset);
            count += good ? 1 : 0;
            return good;
        }));
        if (count == 0)
            return fail(Errc::Corrupt, "no line has the columns of vegeta's CSV");
        return {};
    }
};

} // namespace

std::unique_ptr<Importer> makeVegetaCsv()
{
    return std::make_unique<VegetaCsv>();
}

} // namespace flamewright
