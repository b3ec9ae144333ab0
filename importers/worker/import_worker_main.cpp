#include "importers/symbols/elf_symbolizer.h"
#include "importers/worker/worker_main.h"

int main(int argc, char **argv)
{
    return flamewright::workerMain(argc, argv,
                                   {.addImporters = flamewright::addBuiltinImporters,
                                    .makeSymbolizer = flamewright::makeElfSymbolizer});
}
