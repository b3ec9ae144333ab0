#include "app/span_rows.h"
#include "capture/session/chunk_codec.h"

#include <algorithm>
#include <simdjson.h>
#include <unordered_map>

// The attributes of spans: texts are not held in memory, they are read page by page.
namespace flamewright {
namespace {

// What wants a text: sorted by text.
struct Wanted {
    std::uint32_t text = 0;
    std::uint32_t index = 0; // of whatever the caller counts
};

// Gives each text of `wanted` once, with all that want it.
template <class Each>
Result<> readTexts(SessionReader &reader, CaptureId capture, std::vector<Wanted> wanted,
                   JobContext &job, Each each)
{
    std::sort(wanted.begin(), wanted.end(), [](const Wanted &a, const Wanted &b) {
        return std::pair(a.text, a.index) < std::pair(b.text, b.index);
    });
    std::size_t next = 0;
    return reader.scan(capture, ChunkKind::Texts, {}, job, [&](const Chunk &chunk) -> Result<> {
        FW_TRY(job.checkpoint());
        if (next == wanted.size() || wanted[next].text >= chunk.firstRow + chunk.rows)
            return {};
        FW_ASSIGN(const auto page, decodeStrings(chunk));
        while (next < wanted.size() && wanted[next].text < chunk.firstRow + page.size()) {
            const auto text = wanted[next].text;
            const auto first = next;
            while (next < wanted.size() && wanted[next].text == text)
                ++next;
            if (text >= chunk.firstRow) // otherwise a page is missing: a damaged session
                each(page.at(static_cast<std::size_t>(text - chunk.firstRow)),
                     std::span(wanted).subspan(first, next - first));
        }
        return {};
    });
}

class AttributeCollector {
public:
    explicit AttributeCollector(const AttributeLimits &limits) : m_limits(limits) {}
    void add(std::string_view text, std::span<const Wanted> rows);
    SpanAttributes finish();

private:
    struct Key {
        SpanAttribute attribute;
        std::unordered_map<std::string, std::uint32_t> known;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> cells; // row, value
    };
    void add(std::string_view key, std::string value, std::span<const Wanted> rows);

    AttributeLimits m_limits;
    simdjson::dom::parser m_parser;
    std::vector<Key> m_keys;
    std::unordered_map<std::string, std::size_t> m_index;
    std::size_t m_bytes = 0;
    std::uint64_t m_leftOut = 0;
};

std::string valueText(simdjson::dom::element value)
{
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(value);
}

void AttributeCollector::add(std::string_view text, std::span<const Wanted> rows)
{
    simdjson::dom::object object;
    if (m_parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
        m_leftOut += rows.size();
        return;
    }
    for (const auto field : object)
        add(field.key, valueText(field.value), rows);
}

void AttributeCollector::add(std::string_view key, std::string value, std::span<const Wanted> rows)
{
    auto found = m_index.find(std::string(key));
    if (found == m_index.end()) {
        if (m_keys.size() == m_limits.keys) {
            m_leftOut += rows.size();
            return;
        }
        found = m_index.emplace(std::string(key), m_keys.size()).first;
        m_keys.emplace_back().attribute.key = std::string(key);
    }
    auto &column = m_keys[found->second];
    const auto known = column.known.find(value);
    std::uint32_t number = 0;
    if (known != column.known.end()) {
        number = known->second;
    } else {
        if (column.known.size() == m_limits.valuesOfKey ||
            value.size() > m_limits.bytes - m_bytes) {
            m_leftOut += rows.size();
            return;
        }
        m_bytes += value.size();
        number = static_cast<std::uint32_t>(column.known.size());
        column.attribute.values.push_back(value);
        column.known.emplace(std::move(value), number);
    }
    for (const auto &row : rows)
        column.cells.emplace_back(row.index, number);
}

SpanAttributes AttributeCollector::finish()
{
    SpanAttributes out;
    out.leftOut = m_leftOut;
    for (auto &key : m_keys) {
        std::sort(key.cells.begin(), key.cells.end());
        // An object may say the same key twice: the first counts.
        key.cells.erase(
            std::unique(key.cells.begin(), key.cells.end(),
                        [](const auto &a, const auto &b) { return a.first == b.first; }),
            key.cells.end());
        for (const auto &[row, value] : key.cells) {
            key.attribute.row.push_back(row);
            key.attribute.value.push_back(value);
        }
        key.cells = {};
        out.keys.push_back(std::move(key.attribute));
    }
    std::sort(out.keys.begin(), out.keys.end(),
              [](const SpanAttribute &a, const SpanAttribute &b) { return a.key < b.key; });
    return out;
}

} // namespace

Result<SpanAttributes> spanAttributes(SessionReader &reader, const SessionSpans &spans,
                                      JobContext &job, const AttributeLimits &limits)
{
    AttributeCollector collector(limits);
    std::vector<std::vector<Wanted>> wanted(spans.captures.size());
    for (std::uint32_t row = 0; row < spans.rows.size(); ++row) {
        if (const auto text = spans.rows.args[row].raw; text != 0)
            wanted[spans.capture[row]].push_back({text, row});
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!wanted[i].empty())
            FW_TRY(readTexts(reader, spans.captures[i], std::move(wanted[i]), job,
                             [&](std::string_view text, std::span<const Wanted> rows) {
                                 collector.add(text, rows);
                             }));
    }
    return collector.finish();
}

Result<std::vector<std::string>> spanTexts(SessionReader &reader, const SessionSpans &spans,
                                           std::span<const std::uint32_t> of, JobContext &job)
{
    std::vector<std::string> out(of.size());
    std::vector<std::vector<Wanted>> wanted(spans.captures.size());
    for (std::uint32_t i = 0; i < of.size(); ++i) {
        if (const auto text = spans.rows.args[of[i]].raw; text != 0)
            wanted[spans.capture[of[i]]].push_back({text, i});
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!wanted[i].empty())
            FW_TRY(readTexts(reader, spans.captures[i], std::move(wanted[i]), job,
                             [&](std::string_view text, std::span<const Wanted> places) {
                                 for (const auto &place : places)
                                     out[place.index] = text;
                             }));
    }
    return out;
}

} // namespace flamewright
