#include "tests/fuzz/fuzz_target.h"

FW_FUZZ_IMPORTER(makePerfettoTrace)
