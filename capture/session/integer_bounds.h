#pragma once

#include <cstdint>

namespace flamewright {

// The comparisons that SQL pushes down into a scan.
enum class Comparison : std::uint8_t { Equal, Greater, GreaterEqual, Less, LessEqual };

// The values of an integer column that meet every comparison made so far: [low, high], both
// inclusive, so that each int64 can be said. Comparisons mean what they mean in SQL, so that a
// scan within the bounds needs no second check.
class IntegerBounds {
public:
    void narrow(Comparison op, std::int64_t value);
    // An integer against a real number; neither is rounded. NaN is NULL in SQL.
    void narrow(Comparison op, double value);
    // Text and blobs sort after every number.
    void narrowByText(Comparison op);
    // Nothing compares to NULL.
    void narrowByNull() { m_empty = m_narrowed = true; }

    bool contains(std::int64_t value) const { return !m_empty && low <= value && value <= high; }
    bool isEmpty() const { return m_empty || low > high; }
    // Whether there was any comparison: rows without a value (NULL) are out then.
    bool isNarrowed() const { return m_narrowed; }
    bool isOne() const { return !m_empty && low == high; }

    std::int64_t low = INT64_MIN;
    std::int64_t high = INT64_MAX;

private:
    bool m_empty = false;
    bool m_narrowed = false;
};

} // namespace flamewright
