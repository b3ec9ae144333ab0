#include "tests/views/color_vision.h"
#include "views/scene/frame_look.h"
#include "views/scene/theme.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>
#include <cstdlib>
#include <vector>

using namespace flamewright;

namespace {

constexpr Theme kThemes[] = {Theme::Light, Theme::Dark, Theme::Print};
constexpr const char *kThemeNames[] = {"light", "dark", "print"};

constexpr Vision kVisions[] = {Vision::Normal, Vision::Deuteranopia, Vision::Protanopia,
                               Vision::Tritanopia};

// All colours of a frame, by what it is.
std::vector<std::vector<Rgba>> kindsOf(const FlameColors &colors)
{
    const auto list = [](const auto &of) { return std::vector<Rgba>(of.begin(), of.end()); };
    return {list(colors.user),  list(colors.kernel),     list(colors.jit), list(colors.interpreted),
            list(colors.other), list(colors.unresolved), {colors.merged}};
}

QString hex(Rgba c)
{
    return QStringLiteral("#%1").arg(c.value >> 8, 6, 16, QLatin1Char('0')).toUpper();
}
QJsonValue json(Rgba c)
{
    return hex(c);
}
template <std::size_t N>
QJsonValue json(const std::array<Rgba, N> &colors)
{
    QJsonArray out;
    for (const auto c : colors)
        out.append(hex(c));
    return out;
}

QJsonObject asJson(const Palette &p)
{
    const QJsonObject flame{
        {"user", json(p.flame.user)},     {"kernel", json(p.flame.kernel)},
        {"jit", json(p.flame.jit)},       {"interpreted", json(p.flame.interpreted)},
        {"other", json(p.flame.other)},   {"unresolved", json(p.flame.unresolved)},
        {"merged", json(p.flame.merged)}, {"match", json(p.flame.match)},
        {"groups", json(p.flame.groups)}, {"otherGroups", json(p.flame.otherGroups)},
        {"kinds", json(p.flame.kinds)},   {"heat", json(p.flame.heat)}};
    return {{"surface0", json(p.surface0)},
            {"surface1", json(p.surface1)},
            {"surface2", json(p.surface2)},
            {"border", json(p.border)},
            {"text1", json(p.text1)},
            {"text2", json(p.text2)},
            {"text3", json(p.text3)},
            {"accent", json(p.accent)},
            {"sideA", json(p.sideA)},
            {"sideB", json(p.sideB)},
            {"search", json(p.search)},
            {"ok", json(p.ok)},
            {"warn", json(p.warn)},
            {"error", json(p.error)},
            {"worse", json(p.worse)},
            {"better", json(p.better)},
            {"grid", json(p.grid)},
            {"heat", json(p.heat)},
            {"lines", json(p.lines)},
            {"otherLines", json(p.otherLines)},
            {"noEvidence", json(p.noEvidence)},
            {"flame", flame}};
}

QJsonObject tokensFile()
{
    QFile file(FW_SOURCE_DIR "/resources/theme/tokens.json");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void headerEqualsTokensFile()
    {
        const auto file = tokensFile();
        QVERIFY(!file.isEmpty());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(asJson(palette(kThemes[i])), file[kThemeNames[i]].toObject());
        const auto type = file["type"].toObject();
        const auto size = type["size"].toObject();
        QCOMPARE(tokens::k_size_caption, size["caption"].toInt());
        QCOMPARE(tokens::k_size_label, size["label"].toInt());
        QCOMPARE(tokens::k_size_body, size["body"].toInt());
        QCOMPARE(tokens::k_size_title, size["title"].toInt());
        QCOMPARE(tokens::k_size_figure, size["figure"].toInt());
        QCOMPARE(QString(tokens::k_font_ui), type["ui"].toString());
        QCOMPARE(QString(tokens::k_font_mono), type["mono"].toString());
        QCOMPARE(tokens::k_weight_strong, type["weight"].toObject()["strong"].toInt());
        QCOMPARE(tokens::k_row_frame, file["row"].toObject()["frame"].toInt());
        QCOMPARE(tokens::k_row_table, file["row"].toObject()["table"].toInt());
        QCOMPARE(tokens::k_radius_frame, file["radius"].toObject()["frame"].toInt());
        QCOMPARE(tokens::k_radius_panel, file["radius"].toObject()["panel"].toInt());
        const auto space = file["space"].toArray();
        QCOMPARE(std::size(tokens::k_space), static_cast<std::size_t>(space.size()));
        for (int i = 0; i < space.size(); ++i)
            QCOMPARE(tokens::k_space[i], space[i].toInt());
    }

    void contrastAgreesWithKnownValues()
    {
        QCOMPARE(contrastRatio({0x000000ff}, {0xffffffff}), 21.0);
        QCOMPARE(contrastRatio({0xffffffff}, {0xffffffff}), 1.0);
        // WebAIM's contrast checker: #777777 on white.
        QVERIFY(std::abs(contrastRatio({0x777777ff}, {0xffffffff}) - 4.48) < 0.005);
    }

    void everyTextIsReadableOnEverySurface()
    {
        for (const auto theme : kThemes) {
            const auto &p = palette(theme);
            for (const auto surface : {p.surface0, p.surface1, p.surface2}) {
                for (const auto text :
                     {p.text1, p.text2, p.text3, p.accent, p.ok, p.warn, p.error, p.search}) {
                    const auto ratio = contrastRatio(text, surface);
                    QVERIFY2(ratio >= 4.5,
                             qPrintable(QStringLiteral("%1 on %2: %3")
                                            .arg(hex(text), hex(surface), QString::number(ratio))));
                }
            }
        }
    }

    // Every combination of what a frame can be, for every colour of its kind.
    void everyLabelIsReadableOnItsFrame()
    {
        int looks = 0;
        for (const auto theme : kThemes) {
            for (int bits = 0; bits < 64; ++bits) {
                for (int kind = 0; kind <= static_cast<int>(FrameKind::Marker); ++kind) {
                    for (std::uint8_t hash = 0; hash < 36; ++hash) {
                        const FrameLook look{.kind = static_cast<FrameKind>(kind),
                                             .unresolved = (bits & 1) != 0,
                                             .inlined = (bits & 2) != 0,
                                             .merged = (bits & 4) != 0,
                                             .dimmed = (bits & 8) != 0,
                                             .match = (bits & 16) != 0,
                                             .mismatch = (bits & 48) == 32,
                                             .hash = hash};
                        const auto [fill, text] = frameColors(look, theme);
                        const auto ratio = contrastRatio(text, fill);
                        QVERIFY2(ratio >= 4.5,
                                 qPrintable(QStringLiteral("%1 on %2: %3, theme %4, bits %5")
                                                .arg(hex(text), hex(fill))
                                                .arg(ratio)
                                                .arg(static_cast<int>(theme))
                                                .arg(bits)));
                        ++looks;
                    }
                }
            }
        }
        QCOMPARE(looks, 3 * 64 * 8 * 36);
    }

    // The other colour schemes, with whatever can happen to a frame.
    void everyLabelIsReadableInEveryScheme()
    {
        int looks = 0;
        for (const auto theme : kThemes) {
            for (const auto scheme : kColorSchemes) {
                for (int bits = 0; bits < 32; ++bits) {
                    for (const int shade : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, int{kOtherGroups}}) {
                        const FrameLook look{.inlined = (bits & 1) != 0,
                                             .merged = (bits & 2) != 0,
                                             .dimmed = (bits & 4) != 0,
                                             .match = (bits & 8) != 0,
                                             .mismatch = (bits & 24) == 16,
                                             .hash = static_cast<std::uint8_t>(shade),
                                             .scheme = scheme,
                                             .shade = static_cast<std::uint8_t>(shade)};
                        const auto [fill, text] = frameColors(look, theme);
                        const auto ratio = contrastRatio(text, fill);
                        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                                              .arg(hex(text), hex(fill))
                                                              .arg(ratio)));
                        ++looks;
                    }
                }
            }
        }
        QCOMPARE(looks, 3 * 5 * 32 * 11);
    }

    // Without hue, as the colour-blind and a printer see it: each step is told from the next.
    void heatIsToldApartByLightnessAlone()
    {
        for (const auto theme : kThemes) {
            const auto &p = palette(theme);
            for (std::size_t i = 1; i < p.flame.heat.size(); ++i) {
                const auto a = contrastRatio(p.flame.heat[i - 1], p.surface0);
                const auto b = contrastRatio(p.flame.heat[i], p.surface0);
                // None is grey, not on the scale; the scale moves away from the canvas.
                QVERIFY2(i == 1 || b > a * 1.08,
                         qPrintable(QStringLiteral("%1: %2 then %3").arg(i).arg(a).arg(b)));
            }
        }
    }

    void groupsAndKindsAreDistinct()
    {
        for (const auto theme : kThemes) {
            const auto &flame = palette(theme).flame;
            std::vector<Rgba> groups(flame.groups.begin(), flame.groups.end());
            groups.push_back(flame.otherGroups);
            const std::vector<Rgba> kinds(flame.kinds.begin(), flame.kinds.end());
            for (const auto &colors : {groups, kinds}) {
                for (std::size_t i = 0; i < colors.size(); ++i) {
                    for (std::size_t j = i + 1; j < colors.size(); ++j) {
                        int apart = 0;
                        for (int shift = 8; shift <= 24; shift += 8)
                            apart += std::abs(int(colors[i].value >> shift & 0xff) -
                                              int(colors[j].value >> shift & 0xff));
                        QVERIFY2(apart >= 30, qPrintable(hex(colors[i]) + hex(colors[j])));
                    }
                }
            }
        }
    }

    void visionAgreesWithKnownValues()
    {
        // White and greys are the same to everybody; red and green are what is confused.
        for (const auto vision : kVisions) {
            const auto grey = seen({0x808080ff}, vision);
            QVERIFY(std::abs(grey[0] - 59.99) < 0.1);
            QVERIFY(std::hypot(grey[1], grey[2]) < 0.1);
        }
        const Rgba red{0xd05040ff}, green{0x7c8a2cff};
        QVERIFY(distance(red, green, Vision::Normal) > 15);
        QVERIFY(distance(red, green, Vision::Deuteranopia) <
                distance(red, green, Vision::Normal) / 2);
        QCOMPARE(distance(red, red, Vision::Protanopia), 0.0);
    }

    // The kinds of frames can be told apart by everybody but the one in 30,000 who are blind to
    // blue, for whom some are close. Hues are what most people see; lightness is what all do.
    void kindsOfFramesAreToldApartByTheColourBlind()
    {
        constexpr double kLeast = 3.5;
        for (const auto theme : kThemes) {
            const auto kinds = kindsOf(palette(theme).flame);
            for (const auto vision : {Vision::Normal, Vision::Deuteranopia, Vision::Protanopia}) {
                for (auto a = kinds.begin(); a != kinds.end(); ++a) {
                    for (auto b = std::next(a); b != kinds.end(); ++b) {
                        for (const auto one : *a) {
                            for (const auto other : *b) {
                                const auto by = distance(one, other, vision);
                                QVERIFY2(by >= kLeast,
                                         qPrintable(QStringLiteral("%1 %2: %3, theme %4, vision %5")
                                                        .arg(hex(one), hex(other))
                                                        .arg(by)
                                                        .arg(int(theme))
                                                        .arg(int(vision))));
                            }
                        }
                    }
                }
            }
        }
    }

    // Kinds, modules and packages have no other mark than their colour: any two of one scheme, and
    // the grey of merged frames, are apart for everybody, those blind to blue excepted as above.
    void coloursOfEverySchemeAreToldApartByTheColourBlind()
    {
        constexpr double kLeast = 4;
        for (const auto theme : kThemes) {
            const auto &flame = palette(theme).flame;
            std::vector<Rgba> kinds(flame.kinds.begin(), flame.kinds.end());
            std::vector<Rgba> groups(flame.groups.begin(), flame.groups.end());
            groups.push_back(flame.otherGroups);
            for (auto *scheme : {&kinds, &groups}) {
                for (const auto color :
                     *scheme) // the theme's own text, not the one it falls back to
                    QVERIFY2(contrastRatio(color, palette(theme).text1) >= 4.5,
                             qPrintable(hex(color)));
                scheme->push_back(flame.merged);
                for (const auto vision :
                     {Vision::Normal, Vision::Deuteranopia, Vision::Protanopia}) {
                    for (auto a = scheme->begin(); a != scheme->end(); ++a) {
                        for (auto b = std::next(a); b != scheme->end(); ++b) {
                            const auto by = distance(*a, *b, vision);
                            QVERIFY2(by >= kLeast,
                                     qPrintable(QStringLiteral("%1 %2: %3, theme %4, vision %5")
                                                    .arg(hex(*a), hex(*b))
                                                    .arg(by)
                                                    .arg(int(theme))
                                                    .arg(int(vision))));
                        }
                    }
                }
            }
        }
    }

    // A box of merged frames is known by its outline, on whatever colour it has: grey, that of a
    // match, heat.
    void outlineOfMergedFramesIsSeenByEverybody()
    {
        constexpr double kLeast = 10;
        for (const auto theme : kThemes) {
            for (const auto scheme : kColorSchemes) {
                for (std::uint8_t shade = 0; shade < 8; ++shade) {
                    for (const bool match : {false, true}) {
                        const auto [fill, text] = frameColors(
                            {.merged = true, .match = match, .scheme = scheme, .shade = shade},
                            theme);
                        for (const auto vision : kVisions)
                            QVERIFY2(distance(mergedEdge(fill, text), fill, vision) >= kLeast,
                                     qPrintable(hex(fill)));
                    }
                }
            }
        }
    }

    // What a search found stands out among all that it did not find, and the outline of the
    // selection on every frame.
    void searchAndSelectionStandOutForEverybody()
    {
        constexpr double kLeastMatch = 6, kLeastOutline = 14;
        for (const auto theme : kThemes) {
            for (const auto vision : kVisions) {
                for (int kind = 0; kind <= static_cast<int>(FrameKind::Marker); ++kind) {
                    for (std::uint8_t hash = 0; hash < 36; ++hash) {
                        const auto look = [&](bool match, bool unresolved) {
                            return frameColors({.kind = static_cast<FrameKind>(kind),
                                                .unresolved = unresolved,
                                                .match = match,
                                                .mismatch = !match,
                                                .hash = hash},
                                               theme)
                                .fill;
                        };
                        for (int other = 0; other <= static_cast<int>(FrameKind::Marker); ++other) {
                            const auto found =
                                frameColors({.kind = static_cast<FrameKind>(other),
                                             .match = true,
                                             .hash = static_cast<std::uint8_t>(hash * 7)},
                                            theme)
                                    .fill;
                            QVERIFY(distance(found, look(false, false), vision) >= kLeastMatch);
                            QVERIFY(distance(found, look(false, true), vision) >= kLeastMatch);
                        }
                        const auto plain =
                            frameColors({.kind = static_cast<FrameKind>(kind), .hash = hash}, theme)
                                .fill;
                        const auto by = distance(palette(theme).accent, plain, vision);
                        QVERIFY2(by >= kLeastOutline, qPrintable(QString::number(by)));
                        QVERIFY(distance(palette(theme).accent, look(true, false), vision) >= 10);
                    }
                }
            }
        }
    }

    // Amounts are lightness: from the surface to the strongest shade in one direction, in steps
    // that everybody sees, and unlike the outline of a range.
    void heatIsAScaleOfLightnessForEverybody()
    {
        for (const auto theme : kThemes) {
            const auto &p = palette(theme);
            for (const auto vision : kVisions) {
                auto last = seen(p.surface1, vision)[0];
                const auto sign = theme == Theme::Dark ? 1 : -1;
                for (const auto color : p.heat) {
                    const auto now = seen(color, vision)[0];
                    QVERIFY2((now - last) * sign >= 5, qPrintable(hex(color)));
                    last = now;
                    QVERIFY(distance(color, p.accent, vision) >= 14);
                }
            }
        }
    }

    // Lines of a plot are thin: each is seen on every surface and told from every other.
    void linesOfPlotsAreToldApartByTheColourBlind()
    {
        for (const auto theme : kThemes) {
            const auto &p = palette(theme);
            QCOMPARE(p.lines[0], p.sideA);
            QCOMPARE(p.lines[1], p.sideB);
            std::vector<Rgba> lines(p.lines.begin(), p.lines.end());
            lines.push_back(p.otherLines);
            for (auto a = lines.begin(); a != lines.end(); ++a) {
                for (const auto surface : {p.surface0, p.surface1, p.surface2})
                    QVERIFY2(contrastRatio(*a, surface) >= 3, qPrintable(hex(*a)));
                for (const auto vision :
                     {Vision::Normal, Vision::Deuteranopia, Vision::Protanopia}) {
                    for (auto b = std::next(a); b != lines.end(); ++b)
                        QVERIFY2(distance(*a, *b, vision) >= 6.5, qPrintable(hex(*a) + hex(*b)));
                }
            }
        }
    }

    void colourIsAStableHashWithoutDigits()
    {
        QCOMPARE(nameHash("worker-1"), nameHash("worker-23"));
        QVERIFY(nameHash("read") != nameHash("write"));
        QCOMPARE(int{nameHash("main")}, int{nameHash("main")});
        // Part of what users learn: a change here changes every picture.
        QCOMPARE(int{nameHash("")}, 0x81 ^ 0x1c ^ 0x9d ^ 0xc5);
    }
};

QTEST_GUILESS_MAIN(TestTheme)
#include "tst_theme.moc"
