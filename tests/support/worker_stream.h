#pragma once

#include "capture/base/result.h"
#include "capture/session/memory_store.h"
#include "importers/worker/stream_checker.h"

#include <cstddef>
#include <span>
#include <string>

// What a program does with the bytes a worker sends, without a worker.
namespace flamewright::testing {

struct ReceivedStream {
    Result<> result;    // whether all of it was taken, up to a proper end
    bool ended = false; // End or Failure came
    MemoryStore store;  // what was passed on
    std::string broken; // what is wrong with that; empty: nothing
};

// Sends `bytes` through framing, decoding and checking in pieces of `step` bytes.
void receiveStream(std::span<const std::byte> bytes, ReceivedStream &into, std::size_t step = 4096);

// The promise of StreamChecker: whatever it let through reads back. Empty: kept.
std::string checkReceived(const MemoryStore &store);

} // namespace flamewright::testing
