#include "importers/callgrind/call_contexts.h"

#include <algorithm>
#include <numeric>

namespace flamewright {

CallContexts::CallContexts(const CostTable &table, Limits limits)
    : m_table(&table),
      m_limits(limits),
      m_events(table.events())
{
    const auto functions = table.functions().size();
    m_calls.resize(functions);
    m_callers.resize(functions);
    m_ofFunction.resize(functions);
    m_inclusive.resize(functions * m_events);
    const auto add = [&](std::uint32_t function, std::size_t event, std::int64_t cost) {
        m_inclusive[function * m_events + event] +=
            static_cast<double>(std::max<std::int64_t>(cost, 0));
    };
    double all = 0;
    for (std::size_t i = 0; i < table.lines().size(); ++i) {
        for (std::size_t event = 0; event < m_events; ++event)
            add(table.lines()[i].function, event, table.selfCost(i, event));
        if (m_events > 0)
            all += static_cast<double>(std::max<std::int64_t>(table.selfCost(i, 0), 0));
    }
    for (std::size_t i = 0; i < table.arcs().size(); ++i) {
        const auto &arc = table.arcs()[i];
        m_callers[arc.callee].push_back(static_cast<std::uint32_t>(i));
        m_calls[arc.caller].push_back(static_cast<std::uint32_t>(i));
        for (std::size_t event = 0; event < m_events; ++event)
            add(arc.caller, event, table.arcCost(i, event));
    }
    const auto dearer = [&](std::uint32_t a, std::uint32_t b) {
        const auto left = m_events > 0 ? table.arcCost(a, 0) : 0;
        const auto right = m_events > 0 ? table.arcCost(b, 0) : 0;
        return left != right ? left > right : a < b;
    };
    for (auto &arcs : m_calls)
        std::sort(arcs.begin(), arcs.end(), dearer);
    for (auto &arcs : m_callers)
        std::sort(arcs.begin(), arcs.end(), dearer);
    m_least = all * m_limits.share;
}

std::uint32_t CallContexts::enter(std::uint32_t caller, std::uint32_t function)
{
    const auto context = static_cast<std::uint32_t>(m_contexts.size());
    m_contexts.push_back({caller, function, caller == kNobody ? 0 : m_contexts[caller].depth + 1});
    m_ofFunction[function].push_back(context);
    m_weights.resize(m_weights.size() + m_events);
    return context;
}

// What an arc costs in one context of its caller.
std::uint32_t CallContexts::call(std::uint32_t caller, std::uint32_t arc)
{
    const auto function = m_contexts[caller].function;
    const auto context = enter(caller, m_table->arcs()[arc].callee);
    for (std::size_t event = 0; event < m_events; ++event) {
        const auto cost =
            static_cast<double>(std::max<std::int64_t>(m_table->arcCost(arc, event), 0));
        const auto inclusive = m_inclusive[function * m_events + event];
        const auto share =
            inclusive > 0 ? std::min(m_weights[caller * m_events + event] / inclusive, 1.0) : 0;
        m_weights[context * m_events + event] = cost * share;
    }
    return context;
}

void CallContexts::push(std::uint32_t context)
{
    m_heap.emplace_back(m_events > 0 ? weight(context, 0) : 0, context);
    std::push_heap(m_heap.begin(), m_heap.end());
}

// Functions that nobody called.
void CallContexts::roots()
{
    for (std::uint32_t function = 0; function < m_callers.size(); ++function) {
        const auto &callers = m_callers[function];
        const bool called = std::any_of(callers.begin(), callers.end(), [&](std::uint32_t arc) {
            return m_table->arcs()[arc].caller != function;
        });
        if (called || (m_calls[function].empty() &&
                       m_inclusive[function * m_events] <= 0)) // of names without costs
            continue;
        const auto context = enter(kNobody, function);
        for (std::size_t event = 0; event < m_events; ++event)
            m_weights[context * m_events + event] = m_inclusive[function * m_events + event];
        push(context);
    }
}

bool CallContexts::isOnTheWay(std::uint32_t context, std::uint32_t function) const
{
    for (; context != kNobody; context = m_contexts[context].caller) {
        if (m_contexts[context].function == function)
            return true;
    }
    return false;
}

void CallContexts::expandNext()
{
    std::pop_heap(m_heap.begin(), m_heap.end());
    const auto caller = m_heap.back().second;
    m_heap.pop_back();
    if (m_contexts[caller].depth >= m_limits.depth) {
        m_limited = true;
        return;
    }
    const auto function = m_contexts[caller].function;
    for (const auto arc : m_calls[function]) {
        if (m_contexts.size() >= m_limits.contexts) {
            m_limited = true;
            m_heap.clear();
            return;
        }
        const auto inclusive = m_inclusive[function * m_events];
        const auto share = inclusive > 0 ? m_weights[caller * m_events] / inclusive : 0;
        if (static_cast<double>(m_table->arcCost(arc, 0)) * share < m_least) {
            m_limited = true;
            return; // those behind it are cheaper still
        }
        if (!isOnTheWay(caller, m_table->arcs()[arc].callee))
            push(call(caller, arc));
    }
}

// Functions that no context led to: below their dearest caller that has one, or alone.
void CallContexts::placeTheRest()
{
    std::vector<std::uint32_t> rest;
    std::vector<bool> own(m_callers.size());
    for (const auto &line : m_table->lines())
        own[line.function] = true;
    for (std::uint32_t function = 0; function < m_callers.size(); ++function) {
        if (own[function] && m_ofFunction[function].empty())
            rest.push_back(function);
    }
    std::stable_sort(rest.begin(), rest.end(), [&](std::uint32_t a, std::uint32_t b) {
        return m_inclusive[a * m_events] > m_inclusive[b * m_events];
    });
    for (const auto function : rest) {
        const auto &callers = m_callers[function];
        const auto arc = std::find_if(callers.begin(), callers.end(), [&](std::uint32_t one) {
            return !m_ofFunction[m_table->arcs()[one].caller].empty();
        });
        if (arc != callers.end()) {
            call(m_ofFunction[m_table->arcs()[*arc].caller].front(), *arc);
            continue;
        }
        ++m_placedAlone;
        const auto context = enter(kNobody, function);
        for (std::size_t event = 0; event < m_events; ++event)
            m_weights[context * m_events + event] = m_inclusive[function * m_events + event];
    }
}

} // namespace flamewright
