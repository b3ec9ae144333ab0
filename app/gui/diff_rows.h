#pragma once

#include "analysis/compare/comparison.h"
#include "app/gui/rows_model.h"
#include "capture/base/format_value.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace flamewright {

enum DiffColumn : int {
    DiffName,
    DiffFigure,
    DiffBase,
    DiffCand,
    DiffChange,
    DiffInterval,
    DiffVerdict,
    DiffCount,
    DiffRuns, // a small picture
    DiffColumnCount
};

// What a table of changes is narrowed to.
struct DiffFilter {
    QString text;       // in the name or its detail
    std::string figure; // empty: all
    bool onlyEvidence = false;
    friend bool operator==(const DiffFilter &, const DiffFilter &) = default;
};

// Items of a section that are shown, as columns of a RowsModel. Owns what it reads.
struct DiffRows {
    std::shared_ptr<const Comparison> comparison; // keeps the section alive
    const ComparedSection *section = nullptr;
    std::vector<std::uint32_t> items;
    ValueStyle style;

    const ComparedItem &at(std::uint32_t row) const { return section->items[items[row]]; }
};
std::shared_ptr<const DiffRows> diffRows(std::shared_ptr<const Comparison> comparison,
                                         const ComparedSection &section, const DiffFilter &filter,
                                         ValueStyle style);
std::vector<TableColumn> diffColumns(const std::shared_ptr<const DiffRows> &rows);
// Figures that a section has, in the order of its items.
std::vector<std::string> figuresOf(const ComparedSection &section);

} // namespace flamewright
