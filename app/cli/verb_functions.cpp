#include "analysis/grouping.h"
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
    std::string group; // empty: single functions
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

// What all answers begin with.
void beginJson(JsonWriter &w, const Profile &profile)
{
    w.beginObject()
        .field("measure", profile.measure)
        .field("unit", unitName(profile.unit))
        .field("total", profile.total)
        .field("samples", profile.samples);
}

void printHead(std::ostream &out, const Profile &profile, std::size_t rows, const char *what)
{
    out << CaptureText(profile.measure).toTerminal() << ": "
        << formatValue(profile.total, profile.unit) << " in " << formatCount(profile.samples)
        << " samples, " << formatCount(static_cast<std::int64_t>(rows)) << ' ' << what << '\n';
}

std::string shareOf(std::int64_t value, const Profile &profile)
{
    return formatShare(static_cast<double>(value), static_cast<double>(profile.total));
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

void writeFunction(JsonWriter &w, const Profile &profile, const FunctionStat &s)
{
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

void writeJson(std::ostream &out, const Profile &profile, std::span<const FunctionStat> rows)
{
    JsonWriter w(out);
    beginJson(w, profile);
    w.key("functions").beginArray();
    for (const auto &s : rows)
        writeFunction(w, profile, s);
    w.endArray().endObject();
}

void printText(std::ostream &out, const Profile &profile, std::span<const FunctionStat> rows)
{
    using Align = TextTable::Align;
    printHead(out, profile, profile.table.size(), "functions");
    TextTable table({{"SELF", Align::Right},
                     {"SELF %", Align::Right},
                     {"TOTAL", Align::Right},
                     {"TOTAL %", Align::Right},
                     {"FUNCTION"},
                     {"MODULE"}});
    for (const auto &s : rows) {
        const auto &f = profile.functions[s.function.raw];
        const auto module = std::filesystem::path(f.module).filename().string();
        table.row({formatValue(s.self, profile.unit), shareOf(s.self, profile),
                   formatValue(s.total, profile.unit), shareOf(s.total, profile), cutName(f.name),
                   CaptureText(module).toTerminal()});
    }
    table.print(out);
}

// With a search, groups in which something matches; their figures are of the whole group.
std::vector<FunctionGroup> chosenGroups(const Profile &profile, const SearchResult &found,
                                        bool searching, const Flags &flags)
{
    auto groups =
        groupFunctions(profile, flags.group == "module" ? GroupBy::Module : GroupBy::File);
    if (searching)
        std::erase_if(groups, [&](const FunctionGroup &group) {
            return std::none_of(
                group.functions.begin(), group.functions.end(),
                [&](const FunctionStat &s) { return found.functions[s.function.raw] != 0; });
        });
    if (flags.by == "total")
        std::stable_sort(
            groups.begin(), groups.end(),
            [](const FunctionGroup &a, const FunctionGroup &b) { return a.total > b.total; });
    return groups;
}

void writeGroupsJson(std::ostream &out, const Profile &profile,
                     std::span<const FunctionGroup> groups, const Flags &flags)
{
    JsonWriter w(out);
    beginJson(w, profile);
    w.field("group", flags.group).key("groups").beginArray();
    for (const auto &g : groups) {
        w.beginObject()
            .field("name", g.name)
            .field("self", g.self)
            .field("total", g.total)
            .field("self_samples", g.selfSamples)
            .field("total_samples", g.totalSamples)
            .key("functions")
            .beginArray();
        for (const auto &s : g.functions)
            writeFunction(w, profile, s);
        w.endArray().endObject();
    }
    w.endArray().endObject();
}

void printGroups(std::ostream &out, const Profile &profile, std::span<const FunctionGroup> groups,
                 std::size_t all, const Flags &flags)
{
    using Align = TextTable::Align;
    printHead(out, profile, all, flags.group == "module" ? "modules" : "files");
    TextTable table({{"SELF", Align::Right},
                     {"SELF %", Align::Right},
                     {"TOTAL", Align::Right},
                     {"TOTAL %", Align::Right},
                     {"FUNCTIONS", Align::Right},
                     {flags.group == "module" ? "MODULE" : "FILE"}});
    for (const auto &g : groups)
        table.row({formatValue(g.self, profile.unit), shareOf(g.self, profile),
                   formatValue(g.total, profile.unit), shareOf(g.total, profile),
                   formatCount(static_cast<std::int64_t>(g.functions.size())), cutName(g.name)});
    table.print(out);
}

void writeGroups(std::ostream &out, const Profile &profile, const SearchResult &found,
                 bool searching, const Flags &flags)
{
    const auto groups = chosenGroups(profile, found, searching, flags);
    const auto count = flags.limit > 0 ? std::min(groups.size(), flags.limit) : groups.size();
    const auto shown = std::span(groups).first(count);
    if (flags.json)
        writeGroupsJson(out, profile, shown, flags);
    else
        printGroups(out, profile, shown, groups.size(), flags);
}

} // namespace

Verb::Work declareFunctions(CLI::App &command)
{
    auto capture = CaptureFlags::declare(command);
    auto flags = std::make_shared<Flags>();
    command.add_option("--by", flags->by, "Order by self or total")
        ->check(CLI::IsMember({"self", "total"}));
    command.add_option("--group", flags->group, "Add functions up by module or by file")
        ->check(CLI::IsMember({"module", "file"}));
    command.add_option("--limit", flags->limit, "At most this many rows");
    command.add_flag("--json", flags->json, "For programs");
    return [capture, flags](VerbRun &run) -> Result<ExitCode> {
        FW_ASSIGN(const auto opened, capture->open(run));
        FW_ASSIGN(const auto scope, capture->scope(opened));
        FW_ASSIGN(const auto profile, run.workbench.profile(opened.session(), scope, run.job));
        FW_ASSIGN(const auto found, searchProfile(*profile, scope.search));
        const bool searching = !scope.search.empty();
        if (!flags->group.empty()) {
            writeGroups(run.out, *profile, found, searching, *flags);
            return ExitCode::Ok;
        }
        const auto rows = chosen(*profile, found, searching, *flags);
        if (flags->json)
            writeJson(run.out, *profile, rows);
        else
            printText(run.out, *profile, rows);
        return ExitCode::Ok;
    };
}

} // namespace flamewright
