#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace flamewright {
namespace {

// phout.log of Phantom and Yandex.Tank: 12 columns without a header, separated by tabs, microseconds.
// https://yandextank.readthedocs.io/en/latest/core_and_modules.html#phout-format
constexpr FormatInfo kFormat{"phout", "Yandex.Tank phout", "log;phout;dat", "load test"};

constexpr std::int64_t kNanosPerSecond = 1'000'000'000, kNanosPerMicro = 1'000;

enum Column : std::size_t {
    kTime, // when it was sent: seconds since the epoch, three decimals
    kTag,  // "name#number of the ammo"
    kInterval,
    kConnect,
    kSend,
    kLatency, // from sent to the first byte
    kReceive,
    kIntervalEvent,
    kSizeOut,
    kSizeIn,
    kNetCode, // errno
    kProtoCode,
    kColumns
};

bool isRow(RequestRows::Fields f)
{
    if (f.size() != kColumns)
        return false;
    const auto time = f[kTime];
    if (time.size() != 14 || time[10] != '.' || !parseScaled(time, 1000))
        return false;
    return std::all_of(f.begin() + kInterval, f.end(),
                       [](auto one) { return parseInteger(one).has_value(); });
}

class PhoutReader {
public:
    explicit PhoutReader(ImportRun run) : m_rows(run, "phout", {.separator = '\t', .quote = 0}) {}

    Result<> run()
    {
        m_rows.sink().provenance("tool", "Yandex.Tank");
        std::uint64_t count = 0;
        FW_TRY(m_rows.forEach([&](RequestRows::Fields f, std::uint64_t offset) {
            const bool good = row(f, offset);
            count += good ? 1 : 0;
            return good;
        }));
        if (count == 0)
            return fail(Errc::Corrupt, "no line has the twelve columns of a phout");
        return {};
    }

private:
    bool row(RequestRows::Fields f, std::uint64_t offset)
    {
        if (f.size() != kColumns)
            return false;
        std::array<std::optional<std::int64_t>, kColumns> v;
        for (std::size_t i = 0; i < kColumns; ++i) {
            if (i == kTag)
                continue;
            const bool micros = i >= kInterval && i <= kIntervalEvent;
            v[i] = parseScaled(f[i], i == kTime ? kNanosPerSecond : micros ? kNanosPerMicro : 1);
            if (!v[i])
                return false;
        }
        const auto net = *v[kNetCode], proto = *v[kProtoCode];
        if (net < 0 || net > UINT16_MAX || proto < 0 || proto > UINT16_MAX || *v[kSizeIn] < 0 ||
            *v[kSizeOut] < 0)
            return false;
        auto tag = f[kTag].substr(0, f[kTag].find('#'));
        if (tag.empty())
            tag = "(no tag)";
        const auto first = saturatingAdd(saturatingAdd(*v[kConnect], *v[kSend]), *v[kLatency]);
        const auto error = net == 0 ? std::string() : netError(static_cast<int>(net));
        m_rows.add(
            {.beginEpochNs = *v[kTime],
             .latency = Duration{*v[kInterval]},
             .endpoint = tag,
             .status = f[kProtoCode],
             .ok =
                 net == 0 &&
                         proto<400, .error = error,
                               .bytesIn = static_cast<std::uint64_t>(*v[kSizeIn]),
                               .bytesOut = static_cast<std::uint64_t>(*v[kSizeOut]),
                               .connect = Duration{std::max<std::int64_t>(*v[kConnect], 0)},
                               // Some guns fill in the whole interval only, or timeouts for phases.
                               .firstByte = first> 0 &&
                         first <= *v[kInterval]
                     ? Duration{first}
                     : kUnknownDuration},
            offset);
        return true;
    }

    // The number that Linux gave, in words that every system gives it.
    static std::string netError(int number)
    {
        const char *text = strerrordesc_np(number);
        return "errno " + std::to_string(number) + ": " + (text != nullptr ? text : "unknown");
    }

    RequestRows m_rows;
};

class Phout final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override { return matchRows(probe, '\t', isRow); }

    Result<> run(ImportRun run) const override { return PhoutReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makePhout()
{
    return std::make_unique<Phout>();
}

} // namespace flamewright
