#include "capture/session/integer_bounds.h"

#include <algorithm>
#include <cmath>

namespace flamewright {

void IntegerBounds::narrow(Comparison op, std::int64_t value)
{
    m_narrowed = true;
    switch (op) {
    case Comparison::Equal:
        low = std::max(low, value);
        high = std::min(high, value);
        return;
    case Comparison::Greater:
        if (value == INT64_MAX)
            m_empty = true;
        else
            low = std::max(low, value + 1);
        return;
    case Comparison::GreaterEqual: low = std::max(low, value); return;
    case Comparison::Less:
        if (value == INT64_MIN)
            m_empty = true;
        else
            high = std::min(high, value - 1);
        return;
    case Comparison::LessEqual: high = std::min(high, value); return;
    }
}

void IntegerBounds::narrow(Comparison op, double value)
{
    constexpr double kTwoTo63 = 9223372036854775808.0;
    const bool below = op == Comparison::Less || op == Comparison::LessEqual;
    m_narrowed = true;
    if (std::isnan(value)) {
        m_empty = true;
    } else if (value >= kTwoTo63) {
        m_empty = m_empty || !below;
    } else if (value < -kTwoTo63) {
        const bool above = op == Comparison::Greater || op == Comparison::GreaterEqual;
        m_empty = m_empty || !above;
    } else if (op == Comparison::Equal) {
        if (std::floor(value) != value)
            m_empty = true;
        else
            narrow(op, static_cast<std::int64_t>(value));
    } else {
        // x > 1.5 is x > 1; x >= 1.5 is x >= 2; x < 1.5 is x < 2; x <= 1.5 is x <= 1.
        const bool up = op == Comparison::GreaterEqual || op == Comparison::Less;
        const auto whole = up ? std::ceil(value) : std::floor(value);
        if (whole >= kTwoTo63)
            m_empty = m_empty || !below;
        else
            narrow(op, static_cast<std::int64_t>(whole));
    }
}

void IntegerBounds::narrowByText(Comparison op)
{
    m_narrowed = true;
    if (op != Comparison::Less && op != Comparison::LessEqual)
        m_empty = true;
}

} // namespace flamewright
