#include "views/scene/compose.h"

namespace flamewright {

void appendMoved(const DisplayList &from, float dx, float dy, DisplayList &out)
{
    out.append(from, {dx, dy});
}

} // namespace flamewright
