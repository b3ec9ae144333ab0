#include "importers/load/summary_writer.h"

#include <cmath>
#include <string>

namespace flamewright {

void SummaryWriter::put(const SummarySubject &subject, SummaryFigure figure, double quantile,
                        double value)
{
    if (!std::isfinite(value) || !std::isfinite(quantile)) {
        m_sink.note(Severity::Notice, "figure_is_no_number", 0,
                    "a figure of " + std::string(subject.metric) + " that is no number");
        return;
    }
    ++m_written;
    m_sink.add(Summary{.begin = subject.begin,
                       .length = subject.length,
                       .endpoint = subject.endpoint.empty() ? TrackId{}
                                                            : m_names.endpoint(subject.endpoint, 0),
                       .metric = m_sink.string(subject.metric),
                       .subset = m_sink.string(subject.subset),
                       .figure = figure,
                       .unit = subject.unit,
                       .position = quantile,
                       .value = value,
                       .method = m_sink.string(subject.method)});
}

void SummaryWriter::add(const SummarySubject &subject, SummaryFigure figure, double value)
{
    put(subject, figure, 0, value);
}

void SummaryWriter::quantile(const SummarySubject &subject, double quantile, double value)
{
    put(subject, SummaryFigure::Quantile, quantile, value);
}

void SummaryWriter::bucket(const SummarySubject &subject, double highest, double count)
{
    put(subject, SummaryFigure::Bucket, highest, count);
}

void SummaryWriter::count(SummarySubject subject, double value)
{
    subject.unit = Unit::Count;
    put(subject, SummaryFigure::Count, 0, value);
}

void SummaryWriter::failed(SummarySubject subject, double value)
{
    subject.unit = Unit::Count;
    put(subject, SummaryFigure::Failed, 0, value);
}

void SummaryWriter::rate(SummarySubject subject, double perSecond)
{
    subject.unit = Unit::Count;
    put(subject, SummaryFigure::Rate, 0, perSecond);
}

} // namespace flamewright
