#pragma once

#include "analysis/operations.h"
#include "app/gui/rows_model.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

#include <memory>
#include <vector>

class QSplitter;
class QTableView;
class QToolButton;

namespace flamewright {

class PlainLabel;
class SceneWidget;
class WaterfallView;
struct Waterfall;

// The traces of the scope as a list, the longest first, and the one that is chosen as a waterfall: its
// spans in the order of the tree, along its time. A click on a span says what is known about it.
class TracesPane final : public ViewPane {
    Q_OBJECT

public:
    TracesPane(const ViewContext &context, QWidget *parent);
    ~TracesPane() override;

    QTableView *view() const { return m_view; }
    RowsModel &model() { return m_model; }
    SceneWidget *waterfall() const { return m_waterfall; }
    QToolButton *slowestButton() const { return m_slowest; }
    QToolButton *operationButton() const { return m_operation; }
    QString summary() const;

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::function<QString()> data() const override { return m_model.asText(); }
    bool isSettled() const override;

private:
    void follow(); // other traces
    void mark();   // another one is chosen
    void narrow(); // another operation
    void choose(int shown);
    void step(int rows);

    ViewContext m_context;
    RowsModel m_model;
    std::shared_ptr<const std::vector<std::uint32_t>> m_shown; // of TraceAnswer::traces
    QSplitter *m_split;
    QTableView *m_view;
    SceneWidget *m_waterfall;
    QToolButton *m_slowest, *m_operation;
    PlainLabel *m_summary, *m_none;
    std::shared_ptr<const Waterfall> m_data; // of the chosen trace
    std::shared_ptr<WaterfallView> m_scene;
    std::optional<std::uint32_t> m_sceneOf;
    std::vector<std::uint32_t> m_rowOf; // by row of the scene: of SpanRows; kNoRow: none
    std::optional<OperationKey> m_narrowedTo;
    bool m_marking = false; // the selection moves because another trace was chosen
};

} // namespace flamewright
