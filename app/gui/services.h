#pragma once

namespace flamewright {

class Appearance;
class JobRunner;
class Settings;
class Workbench;

// What a window is given by main(): everything shared between windows. Outlives them.
struct Services {
    const Workbench &workbench;
    JobRunner &jobs;    // profiles, searches, reading
    JobRunner &imports; // one import at a time, never in the way of the others
    Appearance &appearance;
    Settings &settings;
};

} // namespace flamewright
