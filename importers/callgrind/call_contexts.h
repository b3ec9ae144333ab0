#pragma once

#include "capture/base/result.h"
#include "importers/callgrind/cost_table.h"

#include <cstdint>
#include <vector>

namespace flamewright {

// Who might have called whom on the way to each function: an estimate. A file of callgrind says what
// each function cost when called by each other, but not how that divides over the callers' callers. It is
// taken to divide as the callers' own inclusive costs do.
//
// The contexts of a program are endless: the dearest are looked at first, up to a limit, and a function
// that is on the way already is not entered again. Every function with costs has at least one context.
class CallContexts {
public:
    struct Limits {
        std::size_t contexts = 20'000;
        std::uint32_t depth = 500;
        double share = 1e-6; // of everything: what is less is not divided further
    };
    static constexpr std::uint32_t kNobody = 0xffff'ffff;

    // `ask` is asked every now and then whether to go on.
    template <class Ask>
    static Result<CallContexts> of(const CostTable &table, Limits limits, Ask ask)
    {
        CallContexts out(table, limits);
        out.roots();
        while (out.more()) {
            for (int i = 0; i < 256 && out.more(); ++i)
                out.expandNext();
            FW_TRY(ask());
        }
        out.placeTheRest();
        FW_TRY(ask());
        return out;
    }

    // A caller stands before its callees.
    struct Context {
        std::uint32_t caller = kNobody; // a context
        std::uint32_t function = 0;
        std::uint32_t depth = 0;
    };
    const std::vector<Context> &contexts() const { return m_contexts; }
    // Of each function, the dearest first.
    const std::vector<std::vector<std::uint32_t>> &ofFunction() const { return m_ofFunction; }
    // How much of an event's inclusive cost lies in a context; not negative.
    double weight(std::uint32_t context, std::size_t event) const
    {
        return m_weights[context * m_events + event];
    }
    // Functions whose costs nobody is known to have caused.
    std::uint64_t placedAlone() const { return m_placedAlone; }
    bool limited() const { return m_limited; }

private:
    CallContexts(const CostTable &table, Limits limits);
    void roots();
    bool more() const { return !m_heap.empty(); }
    void expandNext();
    void placeTheRest();
    std::uint32_t enter(std::uint32_t caller, std::uint32_t function);
    void push(std::uint32_t context);
    bool isOnTheWay(std::uint32_t context, std::uint32_t function) const;
    std::uint32_t call(std::uint32_t caller, std::uint32_t arc);

    const CostTable *m_table;
    Limits m_limits;
    std::size_t m_events;
    std::vector<std::vector<std::uint32_t>> m_calls;   // arcs by caller, the dearest first
    std::vector<std::vector<std::uint32_t>> m_callers; // arcs by callee
    std::vector<double> m_inclusive;                   // by function and event
    std::vector<Context> m_contexts;
    std::vector<double> m_weights;
    std::vector<std::vector<std::uint32_t>> m_ofFunction;
    std::vector<std::pair<double, std::uint32_t>> m_heap; // to be expanded
    double m_least = 0;
    std::uint64_t m_placedAlone = 0;
    bool m_limited = false;
};

} // namespace flamewright
