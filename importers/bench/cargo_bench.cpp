#include "importers/bench/criterion.h"
#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/load/unit_text.h"
#include "importers/text/json_lines.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace flamewright {
namespace {

// What cargo bench prints: criterion.rs' estimates, "name  time:   [1.21 ns 1.25 ns 1.29 ns]", and the
// lines of Rust's own harness, "test name ... bench:   3,296 ns/iter (+/- 521)", which criterion can
// write too. No samples in either. https://bheisler.github.io/criterion.rs/book
constexpr FormatInfo kFormat{"cargo-bench", "cargo bench", "txt", "benchmarks"};

constexpr unsigned kLinesPerCheck = 256;
constexpr std::string_view kTime = "time:", kThroughput = "thrpt:", kChange = "change:";
constexpr std::string_view kTest = "test ", kBench = " ... bench:", kFailed = " ... FAILED";

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// The next word; empty at the end.
std::string_view takeWord(std::string_view &rest)
{
    rest = trimmed(rest);
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

// "3,296" and "+1.5" are numbers.
std::optional<double> printedNumber(std::string_view text)
{
    std::string plain(text.substr(text.starts_with('+') ? 1 : 0));
    std::erase(plain, ',');
    return parseDouble(plain);
}

// Terminals are told colours by ESC [ ... letter.
std::string withoutColours(std::string_view line)
{
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\x1b') {
            out += line[i];
            continue;
        }
        if (i + 1 < line.size() && line[i + 1] == '[') {
            ++i;
            while (i + 1 < line.size() && (line[i + 1] < '@' || line[i + 1] > '~'))
                ++i;
            ++i;
        }
    }
    return out;
}

// "[320.62 ps 323.90 ps 327.55 ps]" or "[-2.05% -0.25% +1.63%]": low, estimate, high, of one unit or
// of three.
struct Triple {
    struct Value {
        double value = 0;
        std::string_view unit;
    };
    std::array<Value, 3> values;
};
std::optional<Triple> tripleOf(std::string_view text)
{
    text = trimmed(text);
    const auto end = text.find(']');
    if (!text.starts_with('[') || end == text.npos)
        return std::nullopt;
    auto rest = text.substr(1, end - 1);
    Triple out;
    for (auto &one : out.values) {
        auto word = takeWord(rest);
        const bool percent = word.ends_with('%');
        if (percent)
            word.remove_suffix(1);
        const auto number = printedNumber(word);
        if (!number)
            return std::nullopt;
        one.value = percent ? *number / 100 : *number;
        one.unit = percent ? std::string_view("%") : takeWord(rest);
        if (one.unit.empty())
            return std::nullopt;
    }
    return trimmed(rest).empty() ? std::optional(out) : std::nullopt;
}

// A line of criterion's: what is before the key, and what the key is of.
struct Measurement {
    std::string_view before;
    std::string_view key;
    Triple triple;
};
std::optional<Measurement> measurementOf(std::string_view line)
{
    for (const auto key : {kTime, kThroughput, kChange}) {
        // The last one: names may have colons.
        const auto at = line.rfind(key);
        if (at == line.npos || (at > 0 && line[at - 1] != ' '))
            continue;
        if (const auto triple = tripleOf(line.substr(at + key.size())))
            return Measurement{trimmed(line.substr(0, at)), key, *triple};
    }
    return std::nullopt;
}

class Lines {
public:
    explicit Lines(ImportRun run) : m_run(run), m_out(run.sink) {}

    void read(const JsonLines::Line &line)
    {
        const auto text = withoutColours(line.text);
        if (text.starts_with(kTest)) {
            harness(text, line.offset);
        } else if (const auto found = measurementOf(text)) {
            criterion(*found);
        }
        if (const auto words = trimmed(text); !words.empty())
            m_before = words;
    }
    std::uint64_t given() const { return m_out.given(); }

private:
    void criterion(const Measurement &found)
    {
        const bool change = found.triple.values[0].unit == "%";
        // A long name stands on a line of its own.
        if (!found.before.empty())
            m_name = found.before;
        else if (!change && found.key == kTime)
            m_name = m_before;
        const bool throughput = found.key == kThroughput;
        const auto *const metric =
            change       ? throughput ? "change of the throughput" : "change of the time"
            : throughput ? "throughput"
                         : "time";
        constexpr std::array<std::string_view, 3> kStatistics{"typical low", "typical",
                                                              "typical high"};
        for (std::size_t i = 0; i < kStatistics.size(); ++i) {
            const auto &one = found.triple.values[i];
            m_out.computed({.name = m_name,
                            .metric = metric,
                            .unit = change ? std::string_view() : one.unit,
                            .method = kCriterionMethod},
                           kStatistics[i], one.value);
        }
    }

    void harness(std::string_view line, std::uint64_t offset)
    {
        if (line.ends_with(kFailed)) {
            m_run.sink.note(Severity::Notice, "benchmark_failed", offset, line);
            return;
        }
        const auto at = line.rfind(kBench);
        if (at == line.npos || at < kTest.size())
            return;
        auto rest = line.substr(at + kBench.size());
        const auto value = printedNumber(takeWord(rest));
        const auto unit = takeWord(rest);
        const auto sign = takeWord(rest);
        auto word = takeWord(rest);
        word = word.substr(0, word.find(')'));
        const auto spread = printedNumber(word);
        if (!value || unit.empty() || sign != "(+/-" || !spread) {
            m_run.sink.note(Severity::DataLoss, "cargo_bench_bad_line", offset,
                            "the line of a benchmark has no value and spread");
            return;
        }
        const BenchmarkSubject subject{.name =
                                           trimmed(line.substr(kTest.size(), at - kTest.size())),
                                       .unit = unit,
                                       .method = "cargo bench"};
        m_out.computed(subject, "estimate", *value);
        m_out.computed(subject, "+/-", *spread);
    }

    ImportRun m_run;
    BenchmarkWriter m_out;
    std::string m_before; // the line before, without spaces
    std::string m_name;   // of the benchmark whose lines are read
};

class CargoBench final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        std::string_view rest = head;
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            auto line = rest.substr(0, end);
            rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if ((line.starts_with(kTest) && line.find(kBench) != line.npos &&
                 line.find("(+/-") != line.npos) ||
                measurementOf(withoutColours(line)))
                return Match::Strong;
        }
        return Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        TextSource text(run.input);
        JsonLines lines(text);
        run.sink.provenance("tool", "cargo bench");
        Lines out(run);
        for (unsigned n = 0;; ++n) {
            if (n % kLinesPerCheck == 0)
                FW_TRY(run.job.checkpoint());
            FW_ASSIGN(const auto line, lines.next());
            if (!line)
                break;
            if (line->state == JsonLines::State::TooLong)
                run.sink.note(Severity::DataLoss, "cargo_bench_long_line", line->offset,
                              "a line was longer than any result");
            else
                out.read(*line);
            FW_TRY(run.sink.status());
        }
        FW_TRY(run.job.checkpoint());
        if (out.given() == 0)
            return fail(Errc::Corrupt, "there is no result of a benchmark in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeCargoBench()
{
    return std::make_unique<CargoBench>();
}

} // namespace flamewright
