#include "app/present/pinned_finding.h"
#include "views/scene/display_list.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace flamewright;

// Findings of a session that somebody else made: what was read is written and read again without
// a change, and its pictures are balanced.
namespace {

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

void checkPicture(const DisplayList &list)
{
    int open = 0;
    for (const auto &cmd : list.commands()) {
        switch (cmd.op) {
        case Op::PushClip:
        case Op::BeginItem:
        case Op::BeginLink: ++open; break;
        case Op::PopClip:
        case Op::EndItem:
        case Op::EndLink: require(--open >= 0, "something is closed that is not open"); break;
        case Op::Cells: {
            const auto &grid = list.gridOf(cmd);
            require(grid.cells.size() == grid.columns() * grid.rows(), "a grid lacks cells");
            for (const auto cell : grid.cells)
                require(cell < grid.colors.size(), "a cell has a colour that is not there");
            break;
        }
        case Op::FillRect:
        case Op::StrokeRect:
        case Op::Line:
        case Op::Polyline:
        case Op::Text: break;
        }
    }
    require(open == 0, "something is not closed");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto read = findingsFromJson({reinterpret_cast<const char *>(data), size});
    if (!read.has_value())
        return 0;
    for (const auto &finding : read->findings) {
        if (finding.picture) {
            checkPicture(finding.picture->light);
            checkPicture(finding.picture->print);
        }
    }
    const auto written = findingsToJson(read->findings);
    const auto again = findingsFromJson(written);
    require(again.has_value() && again->leftOut == 0 &&
                again->findings.size() == read->findings.size() &&
                findingsToJson(again->findings) == written,
            "what was read cannot be written and read again");
    return 0;
}
