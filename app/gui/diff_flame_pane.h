#pragma once

#include "analysis/search.h"
#include "app/gui/compare_pane.h"
#include "app/gui/flame_menu.h"
#include "app/gui/latest_job.h"
#include "views/scene/diff_flame_view.h"

#include <memory>
#include <optional>

namespace flamewright {

class DiffLegend;
class FlameWidget;

// The flame graph of a difference as a tab: the widget of all flame graphs, with what its widths
// and colours are of, and a legend.
class DiffFlamePane final : public ComparePane {
    Q_OBJECT

public:
    DiffFlamePane(const ViewContext &context, QWidget *parent);
    ~DiffFlamePane() override;

    FlameWidget *flame() const { return m_flame; }
    void setWidthBy(DiffWidth width);
    void setColorBy(DiffColor color);
    void setLayout(FlameLayout layout);
    void setReadable(bool readable);

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::vector<ViewPicture> sidePictures(Theme theme) const override;
    std::string sentence() const override;
    std::function<QString()> data() const override; // folded stacks with both values
    bool isSettled() const override;

protected:
    bool canShow(const ComparedSection &section) const override;
    QString nothingText() const override;
    void showSection(const ComparedSection *section) override;
    void showEvent(QShowEvent *event) override;

private:
    ViewPicture draw(Theme theme, DiffWidth by, float height) const; // 0: as high as it is
    void buildControls();
    void connectFlame();
    void make();
    void describe();
    void runSearch();
    void applyTheme();
    void selected(std::uint32_t node);
    void followSelection();
    void showMenu(std::uint32_t node, QPoint global);
    const Profile *unionProfile() const;

    FlameWidget *m_flame;
    DiffLegend *m_legend;
    QToolButton *m_layoutButton = nullptr, *m_widthButton = nullptr, *m_colorButton = nullptr,
                *m_names = nullptr, *m_unzoom = nullptr;
    FlameMenuActions m_actions;
    FlameLayout m_layout = FlameLayout::Icicle;
    DiffWidth m_width = DiffWidth::Larger;
    DiffColor m_color = DiffColor::Total;
    bool m_readable = false;
    bool m_following = false; // the selection moves because of the model, not of the user
    std::shared_ptr<const ProfileDiff> m_wanted, m_drawn;
    std::shared_ptr<const DiffFlameData> m_data; // what m_drawn began with
    std::optional<SearchResult> m_found;
    LatestJob<std::shared_ptr<const DiffFlameData>> m_job;
    LatestJob<SearchResult> m_searchJob;
};

} // namespace flamewright
