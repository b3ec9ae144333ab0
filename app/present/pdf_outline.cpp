#include "app/present/pdf_outline.h"

#include <QRegularExpression>

#include <map>
#include <optional>
#include <utility>

namespace flamewright {
namespace {

// Text of a document: UTF-16, in hexadecimal digits.
QByteArray textOf(const QString &text)
{
    QByteArray out = "<FEFF";
    for (const auto c : text)
        out += QByteArray::number(c.unicode(), 16).rightJustified(4, '0').toUpper();
    return out + '>';
}

QByteArray number(double value)
{
    return QByteArray::number(value, 'f', 2);
}

class Update {
public:
    explicit Update(const QByteArray &document) : m_out(document) {}

    // Where the parts are that the update refers to.
    bool findParts();
    void write(const PdfNavigation &navigation);
    QByteArray finish();

private:
    // What stands between "N 0 obj" and "endobj"; empty: not there, or no dictionary or array.
    QByteArray objectNamed(qint64 id) const
    {
        const auto head = "\n" + QByteArray::number(id) + " 0 obj\n";
        const auto begin = m_out.indexOf(head);
        const auto end = m_out.indexOf("endobj", begin);
        return begin < 0 || end < 0 ? QByteArray()
                                    : m_out.mid(begin + head.size(), end - begin - head.size());
    }
    static qint64 numberAfter(const QByteArray &text, const QByteArray &key)
    {
        const auto at = text.indexOf(key);
        if (at < 0)
            return -1;
        const auto from = at + key.size();
        auto end = from;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9')
            ++end;
        return end == from ? -1 : text.mid(from, end - from).toLongLong();
    }
    void object(qint64 id, const QByteArray &content)
    {
        m_offsets[id] = m_out.size();
        m_out += QByteArray::number(id) + " 0 obj\n" + content + "\nendobj\n";
    }
    QByteArray destination(const PdfHeading &heading) const
    {
        return "[" + QByteArray::number(m_pages[static_cast<std::size_t>(heading.page - 1)]) +
               " 0 R /XYZ null " + number(m_height - heading.top + 6) + " null]";
    }
    bool isOnPage(int page) const
    {
        return page >= 1 && static_cast<std::size_t>(page) <= m_pages.size();
    }
    void links(const PdfNavigation &navigation);

    QByteArray m_out;
    QByteArray m_catalog, m_trailer;
    qint64 m_root = 0, m_size = 0, m_previous = 0;
    double m_height = 842;
    std::vector<qint64> m_pages; // ids, in order
    std::map<qint64, qint64> m_offsets;
};

bool Update::findParts()
{
    const auto trailer = m_out.lastIndexOf("\ntrailer\n");
    const auto start = m_out.lastIndexOf("\nstartxref\n");
    if (trailer < 0 || start < trailer)
        return false;
    m_trailer = m_out.mid(trailer, start - trailer);
    m_previous = numberAfter(m_out.mid(start), "\nstartxref\n");
    m_root = numberAfter(m_trailer, "/Root ");
    m_size = numberAfter(m_trailer, "/Size ");
    m_catalog = objectNamed(m_root);
    const auto pages = objectNamed(numberAfter(m_catalog, "/Pages "));
    const auto kids = pages.indexOf("/Kids"), end = pages.indexOf(']', kids);
    if (m_previous <= 0 || m_size <= 0 || kids < 0 || end < 0 || !m_catalog.contains(">>"))
        return false;
    static const QRegularExpression reference(QStringLiteral("(\\d+) 0 R"));
    for (const auto &m : reference.globalMatch(QString::fromLatin1(pages.mid(kids, end - kids))))
        m_pages.push_back(m.captured(1).toLongLong());
    return !m_pages.empty();
}

void Update::write(const PdfNavigation &navigation)
{
    std::vector<const PdfHeading *> shown;
    for (const auto &heading : navigation.headings) {
        if (isOnPage(heading.page))
            shown.push_back(&heading);
    }
    if (shown.empty())
        return;
    const auto tree = m_size;
    const auto item = [&](std::size_t i) {
        return QByteArray::number(tree + 1 + static_cast<qint64>(i)) + " 0 R";
    };
    for (std::size_t i = 0; i < shown.size(); ++i) {
        auto content = "<</Title " + textOf(shown[i]->title) + " /Parent " +
                       QByteArray::number(tree) + " 0 R /Dest " + destination(*shown[i]);
        if (i > 0)
            content += " /Prev " + item(i - 1);
        if (i + 1 < shown.size())
            content += " /Next " + item(i + 1);
        object(tree + 1 + static_cast<qint64>(i), content + ">>");
    }
    object(tree, "<</Type /Outlines /First " + item(0) + " /Last " + item(shown.size() - 1) +
                     " /Count " + QByteArray::number(static_cast<qint64>(shown.size())) + ">>");
    m_size += 1 + static_cast<qint64>(shown.size());
    auto catalog = m_catalog;
    catalog.insert(catalog.lastIndexOf(">>"),
                   "\n/Outlines " + QByteArray::number(tree) + " 0 R\n/PageMode /UseOutlines\n");
    object(m_root, catalog.trimmed());
    links(navigation);
}

void Update::links(const PdfNavigation &navigation)
{
    std::map<qint64, QByteArray> annotations; // by id of the page's array
    for (const auto &link : navigation.links) {
        if (!isOnPage(link.page) || link.heading >= navigation.headings.size() ||
            !isOnPage(navigation.headings[link.heading].page))
            continue;
        const auto page = objectNamed(m_pages[static_cast<std::size_t>(link.page - 1)]);
        const auto array = numberAfter(page, "/Annots ");
        if (array < 0)
            continue;
        annotations[array] += "<</Type /Annot /Subtype /Link /Border [0 0 0] /Rect [" +
                              number(link.area.left()) + ' ' +
                              number(m_height - link.area.bottom()) + ' ' +
                              number(link.area.right()) + ' ' + number(m_height - link.area.top()) +
                              "] /Dest " + destination(navigation.headings[link.heading]) + ">>\n";
    }
    for (const auto &[id, content] : annotations) {
        // What the page has already stays.
        const auto before = objectNamed(id).trimmed();
        if (before.startsWith('[') && before.endsWith(']'))
            object(id, before.left(before.size() - 1) + content + "]");
    }
}

QByteArray Update::finish()
{
    if (m_offsets.empty())
        return m_out;
    const auto start = m_out.size();
    m_out += "xref\n";
    for (const auto &[id, offset] : m_offsets)
        m_out += QByteArray::number(id) + " 1\n" +
                 QByteArray::number(offset).rightJustified(10, '0') + " 00000 n \n";
    auto trailer = m_trailer.trimmed();
    static const QRegularExpression size(QStringLiteral("/Size \\d+"));
    auto text = QString::fromLatin1(trailer);
    text.replace(size, QStringLiteral("/Size %1").arg(m_size));
    trailer = text.toLatin1();
    trailer.insert(trailer.lastIndexOf(">>"), "/Prev " + QByteArray::number(m_previous) + "\n");
    m_out += trailer + "\nstartxref\n" + QByteArray::number(start) + "\n%%EOF\n";
    return std::move(m_out);
}

} // namespace

QByteArray withNavigation(const QByteArray &document, const PdfNavigation &navigation)
{
    Update update(document);
    if (!update.findParts())
        return document;
    update.write(navigation);
    return update.finish();
}

} // namespace flamewright
