#pragma once

#include "analysis/service_map.h"
#include "views/scene/service_colors.h"
#include "views/scene/view_model.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

// Who calls whom: callers on the left, what they call further right. An edge says how often and how
// long 19 of 20 calls take at most; it is as wide as there are calls, and red where one in a hundred
// fails. Where everything is does not depend on the viewport's time.
class ServiceMapView final : public ViewModel {
public:
    explicit ServiceMapView(std::shared_ptr<const ServiceMap> map = {}, ServiceColors colors = {});

    bool isEmpty() const { return !m_map || m_map->nodes.empty(); }
    // What a document needs at least.
    SizeF contentSize() const;
    void setAnnotated(bool on) { m_annotated = on; }

    std::string_view kind() const override { return "service-map"; }
    void paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
               DisplayList &out) const override;
    // Key: the node's index, or that of the edge after all nodes.
    std::optional<Hit> hitTest(const Viewport &viewport, PointF at) const override;

    RectF nodeRect(std::size_t node, const Viewport &viewport) const;
    // From caller to callee, in so many points that it looks smooth.
    std::vector<PointF> edgeCurve(std::size_t edge, const Viewport &viewport) const;

private:
    struct Paint;
    void findLayers();
    void findBends();
    void orderLayers();
    RectF rectOf(std::size_t item, const Viewport &viewport) const;
    void paintNode(std::size_t node, Paint &paint) const;
    void paintEdge(std::size_t edge, Paint &paint) const;
    void paintEdgeLabel(std::size_t edge, Paint &paint) const;
    std::string edgeTitle(const ServiceEdge &edge) const;
    std::string edgeDetail(const ServiceEdge &edge) const;
    std::string nodeDetail(const ServiceNode &node) const;

    struct Place {
        std::uint32_t layer = 0, index = 0; // index within the layer
    };
    std::shared_ptr<const ServiceMap> m_map;
    ServiceColors m_colors;
    // Items are nodes, and after them bends: where an edge goes through a layer between its ends, which
    // takes a place there as a node does, so that it runs behind none.
    std::vector<Place> m_places;                      // by item
    std::vector<std::vector<std::uint32_t>> m_layers; // items from top to bottom
    std::vector<std::vector<std::uint32_t>> m_bends;  // by edge, from its beginning
    bool m_annotated = false;
};

struct ServiceMapPictureOptions {
    std::string title, subtitle;
    Theme theme = Theme::Light;
    float width = 1600;
    float height = 0; // as high as needed
    float scale = 1;
    bool annotated = true;
};
struct ServiceMapPicture {
    DisplayList list;
    SizeF size;
};
ServiceMapPicture serviceMapPicture(std::shared_ptr<const ServiceMap> map,
                                    const ServiceColors &colors,
                                    const ServiceMapPictureOptions &options,
                                    const TextMetrics &metrics);

} // namespace flamewright
