#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/load/request_rows.h"
#include "importers/load/unit_text.h"
#include "importers/siege/siege_figures.h"
#include "importers/text/date_text.h"
#include "importers/text/number_text.h"

#include <string>

namespace flamewright {
namespace {

// What siege prints: with --verbose a line for every answer, and its figures at the end.
//   [Fri, 2026-11-20 22:29:14] HTTP/1.1 201     0.03 secs:     544 bytes ==> POST http://host/path
// Times are seconds with two decimals; the clock is local, its zone is not written, and may be absent.
// https://github.com/JoeDog/siege
constexpr FormatInfo kFormat{"siege", "siege", "txt;log", "load test"};

struct Answer {
    std::optional<ParsedDate> date;
    std::string_view status;
    std::int64_t latencyNs = 0;
    std::uint64_t bytes = 0;
    std::string_view endpoint; // "POST http://host/path"
};

std::string_view takeWord(std::string_view &rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
}

std::optional<Answer> parseAnswer(std::string_view line)
{
    // Colours around it.
    if (line.starts_with('\x1b'))
        line.remove_prefix(std::min(line.find('m') + 1, line.size()));
    if (const auto escape = line.find('\x1b'); escape != line.npos)
        line = line.substr(0, escape);
    Answer out;
    if (line.starts_with('[')) {
        const auto end = line.find("] ");
        const auto comma = line.find(", ");
        if (end == line.npos)
            return std::nullopt;
        out.date = parseDate(
            line.substr(comma < end ? comma + 2 : 1, end - (comma < end ? comma + 2 : 1)));
        line.remove_prefix(end + 2);
    }
    if (!line.starts_with("HTTP/"))
        return std::nullopt;
    takeWord(line);
    out.status = takeWord(line);
    const auto latency = parseScaled(takeWord(line), 1'000'000'000);
    const auto secs = takeWord(line);
    const auto bytes = parseUnsigned(takeWord(line));
    const auto word = takeWord(line);
    if (!parseUnsigned(out.status) || !latency || secs != "secs:" || !bytes || word != "bytes" ||
        takeWord(line) != "==>")
        return std::nullopt;
    out.latencyNs = *latency;
    out.bytes = *bytes;
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    out.endpoint = line;
    return out;
}

class SiegeReader {
public:
    explicit SiegeReader(ImportRun run)
        : m_run(run),
          m_rows(run, "siege", {.separator = '\n', .quote = 0}),
          m_figures(run.sink)
    {}

    Result<> run()
    {
        m_run.sink.provenance("tool", "siege");
        std::uint64_t answers = 0;
        FW_TRY(m_rows.forEach([&](RequestRows::Fields f, std::uint64_t offset) {
            const auto answer = parseAnswer(f[0]);
            if (answer) {
                ++answers;
                add(*answer, offset);
            } else if (!m_figures.line(f[0]) && f[0].find("HTTP/") != std::string_view::npos) {
                return false;
            }
            return true;
        }));
        if (m_figures.finish() == 0 && answers == 0)
            return fail(Errc::Corrupt, "there is neither an answer nor a figure of siege in it");
        if (answers > 0)
            m_rows.note(
                Severity::Info, "hundredths", 0,
                "siege prints hundredths of seconds and whole seconds of a clock whose zone it "
                "does not name: latencies are rough, and starts are up to a second off");
        return {};
    }

private:
    // The line was printed when the answer came.
    void add(const Answer &answer, std::uint64_t offset)
    {
        std::string endpoint(answer.endpoint);
        // "GET  /path": two blanks.
        if (const auto blanks = endpoint.find("  "); blanks != endpoint.npos)
            endpoint.erase(blanks, 1);
        const auto status = *parseUnsigned(answer.status);
        RequestRow row{.latency = Duration{answer.latencyNs},
                       .endpoint = endpoint,
                       .status = answer.status,
                       .ok = status >= 200 && status < 400,
                       .bytesIn = answer.bytes};
        if (answer.date)
            row.beginEpochNs = saturatingSub(answer.date->epochNs, answer.latencyNs);
        m_rows.add(row, offset);
    }

    ImportRun m_run;
    RequestRows m_rows;
    SiegeFigures m_figures;
};

class Siege final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        if (head.starts_with('{'))
            return headHasSiegeKeys(head) ? Match::Strong : Match::No;
        int answers = 0;
        bool banner = false;
        forEachHeadLine(probe, [&](std::string_view line) {
            banner = banner || line.starts_with("** SIEGE ") ||
                     (line.starts_with("Transactions:") && line.ends_with(" hits"));
            answers += parseAnswer(line) ? 1 : 0;
            return !banner && answers < 3;
        });
        return banner || answers > 0 ? Match::Strong : Match::No;
    }
    Result<> run(ImportRun run) const override { return SiegeReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeSiege()
{
    return std::make_unique<Siege>();
}

} // namespace flamewright
