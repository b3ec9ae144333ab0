#include "importers/pprof/sample_labels.h"

#include "importers/json_text.h"

#include <algorithm>
#include <charconv>

namespace flamewright::pprof {
namespace {

constexpr std::string_view kTimestampKey = "end_timestamp_ns";

// Lower case, '_' and '-' as space: "Thread ID" is "thread_id".
std::string plainKey(std::string_view key)
{
    std::string out(key.substr(0, 32));
    for (auto &c : out) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        else if (c == '_' || c == '-')
            c = ' ';
    }
    return out;
}

std::int64_t idOf(std::string_view text, std::int64_t number)
{
    if (text.empty())
        return number >= 0 ? number : -1;
    std::int64_t out = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && out >= 0 ? out : -1;
}

void appendValue(std::string &out, const Tables &tables, const Label &label, std::string_view key)
{
    if (label.text != 0) {
        appendJsonString(out, tables.text(label.text));
        return;
    }
    const auto unit = tables.text(label.unit);
    if (unit.empty() || unit == key) {
        out += std::to_string(label.number);
        return;
    }
    out += "{\"value\":" + std::to_string(label.number) + ",\"unit\":";
    appendJsonString(out, unit);
    out += '}';
}

} // namespace

LabelFacts factsOf(const Tables &tables, const std::vector<Label> &labels)
{
    LabelFacts out;
    int timestamps = 0;
    for (const auto &label : labels) {
        const auto key = tables.text(label.key);
        const auto text = tables.text(label.text);
        if (key == kTimestampKey && label.text == 0) {
            out.endTimestampNs = label.number;
            ++timestamps;
            continue;
        }
        const auto plain = plainKey(key);
        if (plain == "thread id" || plain == "tid" || plain == "os thread id")
            out.tid = std::max(out.tid, idOf(text, label.number));
        else if (plain == "process id" || plain == "pid")
            out.pid = idOf(text, label.number);
        else if (plain == "thread name" || plain == "thread")
            out.thread = text;
        else if (plain == "process name" || plain == "comm")
            out.process = text;
    }
    if (timestamps > 1)
        out.endTimestampNs.reset();
    return out;
}

std::optional<std::string> labelJson(const Tables &tables, const std::vector<Label> &labels)
{
    const auto timestamps = std::count_if(labels.begin(), labels.end(), [&](const Label &l) {
        return l.text == 0 && tables.text(l.key) == kTimestampKey;
    });
    std::vector<const Label *> order;
    for (const auto &label : labels) {
        if (timestamps == 1 && label.text == 0 && tables.text(label.key) == kTimestampKey)
            continue;
        order.push_back(&label);
    }
    std::stable_sort(order.begin(), order.end(), [&](const Label *a, const Label *b) {
        return tables.text(a->key) < tables.text(b->key);
    });
    std::string out;
    for (std::size_t i = 0; i < order.size();) {
        const auto key = tables.text(order[i]->key);
        auto end = i + 1;
        while (end < order.size() && tables.text(order[end]->key) == key)
            ++end;
        out += out.empty() ? '{' : ',';
        appendJsonString(out, key);
        out += ':';
        const bool several = end - i > 1;
        out += several ? "[" : "";
        for (auto first = i; i < end; ++i) {
            out += i == first ? "" : ",";
            appendValue(out, tables, *order[i], key);
            if (out.size() > kMaxLabelText)
                return std::nullopt;
        }
        out += several ? "]" : "";
    }
    if (!out.empty())
        out += '}';
    return out;
}

} // namespace flamewright::pprof
