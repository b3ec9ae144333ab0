#pragma once

#include <QString>
#include <QStringList>

namespace flamewright {

// The command that opens a source file: a template with %f for the file, %l for the line and %%
// for a percent sign. It is split into words as a shell would (quotes group), but no shell runs
// it: a file name of a capture is one argument, whatever is in it.
//
// From $VISUAL, else what the desktop uses for the file.
QString defaultEditorCommand();

// Program and arguments; empty when the template is.
QStringList editorArguments(const QString &command, const QString &file, int line);

// What is wrong with a command, as a sentence; empty: it can be run.
QString editorProblem(const QString &command);

// Starts it and lets it be. The sentence says what went wrong; empty: it runs.
QString openInEditor(const QString &command, const QString &file, int line);

} // namespace flamewright
