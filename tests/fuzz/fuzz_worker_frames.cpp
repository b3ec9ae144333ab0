#include "tests/support/worker_stream.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

// The border between a worker that may be in hostile hands and the program: any bytes may come
// out of the pipe, and what is passed on must still read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    flamewright::testing::ReceivedStream stream;
    flamewright::testing::receiveStream(std::as_bytes(std::span(data, size)), stream);
    if (!stream.broken.empty()) {
        std::fprintf(stderr, "%s\n", stream.broken.c_str());
        std::abort();
    }
    return 0;
}
