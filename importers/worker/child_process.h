#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "importers/io/file_descriptor.h"
#include "importers/worker/frames.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>

namespace flamewright {

// A running import-worker, seen from the program that started it. Its descriptors: 0 the input,
// 3 a pipe to here, 4 a socket from here; 1 and 2 lead nowhere. Nothing else is inherited, no
// environment either. Killed and reaped when this object goes.
class ChildProcess {
public:
    // `input` may be -1 (nothing to read).
    static Result<ChildProcess> start(const std::filesystem::path &program, int input);
    ChildProcess(ChildProcess &&other) noexcept;
    ChildProcess &operator=(ChildProcess &&) = delete;
    ~ChildProcess();

    // Blocks until the child has taken the frame; Errc::Worker when it is gone or stuck for
    // `patience`.
    Result<> send(const Frame &frame, const JobContext &job,
                  std::chrono::milliseconds patience = std::chrono::seconds(30));

    enum class Read : std::uint8_t { Whole, Nothing, End };
    // Waits at most `wait` for bytes; Whole when a frame is in `frames`. End: the child closed
    // its side, which it only does by ending.
    Result<Read> read(FrameAssembler &frames, std::chrono::milliseconds wait);

    void kill();
    // After the end: how it ended, as the end of "the import worker ...": "was killed by signal 11
    // (Segmentation fault)". Kills what does not end by itself.
    std::string reap();
    // Processor time used so far; zero when it cannot be told.
    std::chrono::nanoseconds processorTime() const;

private:
    ChildProcess() = default;
    pid_t m_pid = -1;
    FileDescriptor m_output;  // read end of the child's descriptor 3
    FileDescriptor m_control; // our end of its descriptor 4
};

} // namespace flamewright
