#include "analysis/search.h"
#include "app/cli/capture_flags.h"
#include "app/cli/json_writer.h"
#include "app/cli/text_table.h"
#include "app/cli/verbs.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "capture/session/shown_tables.h"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace flamewright {
namespace {

struct Flags {
    std::string by = "self";
    std::size_t limit = 0;
    bool json = false;
};

// Names of templates run to thousands of characters; --json has them whole.
constexpr std::size_t kNameWidth = 100;

std::string cutName(const std::string &name)
{
    auto text = CaptureText(name.empty() ? "[unknown]" : name).toTerminal();
    if (text.size() > kNameWidth) {
        auto end = kNameWidth;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end; // not inside a character
        text = text.substr(0, end) + "\u2026";
    }
    return text;
}

std::vector<FunctionStat> chosen(const Profile &profile, const SearchResult &found, bool searching,
                                 const Flags &flags)
{
    auto rows = profile.table;
    if (searching)
        std::erase_if(rows,
                      [&](const FunctionStat &s) { return !found.functions[s.function.raw]; });
    if (flags.by == "total")
        std::stable_sort(
            rows.begin(), rows.end(),
            [](const FunctionStat &a, const FunctionStat &b) { return a.total > b.total; });
    if (flags.limit > 0 && rows.size() > flags.limit)
        rows.resize(flags.limit);
    return rows;
}

void writeJson(std::ostream &out, const Profile &profile, std::span<const FunctionStat> rows)
{
    JsonWriter w(out);
    w.beginObject()
        .field("measure", profile.measure)
        .field("unit", unitName(profile.unit))
        .field("total", profile.total)
        .field("samples", profile.samples)
        .key("functions")
        .beginArray();
    for (const auto &s : rows) {
        const auto &f = profile.functions[s.function.raw];
        w.beginObject()
            .field("name", f.name)
            .field("module", f.module)
            .field("file", f.file)
            .field("line", f.line)
            .field("kind", nameOf(f.kind))
            .field("self", s.self)
            .field("total", s.total)
            .field("self_samples", s.selfSamples)
            .field("total_samples", s.totalSamples)
            .endObject();
    }
    w.endArray().endObject();
}

void printText(std::ostream &out, const Profile &profile, std::span<const FunctionStat> rows)
{
    using Align = TextTable::Align;
    const auto share = [&](std::int64_t value) {
        return formatShare(static_cast<double>(value), static_cast<double>(profile.total));
    };
    out << CaptureText(profile.measure).toTerminal() << ": "
        << formatValue(profile.total, profile.unit) << " in " << formatCount(profile.samples)
        << " samples, " << formatCount(static_cast<std::int64_t>(profile.table.size()))
        << " functions\n";
    TextTable table({{"SELF", Align::Right},
                     {"SELF %", Align::Right},
                     {"TOTAL", Align::Right},
                     {"TOTAL %", Align::Right},
                     {"FUNCTION"},
                     {"MODULE"}});
    for (const auto &s : rows) {
        const auto &f = profile.functions[s.function.raw];
        const auto module = std::filesystem::path(f.module).filename().string();
        table.row({formatValue(s.self, profile.unit), share(s.self),
                   formatValue(s.total, profile.unit), share(s.total), cutName(f.name),
                   CaptureText(module).toTerminal()});
    }
    table.print(out);
}

} // namespace

Verb::Work declareFunctions(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("--by", flags->by, "Order by self or total")
        ->check(CLI::IsMember({"self", "total"}));
    command.add_option("--limit", flags->limit, "At most this many rows");
    command.add_flag("--json", flags->json, "For programs");
    return [capture, flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        FW_ASSIGN(const auto profile, run.workbench.profile(opened.session(), scope, run.job));
        FW_ASSIGN(const auto found, searchProfile(*profile, scope.search));
        const auto rows = chosen(*profile, found, !scope.search.empty(), *flags);
        if (flags->json)
            writeJson(run.out, *profile, rows);
        else
            printText(run.out, *profile, rows);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
