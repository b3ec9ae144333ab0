#include "importers/v8/v8_tree.h"

namespace flamewright {
namespace {

constexpr std::size_t kNodesPerCheck = 4096;

// "(program)", "(idle)", "(garbage collector)": what V8 did besides running functions.
bool isMarker(std::string_view function)
{
    return function.size() > 2 && function.front() == '(' && function.back() == ')';
}

} // namespace

V8Tree::Open V8Tree::begin(std::uint32_t parent)
{
    m_nodes.push_back({.parent = parent});
    return {.place = m_nodes.size() - 1};
}

// A member that says which function it is; old files have them in the node itself.
bool V8Tree::describes(Open &open)
{
    const auto key = m_json.key();
    if (key == "functionName") {
        open.function = m_json.text().value_or("");
    } else if (key == "url") {
        open.url = m_json.text().value_or("");
    } else if (key == "lineNumber") {
        open.line = m_json.integer().value_or(-1);
    } else if (key == "scriptId") {
        open.native = m_json.integer().value_or(0) == 0;
    } else {
        return false;
    }
    return true;
}

void V8Tree::callFrame(Open &open)
{
    if (!m_json.enterObject())
        return;
    while (m_json.nextMember())
        describes(open);
}

void V8Tree::childIds(const Open &open)
{
    if (!m_json.enterArray())
        return;
    while (m_json.nextElement()) {
        if (const auto id = m_json.integer())
            m_edges.push_back({static_cast<std::uint32_t>(open.place), *id});
    }
}

void V8Tree::member(Open &open)
{
    const auto key = m_json.key();
    auto &node = m_nodes[open.place];
    if (key == "id") {
        const auto id = m_json.integer();
        node.hasId = id.has_value();
        node.id = id.value_or(0);
    } else if (key == "callFrame") {
        callFrame(open);
    } else if (key == "hitCount" || key == "selfSize") {
        node.self = m_json.integer().value_or(0);
    } else if (key == "parent") {
        node.parentId = m_json.integer().value_or(0);
    } else if (key == "children") {
        childIds(open);
    } else if (key == "positionTicks") {
        if (m_json.enterArray()) {
            while (m_json.nextElement())
                ++m_positionTicks;
        }
    } else {
        describes(open);
    }
}

void V8Tree::end(const Open &open)
{
    auto &node = m_nodes[open.place];
    node.root = open.function == "(root)";
    const bool marker = open.native && open.url.empty() && isMarker(open.function);
    const auto *const name = open.function.empty() ? "(anonymous)" : open.function.c_str();
    // Names as short as "get" are common: the script tells them apart.
    const auto script = open.url.empty() ? ModuleId() : m_sink.module({.name = open.url});
    node.frame = m_sink.frame({.function = name,
                               .file = open.url,
                               .module = script,
                               .line = open.line >= 0 && open.line < UINT32_MAX
                                           ? static_cast<std::uint32_t>(open.line + 1)
                                           : 0,
                               .kind = marker ? FrameKind::Marker : FrameKind::Jit});
    if (!node.hasId)
        return;
    if (const auto known = m_byId.try_emplace(node.id, open.place); !known.second) {
        // Those who wrote such files gave the outermost node, which no sample names, an id of another.
        if (m_nodes[known.first->second].self == 0 && node.self != 0)
            known.first->second = open.place;
        m_sink.note(Severity::Notice, "v8_duplicate_node", m_json.offset(),
                    "two nodes have the id " + std::to_string(node.id));
    }
}

void V8Tree::readNodes()
{
    if (!m_json.enterArray())
        return;
    while (m_json.nextElement()) {
        if (!m_json.enterObject() || m_nodes.size() >= UINT32_MAX - 1)
            continue;
        auto open = begin(0);
        while (m_json.nextMember())
            member(open);
        end(open);
    }
}

void V8Tree::readHead()
{
    if (!m_json.enterObject())
        return;
    std::vector<Open> open;
    open.push_back(begin(0));
    while (!open.empty() && !m_json.failed()) {
        if (m_json.inArray()) { // of children
            if (m_json.nextElement() && m_json.enterObject())
                open.push_back(begin(static_cast<std::uint32_t>(open.back().place + 1)));
        } else if (!m_json.nextMember()) {
            end(open.back());
            open.pop_back();
        } else if (m_json.key() != "children" || !m_json.enterArray()) {
            member(open.back());
        }
    }
    while (!open.empty()) { // of a file that was cut
        end(open.back());
        open.pop_back();
    }
}

const V8Tree::Node *V8Tree::find(std::int64_t id) const
{
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : &m_nodes[found->second];
}

// Ids to places.
void V8Tree::link()
{
    for (const auto &edge : m_edges) {
        const auto found = m_byId.find(edge.callee);
        if (found == m_byId.end()) {
            m_sink.note(Severity::DataLoss, "v8_unknown_child", 0,
                        "a node has a child that is not in the file: " +
                            std::to_string(edge.callee));
            continue;
        }
        auto &callee = m_nodes[found->second];
        if (callee.parent != 0)
            m_sink.note(Severity::Notice, "v8_two_callers", 0,
                        "node " + std::to_string(edge.callee) + " has two callers");
        else
            callee.parent = edge.caller + 1;
    }
    m_edges = {};
    for (auto &node : m_nodes) {
        if (node.parent != 0 || node.parentId == 0)
            continue;
        if (const auto found = m_byId.find(node.parentId); found != m_byId.end())
            node.parent = static_cast<std::uint32_t>(found->second + 1);
    }
}

Result<> V8Tree::stackOf(std::size_t place, std::vector<std::size_t> &path)
{
    path.clear();
    // Up to a node that is known, or to one that nobody called.
    for (auto at = place;;) {
        auto &node = m_nodes[at];
        if (node.resolved)
            break;
        node.resolved = true; // met again below: a circle
        path.push_back(at);
        if (node.parent == 0)
            break;
        at = node.parent - 1;
    }
    for (auto i = path.size(); i-- > 0;) {
        auto &node = m_nodes[path[i]];
        const auto &caller = m_nodes[node.parent == 0 ? path[i] : node.parent - 1];
        if (i + 1 == path.size() && node.parent != 0 && caller.stack.raw == 0 && !caller.root)
            m_sink.note(Severity::DataLoss, "v8_cycle", 0, "nodes are their own callers");
        if (node.root && node.parent == 0)
            continue; // the empty stack
        node.stack =
            m_sink.stack(caller.root || node.parent == 0 ? StackId{} : caller.stack, node.frame);
    }
    return m_sink.status();
}

Result<> V8Tree::resolve(JobContext &job)
{
    link();
    std::vector<std::size_t> path;
    for (std::size_t place = 0; place < m_nodes.size(); ++place) {
        if (place % kNodesPerCheck == 0)
            FW_TRY(job.checkpoint());
        FW_TRY(stackOf(place, path));
    }
    return {};
}

bool headHasV8Node(const Probe &probe, std::string_view outer, std::string_view inner)
{
    MemorySource head(probe.head);
    JobContext job;
    JsonPull json(head, job);
    if (!json.enterObject())
        return false;
    while (json.nextMember()) {
        if (json.key() != outer)
            continue;
        if (json.enterArray() && !json.nextElement())
            continue;
        bool frame = false, found = false;
        if (!json.enterObject())
            continue;
        while (json.nextMember()) {
            frame = frame || json.key() == "callFrame" || json.key() == "functionName";
            found = found || json.key() == inner;
            if (frame && found)
                return true;
        }
        return false;
    }
    return false;
}

} // namespace flamewright
