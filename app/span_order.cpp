#include "app/span_order.h"

namespace flamewright {

void reorderRows(SpanRows &rows, const std::vector<std::uint32_t> &order)
{
    reorder(rows.begin, order);
    reorder(rows.length, order);
    reorder(rows.trace, order);
    reorder(rows.span, order);
    reorder(rows.parent, order);
    reorder(rows.service, order);
    reorder(rows.name, order);
    reorder(rows.kind, order);
    reorder(rows.flags, order);
    reorder(rows.track, order);
    reorder(rows.args, order);
}

} // namespace flamewright
