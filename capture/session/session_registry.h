#pragma once

#include "capture/session/chunk_row.h"

#include <filesystem>

namespace flamewright {

// Which sessions this user's program made: one small file per session, named by uuid and holding
// the path, in `<state>/flamewright/sessions`. A session that is not here is a stranger's and is
// never opened for writing.
class SessionRegistry {
public:
    // An empty directory means XDG_STATE_HOME, else HOME/.local/state.
    explicit SessionRegistry(std::filesystem::path stateDirectory = {});

    // False where neither is set, as in a container without a home: then a session counts as
    // ours when its file belongs to this user.
    bool exists() const { return !m_directory.empty(); }
    bool knows(const SessionUuid &uuid) const;
    // Whether a session was last seen at this path, for when its file cannot be read.
    bool knowsPath(const std::filesystem::path &session) const;
    // False when the entry could not be written; then exists() is false from now on.
    bool enter(const SessionUuid &uuid, const std::filesystem::path &session);

private:
    void prune() const;
    std::filesystem::path m_directory;
};

} // namespace flamewright
