#include "app/gui/open_source.h"

#include "app/gui/editor_command.h"
#include "app/gui/preferences.h"
#include "app/gui/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <filesystem>

namespace flamewright {
namespace {

QString sentence(const char *text)
{
    return QCoreApplication::translate("OpenSource", text);
}

} // namespace

QString openSource(const Settings &settings, const std::string &file, std::uint32_t line)
{
    std::error_code error;
    const std::filesystem::path path(file);
    if (!path.is_absolute())
        return sentence(QT_TRANSLATE_NOOP("OpenSource", "The capture names the source file %1 "
                                                        "without saying where it is."))
            .arg(display(file));
    if (!std::filesystem::is_regular_file(path, error))
        return sentence(
                   QT_TRANSLATE_NOOP("OpenSource", "The source file %1 is not on this machine."))
            .arg(display(file));
    return openInEditor(loadPreferences(settings).editor, QString::fromStdString(file),
                        static_cast<int>(std::clamp<std::uint32_t>(line, 1, 1u << 30)));
}

} // namespace flamewright
