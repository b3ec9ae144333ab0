#include "importers/symbols/symbolizer.h"

namespace flamewright {

std::vector<SymbolQuery> symbolQueries(const Dimensions &)
{
    return {};
}

FrameUpdate applySymbols(const Dimensions &dimensions, const std::vector<SymbolQuery> &,
                         const std::vector<SymbolAnswer> &)
{
    FrameUpdate update;
    update.frames = dimensions.frames;
    return update;
}

} // namespace flamewright
