#include "app/present/color_pairs.h"
#include "app/present/json_text.h"
#include "app/present/pinned_finding.h"
#include "views/scene/theme.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace flamewright;

namespace {

class Random {
public:
    explicit Random(std::uint32_t seed) : m_engine(seed) {}

    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(m_engine() % n); }
    float coordinate()
    {
        return static_cast<float>(static_cast<int>(below(4'000'000)) - 2'000'000) / 7;
    }
    RectF rect() { return {coordinate(), coordinate(), coordinate(), coordinate()}; }
    Rgba color() { return {static_cast<std::uint32_t>(m_engine())}; }
    std::string text()
    {
        static const std::vector<std::string> kParts{
            "malloc",   "\"",     "\\", "</script>", std::string(1, '\0'),
            "\xff\xfe", "\u202e", "é",  "\n"};
        std::string out;
        for (auto n = below(5); n > 0; --n)
            out += kParts[below(static_cast<std::uint32_t>(kParts.size()))];
        return out;
    }
    // The same picture in two lists of different colours.
    void picture(DisplayList &light, DisplayList &print, int depth = 0)
    {
        for (auto n = below(12); n > 0; --n) {
            const auto seed = static_cast<std::uint32_t>(m_engine());
            Random(seed).command(light, color());
            Random(seed).command(print, color());
            if (depth < 4 && below(3) == 0) {
                const auto area = rect();
                const auto title = text();
                const auto what = below(2);
                for (auto *list : {&light, &print})
                    what == 0 ? list->pushClip(area) : list->beginItem(ItemRole::Match, title);
                picture(light, print, depth + 1);
                for (auto *list : {&light, &print})
                    what == 0 ? list->popClip() : list->endItem();
            }
        }
    }

private:
    void command(DisplayList &list, Rgba c)
    {
        const auto pen = static_cast<float>(below(64)) / 16;
        const auto radius = static_cast<std::uint8_t>(below(2) * 6);
        switch (below(6)) {
        case 0: list.fillRect(rect(), c, radius); return;
        case 1: list.strokeRect(rect(), c, pen, radius); return;
        case 2: {
            const auto r = rect();
            list.line({r.x, r.y}, {r.width, r.height}, c, pen);
            return;
        }
        case 3: {
            std::vector<PointF> points;
            for (auto n = below(6); n > 0; --n)
                points.push_back({coordinate(), coordinate()});
            list.polyline(points, c, pen);
            return;
        }
        case 4:
            list.text({coordinate(), coordinate()}, text(), c, static_cast<FontRole>(below(6)),
                      coordinate());
            return;
        default:
            list.cells({.x = {0, 1.5f, 1.5f, 7},
                        .y = {2, 3, 4},
                        .cells = {0, 1, 0, 1, 1, 0},
                        .colors = {c, {c.value ^ 0x12345600}}});
        }
    }

    std::mt19937_64 m_engine;
};

PinnedFinding finding(std::uint32_t seed)
{
    Random random(seed);
    PinnedFinding out;
    out.sentence = "p99 fell" + random.text();
    out.written = random.text();
    out.note = random.text();
    out.severity = random.below(2) == 0 ? "improved" : "";
    out.pinnedAtNs = 1'795'213'530'130'732'511;
    out.view = random.text();
    out.viewState = random.text();
    out.scope = random.text();
    out.sides = random.text();
    if (random.below(4) != 0) {
        PinnedPicture picture{.size = {800, 300.25f}, .caption = random.text()};
        random.picture(picture.light, picture.print);
        if (random.below(4) == 0) // not alike
            picture.print.fillRect({1, 2, 3, 4}, {7});
        out.picture = std::move(picture);
    }
    if (random.below(4) == 0) {
        for (int side = 0; side < 2; ++side) {
            PinnedPicture picture{.size = {640, 200}, .caption = random.text()};
            random.picture(picture.light, picture.print);
            out.sidePictures.push_back(std::move(picture));
        }
    }
    return out;
}

bool sameList(const DisplayList &a, const DisplayList &b)
{
    return isRecolored(a, b) && dump(a) == dump(b);
}

// Single quotes for double ones.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string withOps(const std::string &ops)
{
    return json("{'version':1,'findings':[{'sentence':'s','pinned_ns':5,'picture':{'size':[100,50],"
                "'caption':'','colors':[255,65535],'ops':[" +
                ops + "]}}]}");
}

} // namespace

