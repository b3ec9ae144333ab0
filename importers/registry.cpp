#include "importers/registry.h"

#include <algorithm>
#include <cassert>

namespace flamewright {
namespace {

bool extensionAgrees(std::string_view list, std::string_view fileName)
{
    const auto dot = fileName.rfind('.');
    if (dot == std::string_view::npos)
        return false;
    const auto extension = fileName.substr(dot + 1);
    while (!list.empty()) {
        const auto cut = std::min(list.find(';'), list.size());
        if (list.substr(0, cut) == extension)
            return true;
        list.remove_prefix(std::min(cut + 1, list.size()));
    }
    return false;
}

} // namespace

void ImporterRegistry::add(std::unique_ptr<Importer> importer)
{
    assert(!find(importer->format().id));
    m_importers.push_back(std::move(importer));
}

const Importer *ImporterRegistry::find(std::string_view formatId) const
{
    const auto it = std::ranges::find_if(m_importers,
                                         [&](const auto &i) { return i->format().id == formatId; });
    return it == m_importers.end() ? nullptr : it->get();
}

std::vector<ImporterRegistry::Candidate> ImporterRegistry::detect(const Probe &probe) const
{
    std::vector<Candidate> found;
    for (const auto &importer : m_importers) {
        if (const auto match = importer->probe(probe); match != Match::No)
            found.push_back({importer.get(), match,
                             extensionAgrees(importer->format().extensions, probe.fileName)});
    }
    std::ranges::stable_sort(found, [](const Candidate &a, const Candidate &b) {
        return std::pair(a.match, a.extensionAgrees) > std::pair(b.match, b.extensionAgrees);
    });
    return found;
}

} // namespace flamewright
