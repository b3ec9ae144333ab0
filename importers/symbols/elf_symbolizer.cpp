#include "importers/symbols/elf_symbolizer.h"

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

class ElfSymbolizer final : public Symbolizer {
public:
    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &job) override
    {
        FW_TRY(job.checkpoint());
        SymbolAnswer answer;
        answer.end.assign(query.addresses.size(), 0);
        return answer;
    }
};

// Never looked into for programs: what is there is made up by the kernel, or secret.
bool isPseudo(const std::filesystem::path &top)
{
    for (const auto *name : {"/proc", "/sys", "/dev", "/run", "/etc"}) {
        if (top == name)
            return true;
    }
    return false;
}

} // namespace

std::vector<std::filesystem::path> symbolRoots(const SymbolSearch &search)
{
    auto roots = search.directories;
    if (!search.kallsyms.empty())
        roots.push_back(search.kallsyms);
    if (search.useSystem) {
        std::error_code error;
        std::vector<std::filesystem::path> tops;
        for (const auto &entry : std::filesystem::directory_iterator("/", error)) {
            if (entry.is_directory(error) && !isPseudo(entry.path()))
                tops.push_back(entry.path());
        }
        std::sort(tops.begin(), tops.end());
        roots.insert(roots.end(), tops.begin(), tops.end());
    }
    return roots;
}

std::unique_ptr<Symbolizer> makeElfSymbolizer(const SymbolSearch &)
{
    return std::make_unique<ElfSymbolizer>();
}

} // namespace flamewright
