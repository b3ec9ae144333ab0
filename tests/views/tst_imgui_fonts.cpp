#include "views/paint/imgui_fonts.h"

#include <QTest>

#include <imgui.h>

#include <cmath>

using namespace flamewright;

// The texture of the GL canvas, without OpenGL.
class TestImGuiFonts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { loadFonts(); }

    void anotherScreenNeedsAnotherTexture()
    {
        ImFontAtlas atlas;
        ImGuiFonts fonts(atlas);
        QVERIFY(fonts.needsBuild(1));
        fonts.build(1);
        QVERIFY(!fonts.needsBuild(1));
        QVERIFY(fonts.needsBuild(2));
        QVERIFY(fonts.needsBuild(1.25f));
        const auto *small = fonts.glyph(U'M', FontRole::Title);
        QVERIFY(small);
        const auto width = small->x1 - small->x0, height = small->y1 - small->y0;
        fonts.build(2);
        QVERIFY(!fonts.needsBuild(2));
        const auto *large = fonts.glyph(U'M', FontRole::Title);
        QVERIFY(large);
        // Rasterised anew, not magnified: twice the device pixels, but for the border.
        QVERIFY(std::abs((large->x1 - large->x0) - 2 * width) <= 4);
        QVERIFY(std::abs((large->y1 - large->y0) - 2 * height) <= 4);
        QVERIFY(large->x1 - large->x0 > width * 1.5f);
        const auto across = (large->u1 - large->u0) * static_cast<float>(atlas.TexWidth);
        QVERIFY(std::abs(across - (large->x1 - large->x0)) < 0.01f);
    }

    void aMissingGlyphIsThereAfterTheNextBuild()
    {
        ImFontAtlas atlas;
        ImGuiFonts fonts(atlas);
        fonts.build(1);
        QVERIFY(!fonts.glyph(U'\u0416', FontRole::Label));
        QVERIFY(!fonts.glyph(U'\u0416', FontRole::Label));
        QVERIFY(fonts.needsBuild(1));
        QVERIFY(fonts.misses() >= 1);
        fonts.build(1);
        fonts.resetCounts();
        QVERIFY(fonts.glyph(U'\u0416', FontRole::Label));
        QVERIFY(fonts.glyph(U'a', FontRole::Mono));
        QVERIFY(!fonts.glyph(U' ', FontRole::Label)); // nothing to draw
        QCOMPARE(fonts.hits(), std::size_t{2});
        QCOMPARE(fonts.misses(), std::size_t{0});
        QVERIFY(!fonts.needsBuild(1));
    }

    // A capture may be full of strange characters.
    void theTextureStaysBounded()
    {
        ImFontAtlas atlas;
        ImGuiFonts fonts(atlas);
        for (char32_t c = 0x4e00; c < 0x4e00 + 9000; ++c)
            fonts.glyph(c, FontRole::Caption);
        fonts.build(1);
        QVERIFY(atlas.TexHeight <= 8192);
        QVERIFY(fonts.glyph(0x4e00 + 8999, FontRole::Caption) ==
                fonts.glyph(U'?', FontRole::Caption));
    }
};

QTEST_MAIN(TestImGuiFonts)
#include "tst_imgui_fonts.moc"
