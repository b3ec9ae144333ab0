#include "app/gui/diff_rows.h"

#include "app/gui/compare_text.h"
#include "app/gui/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("DiffTable", text);
}

bool hasEvidence(const ComparedItem &item)
{
    return item.change.verdict == Verdict::Regressed || item.change.verdict == Verdict::Improved;
}

bool matches(const ComparedItem &item, const DiffFilter &filter)
{
    if (filter.onlyEvidence && !hasEvidence(item))
        return false;
    if (!filter.figure.empty() && item.figure != filter.figure)
        return false;
    return filter.text.isEmpty() || display(item.name).contains(filter.text, Qt::CaseInsensitive) ||
           display(item.detail).contains(filter.text, Qt::CaseInsensitive);
}

// What is new or gone is more than any change by a factor.
double sizeOf(const Change &change)
{
    if (change.base && !change.cand)
        return -1;
    if (!change.base && change.cand)
        return std::numeric_limits<double>::infinity();
    return change.ratio().value_or(0);
}

int rank(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Regressed: return 3;
    case Verdict::Improved: return 2;
    case Verdict::NoEvidence: return 1;
    case Verdict::NotEnoughData: break;
    }
    return 0;
}

QString rawNumber(const std::optional<double> &value)
{
    return value && std::isfinite(*value) ? QString::number(*value, 'g', 17) : QString();
}

QString rawInterval(const std::optional<ChangeInterval> &interval)
{
    return interval ? rawNumber(interval->low) + QStringLiteral("..") + rawNumber(interval->high)
                    : QString();
}

} // namespace

std::shared_ptr<const DiffRows> diffRows(std::shared_ptr<const Comparison> comparison,
                                         const ComparedSection &section, const DiffFilter &filter,
                                         ValueStyle style)
{
    auto out = std::make_shared<DiffRows>();
    out->comparison = std::move(comparison);
    out->section = &section;
    out->style = style;
    for (std::size_t i = 0; i < section.items.size(); ++i) {
        if (matches(section.items[i], filter))
            out->items.push_back(static_cast<std::uint32_t>(i));
    }
    return out;
}

std::vector<std::string> figuresOf(const ComparedSection &section)
{
    std::vector<std::string> out;
    for (const auto &item : section.items) {
        if (std::find(out.begin(), out.end(), item.figure) == out.end())
            out.push_back(item.figure);
    }
    return out;
}

std::vector<TableColumn> diffColumns(const std::shared_ptr<const DiffRows> &rows)
{
    const auto item = [rows](std::uint32_t row) -> const ComparedItem & { return rows->at(row); };
    const auto tip = [rows, item](std::uint32_t row) {
        return comparedTip(item(row), rows->style);
    };
    const auto side = [rows, item](std::optional<double> Change::*of) {
        return [rows, item, of](std::uint32_t row) {
            return comparedValue(item(row).change.*of, item(row).unit, rows->style);
        };
    };
    const auto compareBy = [item](auto of) {
        return [item, of](std::uint32_t a, std::uint32_t b) {
            return threeWay(of(item(a)), of(item(b)));
        };
    };
    const auto base = [](const ComparedItem &one) { return one.change.base.value_or(0); };
    const auto cand = [](const ComparedItem &one) { return one.change.cand.value_or(0); };
    const auto count = [](const ComparedItem &one) {
        return std::min(one.change.baseCount, one.change.candCount);
    };
    const auto width = [](const ComparedItem &one) {
        const auto &interval = one.change.relative;
        return interval ? interval->high - interval->low : std::numeric_limits<double>::infinity();
    };
    const auto &per = rows->section->normalisation.per;
    const auto unit = per.empty() ? QString() : tr(", per %1").arg(display(per));
    std::vector<TableColumn> out(DiffColumnCount);
    out[DiffName] = {.title = tr("Name"),
                     .text =
                         [item](std::uint32_t row) {
                             const auto &name = item(row).name;
                             return name == "*" ? tr("all requests") : display(name);
                         },
                     .toolTip = tip};
    out[DiffFigure] = {.title = tr("Figure"),
                       .text = [item](std::uint32_t row) { return figureTitle(item(row).figure); },
                       .toolTip = tip,
                       .raw =
                           [item](std::uint32_t row) {
                               const auto &one = item(row);
                               auto text = one.figure + " in " + one.unit;
                               if (!one.per.empty())
                                   text += " per " + one.per;
                               return display(text);
                           }};
    out[DiffBase] = {.title = tr("A"),
                     .tip = tr("The baseline%1").arg(unit),
                     .right = true,
                     .text = side(&Change::base),
                     .compare = compareBy(base),
                     .toolTip = tip,
                     .raw = [item](std::uint32_t row) { return rawNumber(item(row).change.base); }};
    out[DiffCand] = {.title = tr("B"),
                     .tip = tr("The candidate%1").arg(unit),
                     .right = true,
                     .text = side(&Change::cand),
                     .compare = compareBy(cand),
                     .toolTip = tip,
                     .raw = [item](std::uint32_t row) { return rawNumber(item(row).change.cand); }};
    out[DiffChange] = {
        .title = tr("Change"),
        .tip = tr("From A to B. Grey: not enough evidence that there is any"),
        .right = true,
        .text = [item](std::uint32_t row) { return comparedChange(item(row)); },
        .compare = compareBy([](const ComparedItem &one) { return sizeOf(one.change); }),
        .toolTip = tip,
        .raw = [item](std::uint32_t row) { return rawNumber(item(row).change.ratio()); },
        .rawTitle = QStringLiteral("change_ratio")};
    out[DiffInterval] = {
        .title = tr("95 % interval"),
        .tip = tr("The change lies in it, with 95 % confidence"),
        .right = true,
        .text = [item](std::uint32_t row) { return comparedInterval(item(row)); },
        .compare = compareBy(width),
        .toolTip = tip,
        .raw = [item](std::uint32_t row) { return rawInterval(item(row).change.relative); },
        .rawTitle = QStringLiteral("change_interval")};
    out[DiffVerdict] = {
        .title = tr("Verdict"),
        .tip = tr("The interval is beyond the noise, and chance is ruled out for all rows "
                  "together"),
        .text = [item](std::uint32_t row) { return verdictWords(item(row).change.verdict); },
        .compare = compareBy([](const ComparedItem &one) { return rank(one.change.verdict); }),
        .toolTip = tip};
    out[DiffCount] = {
        .title = tr("n"),
        .tip = tr("Samples, requests, spans or runs behind A and B"),
        .right = true,
        .text = [item](std::uint32_t row) { return comparedCounts(item(row).change); },
        .compare = compareBy(count),
        .toolTip = tip};
    out[DiffRuns] = {
        .title = tr("Runs"),
        .tip = tr("Each run of A, then of B"),
        .text =
            [item](std::uint32_t row) {
                return tr("%1 · %2").arg(item(row).baseRuns.size()).arg(item(row).candRuns.size());
            },
        .toolTip = tip};
    return out;
}

} // namespace flamewright
