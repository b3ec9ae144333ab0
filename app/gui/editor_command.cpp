#include "app/gui/editor_command.h"

#include "app/gui/text.h"

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>

#include <algorithm>

namespace flamewright {
namespace {

QString sentence(const char *text)
{
    return QCoreApplication::translate("EditorCommand", text);
}

} // namespace

QString defaultEditorCommand()
{
    const auto visual = qEnvironmentVariable("VISUAL").trimmed();
    return visual.isEmpty() ? QStringLiteral("xdg-open %f") : visual + QStringLiteral(" +%l %f");
}

QStringList editorArguments(const QString &command, const QString &file, int line)
{
    auto words = QProcess::splitCommand(command);
    for (auto &word : words) {
        // In one pass: a file name may have %l in it.
        QString out;
        for (qsizetype i = 0; i < word.size(); ++i) {
            const auto next = i + 1 < word.size() ? word[i + 1] : QChar();
            if (word[i] != QLatin1Char('%') || !QStringLiteral("fl%").contains(next)) {
                out += word[i];
                continue;
            }
            out += next == QLatin1Char('f')   ? file
                   : next == QLatin1Char('l') ? QString::number(std::max(1, line))
                                              : QStringLiteral("%");
            ++i;
        }
        word = out;
    }
    return words;
}

QString editorProblem(const QString &command)
{
    const auto words = QProcess::splitCommand(command);
    if (words.isEmpty())
        return sentence(QT_TRANSLATE_NOOP("EditorCommand", "There is no command."));
    if (QStandardPaths::findExecutable(words.front()).isEmpty())
        return sentence(QT_TRANSLATE_NOOP("EditorCommand", "%1 is not installed."))
            .arg(display(words.front().toStdString()));
    if (!command.contains(QStringLiteral("%f")))
        return sentence(QT_TRANSLATE_NOOP(
            "EditorCommand", "%f is missing: the editor would not know which file to open."));
    return {};
}

QString openInEditor(const QString &command, const QString &file, int line)
{
    const auto used = command.trimmed().isEmpty() ? defaultEditorCommand() : command;
    if (const auto problem = editorProblem(used); !problem.isEmpty())
        return problem;
    auto words = editorArguments(used, file, line);
    const auto program = words.takeFirst();
    if (!QProcess::startDetached(program, words))
        return sentence(QT_TRANSLATE_NOOP("EditorCommand", "%1 could not be started."))
            .arg(display(program.toStdString()));
    return {};
}

} // namespace flamewright
