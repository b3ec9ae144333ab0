#include "app/gui/fuzzy_match.h"
#include "app/gui/palette_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace flamewright;

namespace {

QStringList ranked(const QStringList &texts, const QString &typed, const QStringList &recent = {})
{
    std::vector<PaletteItem> items;
    for (const auto &text : texts)
        items.push_back({.id = text, .text = text});
    QStringList out;
    for (const auto &row : rankItems(items, typed, recent, 100))
        out << row.item.text;
    return out;
}

QString marked(const QString &text, const QString &typed)
{
    const auto match = FuzzyPattern(typed).match(text);
    if (!match)
        return "-";
    auto out = QString(text.size(), '.');
    for (const auto at : match->at)
        out[at] = text[at];
    return out;
}

} // namespace

class TestPaletteRanking : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsBeginningsInitialsInsidesAndLetters()
    {
        QCOMPARE(marked("Split right", "spl"), QString("Spl........"));
        QCOMPARE(marked("Split right", "RIG"), QString("......rig.."));
        QCOMPARE(marked("Split right", "rig spl"), QString("Spl...rig.."));
        QCOMPARE(marked("Split right", "sr"), QString("S.....r...."));
        QCOMPARE(marked("Split right", "lit"), QString("..lit......"));
        QCOMPARE(marked("serialize", "srlz"), QString("-")); // too far apart
        QCOMPARE(marked("serialize", "serlize"), QString("ser..lize"));
        QCOMPARE(marked("pushBack", "pb"), QString("p...B..."));
        QCOMPARE(marked("Split right", "xyz"), QString("-"));
        QCOMPARE(marked("Split right", "spl xyz"), QString("-"));
        QCOMPARE(marked("anything", ""), QString("........"));
    }

    void putsTheBetterMatchFirst()
    {
        QCOMPARE(ranked({"Unsplit", "Move to the next split", "Split right", "Split"}, "split"),
                 (QStringList{"Split", "Split right", "Move to the next split", "Unsplit"}));
    }

    void putsWhatWasUsedFirstAmongEquals()
    {
        const QStringList texts{"Open", "Save", "Quit"};
        QCOMPARE(ranked(texts, ""), texts);
        QCOMPARE(ranked(texts, "", {"Quit", "Save"}), (QStringList{"Quit", "Save", "Open"}));
        // A better match is better all the same.
        QCOMPARE(ranked({"Copy name", "Name copy"}, "copy", {"Name copy"}),
                 (QStringList{"Copy name", "Name copy"}));
    }

    void findsByOtherWordsToo()
    {
        const std::vector<PaletteItem> items{{.id = "q", .text = "Quit", .words = "exit leave"},
                                             {.id = "e", .text = "Exit strategy"}};
        const auto rows = rankItems(items, "exit", {}, 10);
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].item.text, QString("Exit strategy"));
        QCOMPARE(rows[1].item.text, QString("Quit"));
        QVERIFY(rows[1].at.isEmpty()); // nothing to mark in what is shown
    }

    void keepsTheRulesOfModelsAndReadsAloudWhatIsOnALine()
    {
        PaletteModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows({{.item = {.id = "a",
                                 .text = "Split right",
                                 .detail = "View",
                                 .keys = "Ctrl+\\",
                                 .reason = "No view is open."},
                        .at = {0, 1}}});
        QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(),
                 QString("Split right, View, Ctrl+\\, No view is open."));
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void survivesLongAndOddTexts()
    {
        const auto lengthening = QString(QChar(0x0130)).repeated(700); // grows in lower case
        QVERIFY(!FuzzyPattern("zz").match(lengthening));
        QVERIFY(FuzzyPattern("x").match(QString(100000, 'x')));
        QVERIFY(!FuzzyPattern("y").match(QString(100000, 'x')));
    }
};

QTEST_MAIN(TestPaletteRanking)
#include "tst_palette_ranking.moc"
