#pragma once

#include "analysis/transforms.h"

#include <QObject>

#include <cstdint>
#include <optional>

class QMenu;

namespace flamewright {

struct FunctionInfo;
struct Profile;

// The transform that a key or menu means for a frame of a profile; nullopt for the root.
std::optional<Transform> transformFor(TransformKind kind, const Profile &profile,
                                      std::uint32_t node);

// What the menu of a frame asks for.
class FlameMenuActions : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    // Fills `menu` for one frame: node `index` of a profile, `node` of the picture. `sharesNodes`:
    // its path is that of the call tree, so that things which need it can be offered.
    void fill(QMenu *menu, const Profile &profile, std::uint32_t index, std::uint32_t node,
              bool sharesNodes);

Q_SIGNALS: // with nodes of the picture
    void transform(const flamewright::Transform &transform);
    void zoom(std::uint32_t node);
    void sandwich(std::uint32_t node);
    void search(const QString &text);
    void openSource(std::uint32_t node);
    void copyName(std::uint32_t node);
    void copyStack(std::uint32_t node);
    void copyFolded(std::uint32_t node);
};

// The innermost frame first, one a line.
QString stackText(const Profile &profile, std::uint32_t node);
// Everything at and below a frame as folded stacks, from the root; node 0: everything.
QString foldedText(const Profile &profile, std::uint32_t node);

} // namespace flamewright
