#include "importers/bench/benchmark_writer.h"
#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/load/unit_text.h"
#include "importers/text/json_lines.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {
namespace {

// go test -bench: a line per repetition, "BenchmarkName-8  5000  234.5 ns/op  16 B/op", between lines
// of configuration ("goos: linux") and whatever else the tests print.
// https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md
constexpr FormatInfo kFormat{"go-bench", "go test -bench", "txt;bench", "benchmarks"};

constexpr std::string_view kPrefix = "Benchmark";
constexpr unsigned kLinesPerCheck = 256;
constexpr std::size_t kMaxKeys = 1u << 20; // repetitions are counted for so many benchmarks

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

void splitFields(std::string_view line, std::vector<std::string_view> &out)
{
    out.clear();
    std::size_t at = 0;
    while (at < line.size()) {
        while (at < line.size() && isSpace(line[at]))
            ++at;
        const auto begin = at;
        while (at < line.size() && !isSpace(line[at]))
            ++at;
        if (at > begin)
            out.push_back(line.substr(begin, at - begin));
    }
}

// "BenchmarkX 1000 12.5 ns/op ...": a name, a count and pairs.
bool isResult(const std::vector<std::string_view> &fields)
{
    return fields.size() >= 4 && fields.size() % 2 == 0 && fields[0].starts_with(kPrefix) &&
           parseUnsigned(fields[1]) && parseDouble(fields[2]);
}

// "key: value" or "key:", the key without spaces and capitals and not beginning with anything else
// than a small letter.
struct Setting {
    std::string_view key, value;
};
std::optional<Setting> settingOf(std::string_view line)
{
    const auto colon = line.find(':');
    if (colon == 0 || colon == line.npos || line[0] < 'a' || line[0] > 'z')
        return std::nullopt;
    const auto key = line.substr(0, colon);
    if (std::any_of(key.begin(), key.end(),
                    [](char c) { return isSpace(c) || (c >= 'A' && c <= 'Z'); }))
        return std::nullopt;
    auto value = line.substr(colon + 1);
    if (!value.empty() && !isSpace(value[0]))
        return std::nullopt; // "http://..." and the like
    while (!value.empty() && isSpace(value.front()))
        value.remove_prefix(1);
    while (!value.empty() && isSpace(value.back()))
        value.remove_suffix(1);
    return Setting{key, value};
}

class Lines {
public:
    explicit Lines(ImportRun run) : m_run(run), m_out(run.sink) {}

    void line(const JsonLines::Line &line);
    void tooLong(std::uint64_t offset)
    {
        m_run.sink.note(Severity::DataLoss, "go_bench_long_line", offset,
                        "a line was longer than any result");
    }
    std::uint64_t given() const { return m_out.given(); }

private:
    // name: with its prefix; m_fields: the name or nothing, then count and pairs.
    void result(std::string_view name, std::size_t count, const JsonLines::Line &line);
    std::uint32_t repetitionOf(std::string_view name);

    ImportRun m_run;
    BenchmarkWriter m_out;
    BenchmarkLabels m_settings;
    std::string m_labels;
    std::vector<std::string_view> m_fields;
    // Of a line that something else wrote into the middle of: go prints the name before it measures.
    std::string m_pending;
    std::map<std::string, std::uint32_t, std::less<>> m_seen; // by labels and name
};

void Lines::line(const JsonLines::Line &line)
{
    const auto text = line.text;
    if (text.starts_with(kPrefix)) {
        splitFields(text, m_fields);
        m_pending.clear();
        if (isResult(m_fields))
            result(m_fields[0], 1, line);
        else if (m_fields.size() > 1 && parseUnsigned(m_fields[1]))
            m_run.sink.note(Severity::DataLoss, "go_bench_bad_line", line.offset,
                            "the line of a benchmark is no name, count and values with units");
        else if (text.size() > m_fields[0].size() && text.find('\t') != text.npos)
            m_pending = m_fields[0];
        return; // -v names a benchmark before its result
    }
    if (!m_pending.empty() && !text.empty() && isSpace(text[0])) {
        splitFields(text, m_fields);
        if (m_fields.size() >= 3 && m_fields.size() % 2 == 1 && parseUnsigned(m_fields[0]) &&
            parseDouble(m_fields[1])) {
            m_run.sink.note(Severity::Info, "go_bench_rejoined", line.offset,
                            "other output stood between the name of a benchmark and its result");
            result(std::exchange(m_pending, {}), 0, line);
            return;
        }
    }
    if (text.starts_with("--- FAIL: ") || text.starts_with("FAIL\t")) {
        m_run.sink.note(Severity::Notice, "benchmark_failed", line.offset, text);
        return;
    }
    const auto setting = settingOf(text);
    if (!setting)
        return;
    m_settings.set(setting->key, setting->value);
    m_labels = m_settings.json();
    if (setting->key == "goos")
        m_run.sink.provenance("os", setting->value);
    else if (setting->key == "goarch")
        m_run.sink.provenance("arch", setting->value);
    else if (setting->key == "cpu")
        m_run.sink.provenance("cpu", setting->value);
}

std::uint32_t Lines::repetitionOf(std::string_view name)
{
    const auto key = m_labels + '\n' + std::string(name);
    if (m_seen.size() >= kMaxKeys && !m_seen.contains(key))
        return 0;
    return m_seen[key]++;
}

void Lines::result(std::string_view name, std::size_t count, const JsonLines::Line &line)
{
    if (name.size() > kPrefix.size())
        name.remove_prefix(kPrefix.size());
    const BenchmarkPlace place{.repetition = repetitionOf(name),
                               .iterations = *parseUnsigned(m_fields[count])};
    for (std::size_t i = count + 1; i + 1 < m_fields.size(); i += 2) {
        const auto value = parseDouble(m_fields[i]);
        if (!value) {
            m_run.sink.note(Severity::DataLoss, "go_bench_bad_value", line.offset,
                            "a value of a benchmark is not a number");
            continue;
        }
        m_out.measured(
            {.name = name, .metric = m_fields[i + 1], .unit = m_fields[i + 1], .labels = m_labels},
            place, *value);
    }
    if (line.state == JsonLines::State::Cut)
        m_run.sink.note(Severity::Notice, "go_bench_cut", line.offset,
                        "the last line has no end; its last unit may be shorter than it was");
}

class GoBench final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        std::vector<std::string_view> fields;
        std::string_view rest = head;
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            auto line = rest.substr(0, end);
            rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
            if (!line.starts_with(kPrefix))
                continue;
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            splitFields(line, fields);
            if (isResult(fields))
                return Match::Strong;
        }
        return Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        TextSource text(run.input);
        JsonLines lines(text);
        run.sink.provenance("tool", "go test");
        Lines out(run);
        for (unsigned n = 0;; ++n) {
            if (n % kLinesPerCheck == 0)
                FW_TRY(run.job.checkpoint());
            FW_ASSIGN(const auto line, lines.next());
            if (!line)
                break;
            if (line->state == JsonLines::State::TooLong)
                out.tooLong(line->offset);
            else
                out.line(*line);
            FW_TRY(run.sink.status());
        }
        FW_TRY(run.job.checkpoint());
        if (out.given() == 0)
            return fail(Errc::Corrupt, "there is no result of a benchmark in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeGoBench()
{
    return std::make_unique<GoBench>();
}

} // namespace flamewright
