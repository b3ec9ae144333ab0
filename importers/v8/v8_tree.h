#pragma once

#include "capture/session/record_sink.h"
#include "importers/text/json_pull.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace flamewright {

// The call tree of a profile of V8: nodes with a function, and who called it. Read as a list of nodes
// that name their children (`nodes`), or as nodes that hold them (`head`). Samples name nodes.
class V8Tree {
public:
    V8Tree(JsonPull &json, RecordSink &sink) : m_json(json), m_sink(sink) {}

    // The value at hand is the list, or the outermost node.
    void readNodes();
    void readHead();
    bool empty() const { return m_nodes.empty(); }
    // Whoever called whom: makes the stacks. Once, after reading.
    Result<> resolve(JobContext &job);

    struct Node {
        std::int64_t id = 0;
        FrameId frame;
        StackId stack;
        std::uint32_t parent = 0;  // 1 + its place; 0: nobody called it
        std::int64_t self = 0;     // hits, or bytes
        std::int64_t parentId = 0; // where nodes name their parents
        bool root = false;         // stands for the program and is no function
        bool resolved = false;
        bool hasId = false;
    };
    const std::vector<Node> &nodes() const { return m_nodes; }
    // Null for an id that is not there.
    const Node *find(std::int64_t id) const;
    // Where the time went line by line, which no stack says.
    std::uint64_t positionTicks() const { return m_positionTicks; }

private:
    // A node that is being read, as far as its texts are known.
    struct Open {
        std::size_t place = 0;
        std::string function, url;
        std::int64_t line = -1; // from 0
        bool native = true;     // no script
    };
    struct Edge {
        std::uint32_t caller;
        std::int64_t callee;
    };
    Open begin(std::uint32_t parent);
    void member(Open &open);
    void callFrame(Open &open);
    bool describes(Open &open);
    void childIds(const Open &open);
    void end(const Open &open);
    void link();
    Result<> stackOf(std::size_t place, std::vector<std::size_t> &path);

    JsonPull &m_json;
    RecordSink &m_sink;
    std::vector<Node> m_nodes;
    std::vector<Edge> m_edges;
    std::unordered_map<std::int64_t, std::size_t> m_byId;
    std::uint64_t m_positionTicks = 0;
};

// Whether the head of an input is an object with a member `outer` that is a node, or a list of nodes,
// of which the first has a member `inner`. For detectors.
bool headHasV8Node(const Probe &probe, std::string_view outer, std::string_view inner);

} // namespace flamewright
