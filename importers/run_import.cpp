#include "importers/run_import.h"

#include <algorithm>

namespace flamewright {
namespace {

// The first bytes as text a person can recognise: `\x7fELF\x02...`.
std::string quoted(std::span<const std::byte> head)
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (const auto byte : head.first(std::min<std::size_t>(head.size(), 16))) {
        const auto c = std::to_integer<unsigned char>(byte);
        if (c >= 0x20 && c < 0x7f)
            out += static_cast<char>(c);
        else
            out += std::string("\\x") + kHex[c >> 4] + kHex[c & 15];
    }
    return out;
}

} // namespace

Result<const Importer *> chooseImporter(Input &input, const ImporterRegistry &registry,
                                        const std::string &formatId, std::vector<ImportNote> &notes)
{
    FW_ASSIGN(const auto probe, input.probe());
    if (!formatId.empty()) {
        if (const auto *importer = registry.find(formatId))
            return importer;
        return fail(Errc::Usage, "there is no format called \"" + formatId + "\"");
    }
    if (probe.head.empty())
        return fail(Errc::UnknownFormat, "the input is empty");
    const auto candidates = registry.detect(probe);
    if (candidates.empty())
        return fail(Errc::UnknownFormat, "the format is not one this program knows; the input "
                                         "begins with \"" +
                                             quoted(probe.head) + "\"");
    if (ImporterRegistry::isTie(candidates))
        notes.push_back({Severity::Notice, "format_ambiguous", 1, 0,
                         "also looks like " + std::string(candidates[1].importer->format().title) +
                             ", read as " + std::string(candidates[0].importer->format().title)});
    return candidates.front().importer;
}

Result<std::string>
runImport(Input &input, const ImporterRegistry &registry, const std::string &formatId,
          const ImportOptions &options, JobContext &job,
          const std::function<Result<ChunkStore *>(const std::string &formatId)> &begin)
{
    std::vector<ImportNote> notes;
    FW_ASSIGN(const auto *importer, chooseImporter(input, registry, formatId, notes));
    const std::string chosen(importer->format().id);
    FW_ASSIGN(auto *store, begin(chosen));
    RecordSink sink(*store);
    if (!input.layers().empty())
        sink.provenance("input_layers", input.layers());
    FW_TRY(importer->run({.input = input, .sink = sink, .job = job, .options = options}));
    const auto inputNotes = input.notes();
    notes.insert(notes.end(), inputNotes.begin(), inputNotes.end());
    for (const auto &note : notes)
        sink.note(note.severity, note.code, note.firstOffset, note.detail, note.count);
    if (options.strict && sink.lostData()) {
        for (const auto &note : sink.notes()) {
            if (note.severity >= Severity::DataLoss)
                return fail(Error(Errc::Corrupt, "strict import refused: " + note.code +
                                                     (note.detail.empty() ? "" : ": ") +
                                                     note.detail)
                                .at(note.firstOffset));
        }
    }
    FW_TRY(sink.finish());
    return chosen;
}

} // namespace flamewright
