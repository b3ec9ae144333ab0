#include "analysis/kneedle.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

struct Point {
    double x = 0, y = 0;
    std::size_t index = 0;
};

std::vector<Point> pointsOf(std::span<const double> x, std::span<const double> y)
{
    std::vector<Point> out;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (std::isfinite(x[i]) && std::isfinite(y[i]))
            out.push_back({x[i], y[i], i});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Point &a, const Point &b) { return a.x < b.x; });
    out.erase(std::unique(out.begin(), out.end(),
                          [](const Point &a, const Point &b) { return a.x == b.x; }),
              out.end());
    return out;
}

// Distance from the diagonal, with the knee at a maximum of it. Halves, because the range of
// doubles is wider than a double.
std::vector<double> differences(const std::vector<Point> &points, KneeShape shape)
{
    const auto byY = [](const Point &a, const Point &b) { return a.y < b.y; };
    const auto [low, high] = std::minmax_element(points.begin(), points.end(), byY);
    const auto width = points.back().x / 2 - points.front().x / 2;
    const auto height = high->y / 2 - low->y / 2;
    std::vector<double> out;
    if (!(width > 0) || !(height > 0))
        return out;
    for (const auto &point : points) {
        const auto x = (point.x / 2 - points.front().x / 2) / width;
        const auto y = (point.y / 2 - low->y / 2) / height;
        out.push_back(shape == KneeShape::Flattens ? y - x : x - y);
    }
    // A curve that steepens is one that flattens, read from its end: 1 - y over 1 - x.
    if (shape == KneeShape::Steepens)
        std::reverse(out.begin(), out.end());
    return out;
}

} // namespace

std::vector<Knee> kneedle(std::span<const double> x, std::span<const double> y, KneeShape shape,
                          double sensitivity)
{
    const auto points = pointsOf(x, y);
    if (points.size() < 3)
        return {};
    const auto d = differences(points, shape);
    std::vector<Knee> out;
    const auto drop = sensitivity / static_cast<double>(points.size() - 1);
    for (std::size_t i = 1; i + 1 < d.size(); ++i) {
        // On a flat top its first point is the maximum.
        if (!(d[i] > d[i - 1]) || d[i] < d[i + 1])
            continue;
        auto k = i + 1;
        while (k < d.size() && d[k] <= d[k - 1] && d[k] >= d[i] - drop)
            ++k;
        if (k == d.size() || d[k] > d[k - 1])
            continue;
        const auto &point = points[shape == KneeShape::Flattens ? i : points.size() - 1 - i];
        out.push_back({point.index, point.x, point.y, d[i]});
    }
    std::sort(out.begin(), out.end(), [](const Knee &a, const Knee &b) { return a.x < b.x; });
    return out;
}

std::optional<Knee> strongestKnee(std::span<const double> x, std::span<const double> y,
                                  KneeShape shape, double sensitivity)
{
    const auto knees = kneedle(x, y, shape, sensitivity);
    const auto best =
        std::max_element(knees.begin(), knees.end(),
                         [](const Knee &a, const Knee &b) { return a.difference < b.difference; });
    return best == knees.end() ? std::nullopt : std::optional(*best);
}

} // namespace flamewright