class TestPinnedFindings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsReadAgain()
    {
        std::vector<PinnedFinding> before;
        for (std::uint32_t seed = 0; seed < 200; ++seed)
            before.push_back(finding(seed));
        const auto written = findingsToJson(before);
        const auto read = findingsFromJson(written);
        QVERIFY2(read.has_value(), read.has_value() ? "" : read.error().text().c_str());
        QCOMPARE(read->leftOut, std::size_t{0});
        QCOMPARE(read->findings.size(), before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            const auto &a = before[i], &b = read->findings[i];
            QCOMPARE(b.sentence, a.sentence);
            QCOMPARE(b.written, a.written);
            QCOMPARE(b.note, a.note);
            QCOMPARE(b.severity, a.severity);
            QCOMPARE(b.pinnedAtNs, a.pinnedAtNs);
            QCOMPARE(b.view, a.view);
            QCOMPARE(b.viewState, a.viewState);
            QCOMPARE(b.scope, a.scope);
            QCOMPARE(b.sides, a.sides);
            QCOMPARE(b.picture.has_value(), a.picture.has_value());
            QCOMPARE(b.sidePictures.size(), a.sidePictures.size());
            for (std::size_t side = 0; side < a.sidePictures.size(); ++side)
                QVERIFY(sameList(a.sidePictures[side].light, b.sidePictures[side].light));
            if (!a.picture)
                continue;
            QVERIFY(sameList(a.picture->light, b.picture->light));
            QVERIFY(sameList(a.picture->print, b.picture->print));
            QCOMPARE(b.picture->size.height, a.picture->size.height);
            QCOMPARE(b.picture->caption, a.picture->caption);
            QVERIFY(canBeKept(*a.picture));
        }
        QCOMPARE(findingsToJson(read->findings), written);
    }

    void picturesOfSidesAreBothThereOrNeither()
    {
        const std::string picture = "{'size':[100,50],'caption':'','colors':[255,65535],'ops':[]}";
        const auto sidesOf = [&](const std::string &list) {
            const auto read = findingsFromJson(
                json("{'version':1,'findings':[{'sentence':'s','side_pictures':[" + list + "]}]}"));
            return read.has_value()
                       ? std::pair(read->findings.front().sidePictures.size(), read->leftOut)
                       : std::pair(std::size_t{99}, std::size_t{99});
        };
        QCOMPARE(sidesOf(picture + "," + picture), std::pair(std::size_t{2}, std::size_t{0}));
        QCOMPARE(sidesOf(picture), std::pair(std::size_t{0}, std::size_t{1}));
        const std::string wider = "{'size':[101,50],'caption':'','colors':[255,65535],'ops':[]}";
        QCOMPARE(sidesOf(picture + "," + wider), std::pair(std::size_t{0}, std::size_t{1}));
        QCOMPARE(sidesOf(picture + ",7"), std::pair(std::size_t{0}, std::size_t{1}));
    }

    void picturesThatAreAlikeAreWrittenOnce()
    {
        PinnedFinding one{.sentence = "s"};
        one.picture = PinnedPicture{.size = {10, 10}};
        for (auto *list : {&one.picture->light, &one.picture->print})
            list->text({0, 0}, "only once", palette(Theme::Light).text1);
        const auto written = findingsToJson({one});
        QCOMPARE(QByteArray::fromStdString(written).count("only once"), 1);
    }

    void linksAreNotKept()
    {
        PinnedFinding one{.sentence = "s"};
        one.picture = PinnedPicture{.size = {10, 10}};
        for (auto *list : {&one.picture->light, &one.picture->print}) {
            list->beginLink({0, 0, 9, 9}, "https://example.org/");
            list->fillRect({0, 0, 9, 9}, {255});
            list->endLink();
        }
        const auto read = findingsFromJson(findingsToJson({one})).value();
        QCOMPARE(read.leftOut, std::size_t{0});
        QCOMPARE(read.findings[0].picture->light.commands().size(), std::size_t{1});
    }

    void impossiblePicturesAreLeftOutAndCounted_data()
    {
        QTest::addColumn<QByteArray>("ops");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *name, const char *ops, bool good = false) {
            QTest::newRow(name) << QByteArray(ops) << good;
        };
        row("nothing", "", true);
        row("a rectangle", "['f',0,0,10,10,0]", true);
        row("with corners", "['f',0,0,10,10,0,6]", true);
        row("too many fields", "['f',0,0,10,10,0,6,1]");
        row("too few fields", "['f',0,0,10,10]");
        row("a colour that is not there", "['f',0,0,10,10,1]");
        row("a radius beyond a byte", "['f',0,0,10,10,0,256]");
        row("far away", "['f',1e7,0,10,10,0]");
        row("infinitely far away", "['f',1e38,0,10,10,0]");
        row("a text for a number", "['f','0',0,10,10,0]");
        row("an unknown command", "['x']");
        row("no command", "[]");
        row("not even an array", "7");
        row("a pen without end", "['l',0,0,1,1,0,4000000000]");
        row("a font that is not there", "['t',0,0,10,6,0,'x']");
        row("a text", "['t',0,0,10,5,0,'x']", true);
        row("a text of bytes", "['t',0,0,10,5,0,{'base64':'//79'}]", true);
        row("bad base64", "['t',0,0,10,5,0,{'base64':'//79='}]");
        row("bits behind the end", "['t',0,0,10,5,0,{'base64':'//9='}]");
        row("half a point", "['p',1,0,5,5,6]");
        row("a negative pen", "['p',-1,0,5,5]");
        row("closes what is not open", "['C']");
        row("closes something else", "['c',0,0,9,9],['I']");
        row("closes nothing", "['c',0,0,9,9]");
        row("balanced", "['c',0,0,9,9],['i',4,'t'],['I'],['C']", true);
        row("a role that is not there", "['i',5,'t'],['I']");
        row("cells", "['g',[0,1,2],[0,1],[0],'AAA=']", true);
        row("cells too few", "['g',[0,1,2],[0,1],[0],'AA==']");
        row("edges that go back", "['g',[0,1,0],[0,1],[0],'AAA=']");
        row("a cell of no colour", "['g',[0,1,2],[0,1],[0],'AAE=']");
        row("a link", "['a',0,0,9,9,'https://example.org/'],['A']");
        row("no edges", "['g',[],[0,1],[0],'']");
    }
    void impossiblePicturesAreLeftOutAndCounted()
    {
        QFETCH(QByteArray, ops);
        QFETCH(bool, good);
        const auto read = findingsFromJson(withOps(ops.toStdString()));
        QVERIFY(read.has_value());
        QCOMPARE(read->findings.size(), std::size_t{1}); // the sentence stays
        QCOMPARE(read->findings[0].picture.has_value(), good);
        QCOMPARE(read->leftOut, std::size_t{good ? 0u : 1u});
    }

    void picturesHaveLimits()
    {
        std::string ops;
        for (int i = 0; i < 65; ++i)
            ops += "['c',0,0,9,9],";
        for (int i = 0; i < 65; ++i)
            ops += i < 64 ? "['C']," : "['C']";
        QVERIFY(!findingsFromJson(withOps(ops)).value().findings[0].picture);

        PinnedPicture large{.size = {10, 10}};
        for (int i = 0; i < 100'000; ++i) {
            large.light.fillRect({0, 0, 1, 1}, {255});
            large.print.fillRect({0, 0, 1, 1}, {255});
        }
        QVERIFY(canBeKept(large));
        large.light.fillRect({0, 0, 1, 1}, {255});
        large.print.fillRect({0, 0, 1, 1}, {255});
        QVERIFY(!canBeKept(large));
        QVERIFY(!canBeKept({.size = {0, 10}}));
        QVERIFY(!canBeKept({.size = {10, 40'000}}));
    }

    void findingsHaveLimits()
    {
        const auto many = findingsFromJson(
            findingsToJson(std::vector<PinnedFinding>(kMaxFindings + 3, {.sentence = "s"})));
        QCOMPARE(many.value().findings.size(), kMaxFindings);
        QCOMPARE(many.value().leftOut, std::size_t{3});
        const auto wordy = findingsFromJson(
            findingsToJson({{.sentence = "s", .note = std::string((1u << 20) + 1, 'n')}}));
        QVERIFY(wordy.value().findings[0].note.empty());
        QCOMPARE(wordy.value().leftOut, std::size_t{1});
        QCOMPARE(findingsFromJson(std::string(kMaxFindingsBytes + 1, ' ')).error().code(),
                 Errc::Limit);
    }

    void whatIsNoFindingIsRefusedOrLeftOut()
    {
        QCOMPARE(findingsFromJson(json("{")).error().code(), Errc::Corrupt);
        QCOMPARE(findingsFromJson("").error().code(), Errc::Corrupt);
        QCOMPARE(findingsFromJson("[]").error().code(), Errc::Corrupt);
        QCOMPARE(findingsFromJson(json("{'version':0,'findings':[]}")).error().code(),
                 Errc::Corrupt);
        QCOMPARE(findingsFromJson(json("{'version':1}")).error().code(), Errc::Corrupt);
        QCOMPARE(findingsFromJson(json("{'version':2,'findings':[]}")).error().code(),
                 Errc::Version);
        QCOMPARE(findingsFromJson(std::string(100'000, '[')).error().code(), Errc::Corrupt);
        const auto odd = findingsFromJson(
            json("{'version':1,'findings':[7,{},{'sentence':'s','severity':'<b>'}]}"));
        QCOMPARE(odd.value().findings.size(), std::size_t{1});
        QCOMPARE(odd.value().findings[0].severity, std::string());
        QCOMPARE(odd.value().leftOut, std::size_t{3});
    }
};

QTEST_GUILESS_MAIN(TestPinnedFindings)
#include "tst_pinned_findings.moc"
