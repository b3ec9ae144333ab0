#pragma once

#include <memory>

class QGuiApplication;

namespace flamewright {

// Qt's painting without a screen, for as long as this object lives; does nothing when the program
// has a QGuiApplication already.
class OffscreenGui {
public:
    OffscreenGui();
    ~OffscreenGui();
    OffscreenGui(const OffscreenGui &) = delete;
    OffscreenGui &operator=(const OffscreenGui &) = delete;

private:
    std::unique_ptr<QGuiApplication> m_application;
};

} // namespace flamewright
