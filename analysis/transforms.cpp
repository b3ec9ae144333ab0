#include "analysis/transforms.h"

#include "analysis/growing_tree.h"
#include "analysis/search.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace flamewright {
namespace {

constexpr std::array<std::pair<TransformKind, std::string_view>, kTransformKinds> kNames{{
    {TransformKind::Focus, "focus"},
    {TransformKind::FocusSubtree, "focus-subtree"},
    {TransformKind::Keep, "keep"},
    {TransformKind::Drop, "drop"},
    {TransformKind::Hide, "hide"},
    {TransformKind::CollapseModule, "collapse-module"},
    {TransformKind::CollapseRecursion, "collapse-recursion"},
    {TransformKind::CollapseDirectRecursion, "collapse-direct-recursion"},
    {TransformKind::CollapseSubtree, "collapse-subtree"},
    {TransformKind::KeepModules, "keep-modules"},
    {TransformKind::ShowFrom, "show-from"},
}};

bool mayBeEmpty(TransformKind kind)
{
    return kind == TransformKind::CollapseRecursion ||
           kind == TransformKind::CollapseDirectRecursion;
}

bool meansModules(TransformKind kind)
{
    return kind == TransformKind::CollapseModule || kind == TransformKind::KeepModules;
}

std::string escaped(std::string_view part)
{
    std::string out;
    for (const auto c : part) {
        if (c == ';' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::vector<std::string> splitPath(std::string_view path)
{
    std::vector<std::string> out(1);
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '\\' && i + 1 < path.size())
            out.back() += path[++i];
        else if (path[i] == ';')
            out.emplace_back();
        else
            out.back() += path[i];
    }
    return out;
}

// One pass over a tree in preorder: every node is told where it goes in the new one.
class Pass {
public:
    Pass(const Profile &from, std::vector<std::uint8_t> matches)
        : m_from(from),
          m_tree(from.tree),
          m_matches(std::move(matches)),
          m_to(from.tree.size(), kNoNode)
    {}

    void run(const Transform &transform);
    Result<> focusSubtree(std::string_view path);
    Profile finish(std::vector<std::uint32_t> &nodeOf);

private:
    bool matches(std::uint32_t node) const { return m_matches[m_tree.function[node].raw] != 0; }
    std::uint32_t to(std::uint32_t node) const { return m_to[node]; }
    // Under where its caller went.
    std::uint32_t kept(std::uint32_t node) { return under(m_to[m_tree.parent[node]], node); }
    std::uint32_t under(std::uint32_t caller, std::uint32_t node)
    {
        return caller == kNoNode
                   ? kNoNode
                   : m_grown.child(caller, m_tree.function[node], m_tree.inlined[node] != 0);
    }
    template <class F>
    void each(F place)
    {
        for (std::uint32_t node = 1; node < m_tree.size(); ++node)
            m_to[node] = place(node);
    }
    void fromMatch();
    void keepOrDrop(bool keep);
    void hide(bool wanted);
    void collapseModule();
    void collapseRecursion(bool everything);
    void collapseDirect(bool everything);
    void collapseSubtree();
    FunctionId moduleFunction(std::string_view module, FunctionId like);

    const Profile &m_from;
    const FlameTree &m_tree;
    std::vector<std::uint8_t> m_matches; // by function
    std::vector<std::uint32_t> m_to;     // by node of m_from: node of m_grown
    GrowingTree m_grown;
    std::vector<FunctionInfo> m_added; // functions of the new profile beyond those of the old
    std::unordered_map<std::string_view, FunctionId> m_moduleFunctions;
};

void Pass::run(const Transform &transform)
{
    m_to[0] = 0;
    switch (transform.kind) {
    case TransformKind::Focus:
    case TransformKind::ShowFrom: fromMatch(); break;
    case TransformKind::FocusSubtree: break; // has no matches: focusSubtree()
    case TransformKind::Keep: keepOrDrop(true); break;
    case TransformKind::Drop: keepOrDrop(false); break;
    case TransformKind::Hide: hide(true); break;
    case TransformKind::CollapseModule: collapseModule(); break;
    case TransformKind::CollapseRecursion: collapseRecursion(transform.pattern.empty()); break;
    case TransformKind::CollapseDirectRecursion: collapseDirect(transform.pattern.empty()); break;
    case TransformKind::CollapseSubtree: collapseSubtree(); break;
    case TransformKind::KeepModules: hide(false); break;
    }
}

void Pass::fromMatch()
{
    m_to[0] = kNoNode;
    each([&](std::uint32_t node) {
        const auto above = to(m_tree.parent[node]);
        if (above == kNoNode && matches(node))
            return under(0, node);
        return under(above, node);
    });
}

// A stack is kept when one of its frames matches: all below a match, and its callers as far as
// stacks with a match go through them. Samples of the callers themselves are not kept.
void Pass::keepOrDrop(bool keep)
{
    std::vector<std::uint8_t> found(m_tree.size(), 0);
    each([&](std::uint32_t node) {
        found[node] = found[m_tree.parent[node]] || matches(node);
        return kept(node); // nodes that get no samples disappear when the tree is assembled
    });
    for (std::uint32_t node = 0; node < m_tree.size(); ++node) {
        if ((found[node] != 0) != keep)
            m_to[node] = kNoNode;
    }
}

void Pass::hide(bool wanted)
{
    each([&](std::uint32_t node) {
        return matches(node) == wanted ? to(m_tree.parent[node]) : kept(node);
    });
}

FunctionId Pass::moduleFunction(std::string_view module, FunctionId like)
{
    const auto [it, fresh] = m_moduleFunctions.try_emplace(module);
    if (fresh) {
        it->second =
            FunctionId{static_cast<std::uint32_t>(m_from.functions.size() + m_added.size())};
        const auto base = std::filesystem::path(module).filename().string();
        m_added.push_back({.name = "[" + (base.empty() ? std::string(module) : base) + "]",
                           .module = std::string(module),
                           .kind = m_from.functions[like.raw].kind});
    }
    return it->second;
}

void Pass::collapseModule()
{
    each([&](std::uint32_t node) {
        if (!matches(node))
            return kept(node);
        const auto parent = m_tree.parent[node];
        const auto function = m_tree.function[node];
        const std::string_view module = m_from.functions[function.raw].module;
        if (parent != 0 && matches(parent) && m_from.at(parent).module == module)
            return to(parent);
        const auto caller = to(parent);
        return m_grown.child(caller, moduleFunction(module, function), false);
    });
}

// A call of a function that is already on the new stack goes back to it, and what was called in
// between is no longer on the stack. The new stack of the node looked at is m_stack[0, length of
// its caller's); slots that a subtree overwrites are restored when it ends.
void Pass::collapseRecursion(bool everything)
{
    struct Entered {
        std::uint32_t end; // of the subtree
        std::uint32_t slot;
        std::uint32_t stacked, function, known; // what the slot and the function had before
    };
    std::vector<std::uint32_t> stack{0};
    std::vector<std::uint32_t> slotOf(m_from.functions.size(), 0); // where a function was put last
    std::vector<std::uint32_t> length(m_tree.size(), 1);           // of the new stack, by node
    std::vector<Entered> entered;
    each([&](std::uint32_t node) {
        while (!entered.empty() && entered.back().end <= node) {
            stack[entered.back().slot] = entered.back().stacked;
            slotOf[entered.back().function] = entered.back().known;
            entered.pop_back();
        }
        const auto function = m_tree.function[node].raw;
        const auto above = length[m_tree.parent[node]];
        const auto slot = slotOf[function];
        if ((everything || m_matches[function]) && slot != 0 && slot < above &&
            m_grown.function(stack[slot]).raw == function) {
            length[node] = slot + 1;
            return stack[slot];
        }
        if (above == stack.size())
            stack.push_back(0);
        const auto placed = kept(node);
        entered.push_back({m_tree.subtreeEnd[node], above, stack[above], function, slot});
        stack[above] = placed;
        slotOf[function] = above;
        length[node] = above + 1;
        return placed;
    });
}

void Pass::collapseDirect(bool everything)
{
    each([&](std::uint32_t node) {
        const auto parent = m_tree.parent[node];
        const bool meant = everything || matches(node);
        return meant && m_tree.function[parent] == m_tree.function[node] ? to(parent) : kept(node);
    });
}

void Pass::collapseSubtree()
{
    std::uint32_t end = 0, collapsed = 0;
    each([&](std::uint32_t node) {
        if (node < end)
            return collapsed;
        const auto placed = kept(node);
        if (matches(node)) {
            end = m_tree.subtreeEnd[node];
            collapsed = placed;
        }
        return placed;
    });
}

Result<> Pass::focusSubtree(std::string_view path)
{
    std::uint32_t at = 0;
    for (const auto &step : splitPath(path)) {
        FW_ASSIGN(const auto meant, matchFunctions(m_from, step));
        std::uint32_t found = 0;
        for (auto child = at + 1; child < m_tree.subtreeEnd[at] && found == 0;
             child = m_tree.subtreeEnd[child]) {
            if (meant[m_tree.function[child].raw])
                found = child;
        }
        if (found == 0)
            return {}; // nothing is below a path that is not there
        at = found;
    }
    m_to[at] = under(0, at);
    for (auto node = at + 1; node < m_tree.subtreeEnd[at]; ++node)
        m_to[node] = kept(node);
    return {};
}

Profile Pass::finish(std::vector<std::uint32_t> &nodeOf)
{
    for (std::uint32_t node = 0; node < m_tree.size(); ++node) {
        if (m_to[node] != kNoNode)
            m_grown.addSelf(m_to[node], m_tree.self[node], m_tree.selfSamples[node]);
    }
    Profile out;
    out.measure = m_from.measure;
    out.unit = m_from.unit;
    out.rowsRead = m_from.rowsRead;
    out.functions = m_from.functions;
    out.functions.insert(out.functions.end(), std::make_move_iterator(m_added.begin()),
                         std::make_move_iterator(m_added.end()));
    const auto placed = m_grown.assemble(out);
    out.table = functionTable(out);
    for (auto &node : nodeOf) {
        if (node != kNoNode && m_to[node] != kNoNode)
            node = placed[m_to[node]];
        else
            node = kNoNode;
    }
    return out;
}

Result<Profile> applyOne(const Profile &profile, const Transform &transform,
                         std::vector<std::uint32_t> &nodeOf)
{
    if (transform.kind == TransformKind::FocusSubtree) {
        Pass pass(profile, std::vector<std::uint8_t>(profile.functions.size(), 0));
        FW_TRY(pass.focusSubtree(transform.pattern));
        return pass.finish(nodeOf);
    }
    FW_ASSIGN(auto matches, meansModules(transform.kind)
                                ? matchModules(profile, transform.pattern)
                                : matchFunctions(profile, transform.pattern));
    Pass pass(profile, std::move(matches));
    pass.run(transform);
    return pass.finish(nodeOf);
}

} // namespace

std::string_view nameOf(TransformKind kind)
{
    for (const auto &[known, name] : kNames) {
        if (known == kind)
            return name;
    }
    return {};
}

std::string toText(const Transform &transform)
{
    return std::string(nameOf(transform.kind)) + ":" + transform.pattern;
}

Result<Transform> parseTransform(std::string_view text)
{
    const auto colon = std::min(text.find(':'), text.size());
    const auto pattern = text.substr(std::min(colon + 1, text.size()));
    std::string known;
    for (const auto &[kind, name] : kNames) {
        if (name == text.substr(0, colon)) {
            if (pattern.empty() && !mayBeEmpty(kind))
                return fail(Errc::Usage, "'" + std::string(text) + "' needs a pattern: write '" +
                                             std::string(name) + ":TEXT' or '" + std::string(name) +
                                             ":/REGEX/i'");
            return Transform{kind, std::string(pattern)};
        }
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    return fail(Errc::Usage, "'" + std::string(text) + "' is not a transform; there are: " + known);
}

Result<> checkPattern(const Transform &transform)
{
    const Profile nothing{.functions = std::vector<FunctionInfo>(1)};
    std::vector<std::string> patterns{transform.pattern};
    if (transform.kind == TransformKind::FocusSubtree)
        patterns = splitPath(transform.pattern);
    for (const auto &pattern : patterns)
        FW_TRY(matchFunctions(nothing, pattern));
    return {};
}

std::string pathPattern(const Profile &profile, std::uint32_t node)
{
    std::vector<std::uint32_t> path;
    for (auto at = node; at != 0; at = profile.tree.parent[at])
        path.push_back(at);
    std::string out;
    for (auto step = path.rbegin(); step != path.rend(); ++step)
        out += (out.empty() ? "" : ";") + escaped(exactPattern(profile.at(*step)));
    return out;
}

Result<Profile> applyTransforms(const Profile &profile, std::span<const Transform> transforms,
                                std::vector<std::uint32_t> *nodeOf)
{
    std::vector<std::uint32_t> nodes(profile.tree.size());
    std::iota(nodes.begin(), nodes.end(), 0u);
    auto out = profile;
    for (const auto &transform : transforms) {
        FW_ASSIGN(out, applyOne(out, transform, nodes));
    }
    if (nodeOf)
        *nodeOf = std::move(nodes);
    return out;
}

} // namespace flamewright
