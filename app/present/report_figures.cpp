#include "app/present/report_figures.h"

#include "analysis/compare/load_diff.h"
#include "analysis/compare/profile_diff.h"
#include "analysis/compare/trace_diff.h"
#include "views/scene/change_dots_view.h"
#include "views/scene/diff_flame_picture.h"
#include "views/scene/explanation_view.h"
#include "views/scene/percentile_diff_view.h"
#include "views/scene/plot_picture.h"
#include "views/scene/trace_diff_view.h"

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr float kPlotHeight = 480, kMostFlameHeight = 760, kMostHeight = 900;
constexpr std::size_t kDots = 14, kExplanations = 2;

// What draw(theme) makes, which has a list and a size, in every theme.
template <class Draw>
ReportFigure figureOf(std::string title, std::string caption, Draw draw)
{
    ReportFigure out{.title = std::move(title), .caption = std::move(caption)};
    auto light = draw(Theme::Light);
    out.size = light.size;
    out.light = std::move(light.list);
    out.print = std::move(draw(Theme::Print).list);
    out.dark = std::move(draw(Theme::Dark).list);
    return out;
}

class FigureMaker {
public:
    FigureMaker(const ComparedSection &section, const ReportSide &a, const ReportSide &b,
                const TextMetrics &metrics)
        : m_section(section),
          m_sides{{a.name, a.date}, {b.name, b.date}},
          m_metrics(metrics)
    {}
    std::vector<ReportFigure> make(std::size_t most)
    {
        profile();
        percentiles();
        traces();
        for (std::size_t i = 0; i < std::min(m_section.explanations.size(), kExplanations); ++i)
            explanation(m_section.explanations[i]);
        changes();
        if (m_out.size() > most)
            m_out.resize(most);
        return std::move(m_out);
    }

private:
    void plot(const PlotView &view, std::string title, std::string caption, float height)
    {
        const auto summary = view.summary();
        m_out.push_back(figureOf(std::move(title), std::move(caption), [&](Theme theme) {
            return plotPicture(view,
                               {.title = summary,
                                .sides = m_sides,
                                .theme = theme,
                                .width = kReportFigureWidth,
                                .height = std::min(height, kMostHeight)},
                               m_metrics);
        }));
    }
    void profile();
    void percentiles();
    void traces();
    void explanation(const Explanation &explanation);
    void changes();

    const ComparedSection &m_section;
    PictureSides m_sides;
    const TextMetrics &m_metrics;
    std::vector<ReportFigure> m_out;
};

void FigureMaker::profile()
{
    if (!m_section.profile || m_section.profile->tree.size() < 2)
        return;
    const auto words = m_section.normalisation.words();
    m_out.push_back(figureOf(
        "Calls of both sides",
        "A flame graph of A and B together: the width is the larger of both, the colour says what "
        "changed, grey is without evidence.",
        [&](Theme theme) {
            return diffFlamePicture(
                m_section.profile,
                {.title = m_section.profile->measure + (words.empty() ? "" : ", " + words),
                 .subtitle = {},
                 .sides = m_sides,
                 .readable = true,
                 .theme = theme,
                 .width = kReportFigureWidth,
                 .maxHeight = kMostFlameHeight},
                m_metrics);
        }));
}

void FigureMaker::percentiles()
{
    if (!m_section.load || m_section.load->endpoints.empty())
        return;
    // All requests, and the endpoint that is most telling.
    std::vector<std::size_t> shown;
    for (const auto &item : m_section.items) {
        for (std::size_t i = 1; i < m_section.load->endpoints.size() && shown.empty(); ++i) {
            if (m_section.load->endpoints[i].name == item.name)
                shown.push_back(i);
        }
    }
    shown.push_back(0);
    for (const auto endpoint : shown) {
        const PercentileDiffView view({.diff = m_section.load, .endpoint = endpoint});
        if (view.isEmpty())
            continue;
        const auto &name = m_section.load->endpoints[endpoint].name;
        plot(view, "Latency by percentile: " + (name == "*" ? "all requests" : name),
             "Above both sides with their 95 % bands, below the difference with its own.",
             kPlotHeight);
    }
}

void FigureMaker::traces()
{
    if (!m_section.traces || m_section.traces->roots.empty())
        return;
    // The operation that is said of first; else the one with most time.
    const auto &roots = m_section.traces->roots;
    std::size_t index = 0;
    for (const auto &item : m_section.items) {
        const auto found = std::find_if(roots.begin(), roots.end(), [&](const RootChange &root) {
            return root.name == item.name && root.service == item.detail;
        });
        if (found == roots.end())
            continue;
        index = static_cast<std::size_t>(found - roots.begin());
        break;
    }
    const auto &root = roots[index];
    if (TraceDiffView(m_section.traces, index, 0).isEmpty())
        return;
    const auto draw = [&](float height) {
        return figureOf("What traces of " + root.name + " spend their time with",
                        "The mean of the critical paths, by operation, with the calls per trace.",
                        [&](Theme theme) {
                            return traceDiffPicture(m_section.traces, index,
                                                    {.title = root.name,
                                                     .subtitle = root.service,
                                                     .theme = theme,
                                                     .width = kReportFigureWidth,
                                                     .height = height},
                                                    m_metrics);
                        });
    };
    auto figure = draw(0);
    if (figure.size.height > kMostHeight)
        figure = draw(kMostHeight);
    m_out.push_back(std::move(figure));
}

void FigureMaker::explanation(const Explanation &explanation)
{
    const ExplanationView view({.explanation = std::make_shared<Explanation>(explanation)});
    if (view.isEmpty() || explanation.parts.empty())
        return;
    plot(view, "What the change of " + explanation.of + " is made of",
         "From A's value to B's in steps, the largest first; they add up.",
         std::min(kPlotHeight, view.wantedHeight() + kComparedHeading));
}

void FigureMaker::changes()
{
    if (m_section.items.size() < 2)
        return;
    const ChangeDotsView view(
        {.items = std::make_shared<std::vector<ComparedItem>>(m_section.items)});
    plot(view, "Changes at a glance",
         "Dots are relative changes, whiskers their 95 % intervals; a grey ring is without "
         "evidence.",
         view.wantedHeight(kDots) + kComparedHeading);
}

} // namespace

ReportFigure dotsOf(const std::vector<ComparedItem> &items, const TextMetrics &metrics)
{
    const ChangeDotsView view({.items = std::make_shared<std::vector<ComparedItem>>(items)});
    struct Drawn {
        DisplayList list;
        SizeF size;
    };
    return figureOf("Largest changes, with their 95 % intervals", {}, [&](Theme theme) {
        Drawn out{.list = {}, .size = {kReportFigureWidth, view.wantedHeight(items.size())}};
        view.paint({.size = out.size}, theme, metrics, out.list);
        return out;
    });
}

std::vector<ReportFigure> figuresOf(const ComparedSection &section, const ReportSide &a,
                                    const ReportSide &b, std::size_t most,
                                    const TextMetrics &metrics)
{
    return FigureMaker(section, a, b, metrics).make(most);
}

} // namespace flamewright
