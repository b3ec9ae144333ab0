#include "app/gui/call_tree_match.h"

#include "app/gui/call_tree_model.h"

namespace flamewright {
namespace {

bool matches(const CallTreeModel &model, const QModelIndex &index)
{
    return model.cellsAt(index).matches;
}

bool hasMatchBelow(const CallTreeModel &model, const QModelIndex &index)
{
    return model.rows() && model.rows()->matchesBelow(model.rowAt(index)) > 0;
}

QModelIndex firstBelow(CallTreeModel &model, const QModelIndex &above);
QModelIndex lastBelow(CallTreeModel &model, const QModelIndex &above);

// The first one among the rows below `above` from the given one on, each with what is below it.
QModelIndex firstFrom(CallTreeModel &model, const QModelIndex &above, int row)
{
    for (; row < model.rowCount(above); ++row) {
        const auto at = model.index(row, 0, above);
        if (matches(model, at))
            return at;
        if (const auto deeper = firstBelow(model, at); deeper.isValid())
            return deeper;
    }
    return {};
}

QModelIndex lastUpTo(CallTreeModel &model, const QModelIndex &above, int row)
{
    for (; row >= 0; --row) {
        const auto at = model.index(row, 0, above);
        if (const auto deeper = lastBelow(model, at); deeper.isValid())
            return deeper;
        if (matches(model, at))
            return at;
    }
    return {};
}

// No deeper than the model is: kMaxTreeLevels.
QModelIndex firstBelow(CallTreeModel &model, const QModelIndex &above)
{
    if (!hasMatchBelow(model, above))
        return {};
    model.fetchMore(above);
    return firstFrom(model, above, 0);
}

QModelIndex lastBelow(CallTreeModel &model, const QModelIndex &above)
{
    if (!hasMatchBelow(model, above))
        return {};
    model.fetchMore(above);
    return lastUpTo(model, above, model.rowCount(above) - 1);
}

QModelIndex after(CallTreeModel &model, const QModelIndex &from)
{
    if (const auto below = firstBelow(model, from); below.isValid())
        return below;
    for (auto at = from; at.isValid(); at = at.parent()) {
        if (const auto found = firstFrom(model, at.parent(), at.row() + 1); found.isValid())
            return found;
    }
    return {};
}

QModelIndex before(CallTreeModel &model, const QModelIndex &from)
{
    for (auto at = from; at.isValid(); at = at.parent()) {
        if (const auto found = lastUpTo(model, at.parent(), at.row() - 1); found.isValid())
            return found;
        if (matches(model, at.parent()))
            return at.parent();
    }
    return {};
}

} // namespace

QModelIndex nextMatch(CallTreeModel &model, const QModelIndex &from, int step)
{
    const auto found = step > 0 ? after(model, from) : before(model, from);
    if (found.isValid())
        return found;
    return step > 0 ? firstBelow(model, {}) : lastBelow(model, {});
}

} // namespace flamewright
