#include "views/qt/flame_keys.h"

#include <Qt>

namespace flamewright {

std::optional<FlameLayout> layoutOfKey(int key, bool shift)
{
    if (shift || key < Qt::Key_1 || key >= Qt::Key_1 + static_cast<int>(kFlameLayouts.size()))
        return std::nullopt;
    return kFlameLayouts[static_cast<std::size_t>(key - Qt::Key_1)];
}

std::optional<TransformKind> transformOfKey(int key, bool shift)
{
    switch (key) {
    case Qt::Key_F: return shift ? TransformKind::FocusSubtree : TransformKind::Focus;
    case Qt::Key_C: return shift ? TransformKind::CollapseModule : TransformKind::CollapseSubtree;
    case Qt::Key_R:
        return shift ? TransformKind::CollapseDirectRecursion : TransformKind::CollapseRecursion;
    case Qt::Key_M: return shift ? TransformKind::KeepModules : TransformKind::Hide;
    default: break;
    }
    if (key == Qt::Key_S)
        return shift ? std::optional(TransformKind::ShowFrom) : std::nullopt;
    if (shift)
        return std::nullopt;
    switch (key) {
    case Qt::Key_H: return TransformKind::Hide;
    case Qt::Key_D: return TransformKind::Drop;
    case Qt::Key_K: return TransformKind::Keep;
    default: return std::nullopt;
    }
}

} // namespace flamewright
