#pragma once

#include <memory>

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
    struct Application;
    std::unique_ptr<Application> m_application;
};

} // namespace flamewright
