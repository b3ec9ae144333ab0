#pragma once

#include <span>

namespace flamewright {

// A statement that can be run on every session, and a beginning for one's own.
struct ReadyQuery {
    const char *id;
    const char *title; // untranslated; context "ReadyQueries"
    const char *sql;
};

std::span<const ReadyQuery> readyQueries();

} // namespace flamewright
