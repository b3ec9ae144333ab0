#include "app/cli/gui_application.h"

#include <QGuiApplication>

namespace flamewright {
namespace {

// QGuiApplication keeps references to these for its whole life.
struct Arguments {
    int count = 3;
    char name[12] = "flamewright";
    char flag[10] = "-platform";
    char value[10] = "offscreen";
    char *values[4] = {name, flag, value, nullptr};
};

} // namespace

OffscreenGui::OffscreenGui()
{
    if (QCoreApplication::instance() != nullptr)
        return;
    static Arguments arguments;
    m_application = std::make_unique<QGuiApplication>(arguments.count, arguments.values);
}

OffscreenGui::~OffscreenGui() = default;

} // namespace flamewright
