#pragma once

#include "views/scene/source_links.h"

#include <QString>

namespace flamewright {

// Where the frames of exported pictures lead, as a person chose it: a pattern of SourceLinks::of(),
// "none", or nothing for the files of this machine. As `render --link`.

// What is wrong with it, as a sentence; empty: it can be used.
QString linkPatternProblem(const QString &pattern);

// None if something is wrong with it.
SourceLinks linksOf(const QString &pattern);

} // namespace flamewright
