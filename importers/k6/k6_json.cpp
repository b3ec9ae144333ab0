#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/k6/k6_points.h"
#include "importers/text/date_text.h"
#include "importers/text/json_lines.h"

#include <simdjson.h>
#include <string>
#include <vector>

namespace flamewright {
namespace {

// What `k6 run --out json=FILE` writes: a JSON object a line, a "Metric" before the first "Point" of
// each metric. https://grafana.com/docs/k6/latest/results-output/real-time/json/
constexpr FormatInfo kFormat{"k6-json", "k6 JSON lines", "json;jsonl;ndjson", "load test"};

constexpr unsigned kLinesPerCheck = 1024;
constexpr std::size_t kMaxThresholds = 100; // of a metric
constexpr std::size_t kMaxThresholdText = 16u << 10;

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

// The text of a string or number. Escapes are rare; without any, the text is in the line itself.
std::optional<std::string_view> textOf(value v)
{
    auto token = v.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
        token.remove_suffix(1);
    if (token.size() >= 2 && token.front() == '"' && token.back() == '"' &&
        token.find('\\') == std::string_view::npos)
        return token.substr(1, token.size() - 2);
    if (token.empty() || token.front() == '{' || token.front() == '[' || token == "null")
        return std::nullopt;
    if (token.front() != '"')
        return token;
    std::string_view text;
    if (v.get_string().get(text) != simdjson::SUCCESS)
        return std::nullopt;
    return text;
}

// One line, whatever the order of its keys; views into the line.
struct Line {
    std::string_view type, metric;
    std::string_view time, value; // of a point
    std::string_view tags, vu;    // `tags`: an object as it lies in the file, or empty
    std::string_view contains;    // of a metric
    std::vector<std::string> thresholds;
};

bool readThresholds(value v, Line &out)
{
    simdjson::ondemand::array list;
    if (v.get_array().get(list) != simdjson::SUCCESS)
        return true; // null, or something that is none of ours
    for (auto item : list) {
        value element;
        if (item.get(element) != simdjson::SUCCESS)
            return false;
        if (const auto text = textOf(element); text && out.thresholds.size() < kMaxThresholds)
            out.thresholds.emplace_back(*text);
    }
    return true;
}

bool readMetadata(value v, Line &out)
{
    simdjson::ondemand::object object;
    if (v.get_object().get(object) != simdjson::SUCCESS)
        return true;
    for (auto field : object) {
        std::string_view key;
        value member;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
            field.value().get(member) != simdjson::SUCCESS)
            return false;
        if (key == "vu")
            out.vu = textOf(member).value_or("");
    }
    return true;
}

bool readData(simdjson::ondemand::object object, Line &out)
{
    for (auto field : object) {
        simdjson::ondemand::raw_json_string key;
        value member;
        if (field.key().get(key) != simdjson::SUCCESS ||
            field.value().get(member) != simdjson::SUCCESS)
            return false;
        if (key == "time") {
            out.time = textOf(member).value_or("");
        } else if (key == "value") {
            out.value = textOf(member).value_or("");
        } else if (key == "tags") {
            simdjson::ondemand::object tags;
            if (member.get_object().get(tags) == simdjson::SUCCESS &&
                tags.raw_json().get(out.tags) != simdjson::SUCCESS)
                return false;
        } else if (key == "metadata") {
            if (!readMetadata(member, out))
                return false;
        } else if (key == "contains") {
            out.contains = textOf(member).value_or("");
        } else if (key == "thresholds") {
            if (!readThresholds(member, out))
                return false;
        }
    }
    return true;
}

bool readLine(simdjson::ondemand::parser &parser, const JsonLines::Line &text, Line &out)
{
    out.type = out.metric = out.time = out.value = out.tags = out.vu = out.contains = {};
    out.thresholds.clear();
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (parser.iterate(text.text.data(), text.text.size(), text.readable()).get(document) !=
            simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS)
        return false;
    for (auto field : object) {
        simdjson::ondemand::raw_json_string key;
        value member;
        if (field.key().get(key) != simdjson::SUCCESS ||
            field.value().get(member) != simdjson::SUCCESS)
            return false;
        if (key == "type") {
            out.type = textOf(member).value_or("");
        } else if (key == "metric") {
            out.metric = textOf(member).value_or("");
        } else if (key == "data") {
            simdjson::ondemand::object data;
            if (member.get_object().get(data) != simdjson::SUCCESS || !readData(data, out))
                return false;
        }
    }
    // Nothing may follow the object.
    const char *rest = nullptr;
    return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

bool isK6(const Line &line)
{
    return !line.metric.empty() && (line.type == "Metric" || line.type == "Point");
}

class K6JsonReader {
public:
    explicit K6JsonReader(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_text(run.input),
          m_lines(m_text),
          m_points(run.sink)
    {}
    Result<> run();

private:
    void line(const JsonLines::Line &text);
    void point(const Line &line, std::uint64_t offset);
    const K6Tags *tagsOf(std::string_view raw);
    std::optional<std::int64_t> timeOf(std::string_view text);

    ImportRun m_run;
    RecordSink &m_sink;
    TextSource m_text;
    JsonLines m_lines;
    K6TagCache m_tags;
    K6Points m_points;
    simdjson::ondemand::parser m_parser;
    simdjson::dom::parser m_tagParser;
    Line m_line;
    std::string m_lastTime; // the samples of a request have the same
    std::int64_t m_lastEpochNs = 0;
    std::string m_thresholds;
};

std::optional<std::int64_t> K6JsonReader::timeOf(std::string_view text)
{
    if (!text.empty() && text == m_lastTime)
        return m_lastEpochNs;
    const auto date = parseDate(text);
    if (!date)
        return std::nullopt;
    m_lastTime = text;
    return m_lastEpochNs = date->epochNs;
}

// Null when the tags are not what they should be.
const K6Tags *K6JsonReader::tagsOf(std::string_view raw)
{
    if (const auto *known = m_tags.find(raw))
        return known;
    if (m_tags.full())
        m_points.flush();
    std::vector<K6Tag> tags;
    if (!raw.empty()) {
        // Copies: this happens once per set of tags, and the line is being read already.
        simdjson::dom::object object;
        if (m_tagParser.parse(raw.data(), raw.size()).get(object) != simdjson::SUCCESS)
            return nullptr;
        for (const auto field : object) {
            std::string_view text;
            if (field.value.get(text) == simdjson::SUCCESS)
                tags.emplace_back(field.key, text);
        }
    }
    return m_tags.add(raw, tags);
}

void K6JsonReader::point(const Line &line, std::uint64_t offset)
{
    const auto time = timeOf(line.time);
    const auto *tags = time ? tagsOf(line.tags) : nullptr;
    if (tags == nullptr) {
        m_sink.note(Severity::DataLoss, "k6_bad_point", offset,
                    time ? "the tags of a sample are damaged"
                         : "a sample without a time that can be read: " + std::string(line.time));
        return;
    }
    m_points.add({.metric = line.metric,
                  .epochNs = *time,
                  .value = line.value,
                  .tags = tags,
                  .vu = line.vu,
                  .offset = offset});
}

void K6JsonReader::line(const JsonLines::Line &text)
{
    if (text.state == JsonLines::State::TooLong) {
        m_sink.note(Severity::DataLoss, "k6_long_line", text.offset,
                    "a line that is too long for a sample was skipped");
        return;
    }
    if (text.text.find_first_not_of(" \t\r") == std::string_view::npos)
        return;
    if (!readLine(m_parser, text, m_line)) {
        const bool cut = text.state == JsonLines::State::Cut;
        m_sink.note(Severity::DataLoss, cut ? "k6_cut_line" : "k6_bad_line", text.offset,
                    cut ? "the file ends within a line; k6 was stopped while writing"
                        : text.text.substr(0, 80));
        return;
    }
    if (!isK6(m_line)) {
        m_sink.note(Severity::Notice, "k6_unknown_line", text.offset, text.text.substr(0, 80));
        return;
    }
    if (m_line.type == "Point") {
        point(m_line, text.offset);
        return;
    }
    m_points.describe(m_line.metric, m_line.contains);
    // Files that were put together describe every metric several times.
    for (const auto &threshold : m_line.thresholds) {
        const auto rule = std::string(m_line.metric) + ' ' + threshold;
        if (m_thresholds.find(rule) == std::string::npos && m_thresholds.size() < kMaxThresholdText)
            m_thresholds += (m_thresholds.empty() ? "" : "; ") + rule;
    }
}

Result<> K6JsonReader::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    m_sink.provenance("tool", "k6");
    unsigned untilCheck = kLinesPerCheck;
    for (;;) {
        FW_ASSIGN(const auto text, m_lines.next());
        if (!text)
            break;
        line(*text);
        if (--untilCheck == 0) {
            untilCheck = kLinesPerCheck;
            m_run.job.setDone(text->offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    m_points.finish();
    m_sink.provenance("thresholds", m_thresholds);
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class K6Json final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        auto head = textHead(probe);
        const auto begin = head.find_first_not_of(" \t\r\n");
        if (begin == std::string::npos || head[begin] != '{')
            return Match::No;
        const auto end = std::min(head.find('\n', begin), head.size());
        auto first = head.substr(begin, end - begin);
        const auto length = first.size();
        first.append(JsonLines::kPadding, '\0');
        simdjson::ondemand::parser parser;
        Line line;
        const bool read =
            readLine(parser, {.text = std::string_view(first).substr(0, length)}, line);
        return read && isK6(line) ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return K6JsonReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeK6Json()
{
    return std::make_unique<K6Json>();
}

} // namespace flamewright
