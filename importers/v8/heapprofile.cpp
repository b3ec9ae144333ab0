#include "importers/formats.h"
#include "importers/v8/v8_tree.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace flamewright {
namespace {

// Sampled heap profiles of V8, as `node --heap-prof` and Chrome's developer tools save them: the tree of
// what was called, with the bytes that each function allocated and that are still there. The list of
// samples, in newer files, says of how many pieces they were.
// https://chromedevtools.github.io/devtools-protocol/tot/HeapProfiler/#type-SamplingHeapProfile
constexpr FormatInfo kFormat{"heapprofile", "V8 heap profile", "heapprofile"};

constexpr std::size_t kNodesPerCheck = 4096;

class HeapProfile {
public:
    explicit HeapProfile(ImportRun run)
        : m_run(run),
          m_sink(run.sink),
          m_json(run.input, run.job),
          m_tree(m_json, run.sink)
    {}
    Result<> run();

private:
    struct Pieces {
        std::int64_t count = 0, bytes = 0;
    };
    void samples();
    Result<> emit();

    ImportRun m_run;
    RecordSink &m_sink;
    JsonPull m_json;
    V8Tree m_tree;
    std::unordered_map<std::int64_t, Pieces> m_pieces; // by node
};

void HeapProfile::samples()
{
    if (!m_json.enterArray())
        return;
    while (m_json.nextElement()) {
        if (!m_json.enterObject())
            continue;
        std::optional<std::int64_t> node;
        std::int64_t bytes = 0;
        while (m_json.nextMember()) {
            if (m_json.key() == "nodeId")
                node = m_json.integer();
            else if (m_json.key() == "size")
                bytes = m_json.integer().value_or(0);
        }
        if (!node)
            continue;
        auto &pieces = m_pieces[*node];
        ++pieces.count;
        pieces.bytes = saturatingAdd(pieces.bytes, bytes);
    }
}

Result<> HeapProfile::emit()
{
    const auto track = m_sink.track({.kind = TrackKind::Process, .name = "V8"});
    const auto measure = m_sink.measure({"inuse_space", Unit::Bytes});
    const bool listed = !m_pieces.empty();
    std::uint64_t differ = 0, done = 0;
    for (const auto &node : m_tree.nodes()) {
        if (++done % kNodesPerCheck == 0)
            FW_TRY(m_run.job.checkpoint());
        Pieces pieces;
        if (const auto found = m_pieces.find(node.id); node.hasId && found != m_pieces.end()) {
            pieces = found->second;
            m_pieces.erase(found);
        }
        differ += listed && pieces.bytes != node.self;
        if (node.self == 0)
            continue;
        const auto stack = node.stack.raw == 0 ? m_sink.stack({}, node.frame) : node.stack;
        m_sink.add({.track = track,
                    .stack = stack,
                    .measure = measure,
                    .value = node.self,
                    .count = std::max<std::int64_t>(pieces.count, 1)});
    }
    m_sink.note(
        Severity::Info, "v8_heap_lists_differ", 0,
        "V8 wrote the tree and the list of samples at different moments: bytes are those of "
        "the tree",
        differ);
    m_sink.note(Severity::Notice, "v8_unknown_node", 0,
                "the list of samples names nodes that the tree has not", m_pieces.size());
    return {};
}

Result<> HeapProfile::run()
{
    if (m_json.enterObject()) {
        while (m_json.nextMember()) {
            if (m_json.key() == "head" && m_tree.empty())
                m_tree.readHead();
            else if (m_json.key() == "samples")
                samples();
        }
    }
    if (const auto whole = m_json.finish(); !whole.has_value()) {
        if (whole.error().code() != Errc::Corrupt || m_tree.empty())
            return whole;
        m_sink.note(Severity::DataLoss, "v8_truncated", m_json.offset(), whole.error().text());
    }
    if (m_tree.empty())
        return fail(Errc::Corrupt, "the heap profile has no nodes");
    m_sink.provenance("tool", "V8 sampling heap profiler");
    m_sink.provenance("line_numbers", "where functions begin");
    if (m_json.textWasCut())
        m_sink.note(Severity::DataLoss, "text_cut", 0, "a text of more than 1 MB was cut");
    FW_TRY(m_tree.resolve(m_run.job));
    FW_TRY(emit());
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class HeapProfileImporter final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasV8Node(probe, "head", "selfSize") ? Match::Strong : Match::No;
    }
    Result<> run(ImportRun run) const override { return HeapProfile(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeHeapProfile()
{
    return std::make_unique<HeapProfileImporter>();
}

} // namespace flamewright
