#include "analysis/compare/headlines.h"
#include "app/cli/diff_output.h"

#include <ostream>

namespace flamewright {
namespace {

void real(JsonWriter &w, std::string_view key, const std::optional<double> &value)
{
    w.key(key);
    if (value)
        w.value(*value);
    else
        w.null();
}

void texts(JsonWriter &w, std::string_view key, const std::vector<std::string> &values)
{
    w.key(key).beginArray();
    for (const auto &one : values)
        w.value(one);
    w.endArray();
}

void numbers(JsonWriter &w, std::string_view key, const std::vector<double> &values)
{
    w.key(key).beginArray();
    for (const auto one : values)
        w.value(one);
    w.endArray();
}

std::string_view nameOf(Better better)
{
    switch (better) {
    case Better::Lower: return "lower";
    case Better::Higher: return "higher";
    case Better::Neither: return "neither";
    }
    return "neither";
}

std::optional<double> low(const std::optional<ChangeInterval> &interval)
{
    return interval ? std::optional(interval->low) : std::nullopt;
}
std::optional<double> high(const std::optional<ChangeInterval> &interval)
{
    return interval ? std::optional(interval->high) : std::nullopt;
}

void writeExplanation(JsonWriter &w, const Explanation &explanation)
{
    w.beginObject()
        .field("of", explanation.of)
        .field("unit", explanation.unit)
        .field("per", explanation.per)
        .field("base", explanation.base)
        .field("cand", explanation.cand)
        .field("difference", explanation.cand - explanation.base);
    w.key("parts").beginArray();
    for (const auto &part : explanation.parts)
        w.beginObject()
            .field("name", part.name)
            .field("detail", part.detail)
            .field("base", part.base)
            .field("cand", part.cand)
            .field("difference", part.delta())
            .field("note", part.note)
            .endObject();
    w.endArray()
        .field("remainder", explanation.remainder)
        .field("method", explanation.method)
        .endObject();
}

void writeRemarks(JsonWriter &w, const std::vector<ComparabilityRemark> &remarks)
{
    w.key("remarks").beginArray();
    for (const auto &remark : remarks)
        w.beginObject()
            .field("weight", nameOf(remark.weight))
            .field("what", remark.what)
            .field("base", remark.base)
            .field("cand", remark.cand)
            .field("sentence", remark.sentence)
            .endObject();
    w.endArray();
}

void writeSection(JsonWriter &w, const ComparedSection &section, std::size_t limit)
{
    w.beginObject().field("kind", section.kind).field("title", section.title);
    texts(w, "base_captures", section.baseCaptures);
    texts(w, "cand_captures", section.candCaptures);
    const auto &by = section.normalisation;
    w.key("normalised")
        .beginObject()
        .field("by", nameOf(by.by))
        .field("per", by.per)
        .field("base", by.base)
        .field("cand", by.cand)
        .field("source", by.source)
        .endObject();
    w.field("blocked", section.isBlocked());
    writeRemarks(w, section.remarks);
    texts(w, "sentences", section.sentences);
    w.key("items").beginArray();
    std::size_t written = 0;
    for (const auto &item : section.items) {
        if (limit > 0 && written++ == limit)
            break;
        writeItemJson(w, item);
    }
    w.endArray().field("items_in_all", std::uint64_t{section.items.size()});
    w.key("explanations").beginArray();
    for (const auto &one : section.explanations)
        writeExplanation(w, one);
    w.endArray();
    texts(w, "notes", section.notes);
    w.field("method", section.method).endObject();
}

void writeSide(JsonWriter &w, std::string_view key, const ComparisonSide &side)
{
    w.key(key).beginObject().field("name", side.name);
    w.key("started_at_ns");
    if (side.startedAtNs)
        w.value(*side.startedAtNs);
    else
        w.null();
    texts(w, "captures", side.captures);
    w.key("provenance").beginArray();
    for (const auto &[what, value] : side.provenance)
        w.beginArray().value(what).value(value).endArray();
    w.endArray().endObject();
}

} // namespace

void writeItemJson(JsonWriter &w, const ComparedItem &item)
{
    const auto &change = item.change;
    w.beginObject()
        .field("name", item.name)
        .field("detail", item.detail)
        .field("figure", item.figure)
        .field("unit", item.unit)
        .field("per", item.per)
        .field("better", nameOf(item.better));
    real(w, "base", change.base);
    real(w, "cand", change.cand);
    real(w, "change", change.ratio());
    real(w, "ci_low", low(change.relative));
    real(w, "ci_high", high(change.relative));
    w.field("verdict", nameOf(change.verdict)).field("why", change.why);
    w.field("difference", change.delta());
    real(w, "difference_ci_low", low(change.difference));
    real(w, "difference_ci_high", high(change.difference));
    real(w, "p", change.p);
    real(w, "adjusted_p", change.adjustedP);
    w.field("base_n", change.baseCount)
        .field("cand_n", change.candCount)
        .field("base_runs", change.baseRuns)
        .field("cand_runs", change.candRuns);
    numbers(w, "base_values", item.baseRuns);
    numbers(w, "cand_values", item.candRuns);
    w.endObject();
}

void writeDiffJson(std::ostream &out, const Comparison &comparison, const DiffShown &shown)
{
    JsonWriter w(out);
    w.beginObject();
    writeSide(w, "base", comparison.base);
    writeSide(w, "cand", comparison.cand);
    w.field("blocked", comparison.isBlocked()).field("confirmed", comparison.confirmed);
    texts(w, "headlines", headlines(comparison));
    w.key("sections").beginArray();
    for (const auto &section : comparison.sections)
        writeSection(w, section, shown.limit);
    w.endArray();
    texts(w, "not_compared", comparison.notCompared);
    texts(w, "notes", shown.notes);
    w.endObject();
}

} // namespace flamewright
