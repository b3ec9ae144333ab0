#include "app/cli/gui_application.h"

#include <QGuiApplication>

namespace flamewright {

// QGuiApplication keeps references to its arguments for its whole life.
struct OffscreenGui::Application {
    int count = 3;
    char name[12] = "flamewright";
    char flag[10] = "-platform";
    char value[10] = "offscreen";
    char *values[4] = {name, flag, value, nullptr};
    QGuiApplication application{count, values};
};

OffscreenGui::OffscreenGui()
{
    if (QCoreApplication::instance() == nullptr)
        m_application = std::make_unique<Application>();
}

OffscreenGui::~OffscreenGui() = default;

} // namespace flamewright
