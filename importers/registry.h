#pragma once

#include "importers/importer.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace flamewright {

// An ordinary object built by main() and by tests; there is no global one.
class ImporterRegistry {
public:
    void add(std::unique_ptr<Importer> importer);
    std::span<const std::unique_ptr<Importer>> all() const { return m_importers; }
    const Importer *find(std::string_view formatId) const;

    struct Candidate {
        const Importer *importer;
        Match match;
        bool extensionAgrees;
    };
    // Every importer that does not say No, best first: match, then extension, then order added.
    std::vector<Candidate> detect(const Probe &probe) const;
    // Whether the second candidate claims the input as strongly as the first, so that the order of
    // formats decided and the user should know.
    static bool isTie(std::span<const Candidate> candidates)
    {
        return candidates.size() > 1 && candidates[0].match == candidates[1].match &&
               candidates[0].extensionAgrees == candidates[1].extensionAgrees;
    }

private:
    std::vector<std::unique_ptr<Importer>> m_importers;
};

// builtin.cpp: the one list of formats this program reads.
void addBuiltinImporters(ImporterRegistry &registry);

} // namespace flamewright
