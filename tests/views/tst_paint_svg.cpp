#include "tests/support/import_contract.h"
#include "tests/views/drawn_profile.h"
#include "views/paint/paint_svg.h"
#include "views/scene/flame_picture.h"

#include <QTest>
#include <QXmlStreamReader>

#include <clocale>

using namespace flamewright;

namespace {

// Well-formed; returns the number of elements, or -1 and prints the error.
int elements(const std::string &svg)
{
    QXmlStreamReader xml(QByteArray::fromStdString(svg));
    int count = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement)
            ++count;
    }
    if (xml.hasError())
        qWarning() << xml.errorString() << xml.lineNumber();
    return xml.hasError() ? -1 : count;
}

FlamePicture picture(const std::shared_ptr<const Profile> &profile, std::string title)
{
    FlamePictureOptions options{.title = std::move(title), .subtitle = "cpu-clock", .width = 640};
    options.search = searchProfile(*profile, "write").value();
    return flamePicture(profile, options, FixedMetrics());
}

} // namespace

class TestPaintSvg : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesTheGoldenPicture()
    {
        const auto p = picture(drawn("main;parse;read 30\nmain;write_[k] 12\nmain;a<b> 3\n",
                                     Unit::Nanoseconds, 1'000'000),
                               "shop & sons");
        const auto svg = toSvg(p.list, p.size, Theme::Light);
        QVERIFY(elements(svg) > 10);
        const auto diff =
            testing::compareGolden(FW_SOURCE_DIR "/tests/golden/views/shop-icicle.svg", svg);
        QVERIFY2(diff.empty(), diff.c_str());
    }

    void groupsFramesWithTitlesAndClasses()
    {
        const auto p = picture(drawn("main;parse;read 30\nmain;write 12\n"), "t");
        const auto svg = toSvg(p.list, p.size, Theme::Light);
        QVERIFY(svg.find("<g class=\"frame match\"><title>write\n") != std::string::npos);
        QVERIFY(svg.find("30 samples \u00b7 71.4 % of all") != std::string::npos);
    }

    void escapesWhatCapturesMayHold()
    {
        DrawnProfile hostile;
        hostile.add("</title></svg><script>alert(1)</script>\x01\x1b\xff\xed\xa0\x80\xef\xbf\xbf;"
                    "]]>&#x0;\"' onload='x",
                    4, 4);
        const auto p = picture(hostile.build(), "<script>\x02");
        const auto svg = toSvg(p.list, p.size, Theme::Dark);
        QVERIFY(elements(svg) > 5);
        QVERIFY(svg.find("<script") == std::string::npos);
    }

    // As groupsFrames..., with links; names are the text of elements, to select and to search.
    void framesLeadToTheirSource()
    {
        FlamePictureOptions options{.title = "shop", .subtitle = "cpu-clock", .width = 640};
        options.links = SourceLinks::of("https://git/shop/{file}?a=1&b=2#L{line}").value();
        const auto p =
            flamePicture(drawn("main;parse;read 30\nmain;write_[k] 12\n"), options, FixedMetrics());
        const auto svg = toSvg(p.list, p.size, Theme::Light);
        QVERIFY(elements(svg) > 10);
        const auto diff =
            testing::compareGolden(FW_SOURCE_DIR "/tests/golden/views/shop-links.svg", svg);
        QVERIFY2(diff.empty(), diff.c_str());
        QVERIFY(svg.find("<a href=\"https://git/shop/src/read.c?a=1&amp;b=2#L42\">") !=
                std::string::npos);
        QVERIFY(svg.find(">read</text>") != std::string::npos);
        // main, parse, read; the kernel's function has no file.
        std::size_t links = 0;
        for (auto at = svg.find("<a "); at != std::string::npos; at = svg.find("<a ", at + 1))
            ++links;
        QCOMPARE(links, 3u);
    }

    // Whatever a list says, nothing but an address comes into the file, and elements match.
    void linksOfHostileListsAreLeftOut()
    {
        for (const std::string address :
             {"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,<script>", "//host/x",
              "https://h/\"><script>alert(1)</script>", "https://h/a b", "https://h/\x01", ""}) {
            DisplayList list;
            list.beginLink({0, 0, 10, 10}, address);
            list.fillRect({0, 0, 10, 10}, {0x112233ff});
            list.endLink();
            list.endLink();
            const auto svg = toSvg(list, {10, 10}, Theme::Light);
            QCOMPARE(elements(svg), 3); // svg, style, rect
            QVERIFY(svg.find("<a") == std::string::npos);
        }
        DrawnProfile hostile;
        hostile.add("main;\"></a><script>alert(1)</script>&#x0\\..\\javascript:(1)'\xff", 4, 4);
        FlamePictureOptions options{.title = "t", .width = 640};
        options.links = SourceLinks::of("https://host/{file}").value();
        const auto p = flamePicture(hostile.build(), options, FixedMetrics());
        const auto svg = toSvg(p.list, p.size, Theme::Light);
        QVERIFY(elements(svg) > 5);
        QVERIFY(svg.find("<script") == std::string::npos);
        QVERIFY(svg.find("<a href=\"https://host/src/%22%3E%3C/a%3E%3Cscript%3Ealert%281%29%3C/"
                         "javascript%3A%281%29%27%FF.c\">") != std::string::npos);
    }

    void writesTheSameBytesInEveryLocale()
    {
        DisplayList list;
        list.fillRect({0.5f, -1.25f, 10.125f, 3}, {0x11223380}, 2);
        list.strokeRect({1, 1, 5, 5}, {0xff0000ff}, 2);
        list.line({0, 0}, {3, 4.5f}, {0x00ff00ff});
        const PointF points[] = {{0, 0}, {1.5f, 2}, {3, 1}};
        list.polyline(points, {0x0000ffff}, 1.5f);
        const auto svg = toSvg(list, {20, 10}, Theme::Light);
        const std::string before = std::setlocale(LC_NUMERIC, nullptr);
        if (!std::setlocale(LC_NUMERIC, "de_DE.UTF-8"))
            std::setlocale(LC_NUMERIC, "C");
        QCOMPARE(toSvg(list, {20, 10}, Theme::Light), svg);
        std::setlocale(LC_NUMERIC, before.c_str());
        QCOMPARE(elements(svg), 6);
        QVERIFY(svg.find("<rect x=\"0.5\" y=\"-1.25\" width=\"10.13\" height=\"3\" rx=\"2\" "
                         "fill=\"#112233\" fill-opacity=\"0.5\"/>") != std::string::npos);
        QVERIFY(svg.find("<polyline points=\"0,0 1.5,2 3,1 \"") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestPaintSvg)
#include "tst_paint_svg.moc"
