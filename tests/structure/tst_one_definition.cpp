#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

// Two classes with one name in one namespace link without a word and then overwrite each other's
// memory in whichever program holds both.
class TestOneDefinition : public QObject {
    Q_OBJECT

    // Names of classes, with their namespace, that a source defines outside of unnamed namespaces, at
    // the left margin.
    static QStringList classesOf(const QString &source)
    {
        static const QRegularExpression definition(
            "^(?:class|struct|union) (\\w+)(?: final)?(?: :[^{;\\n]*)?\\s*\\{",
            QRegularExpression::MultilineOption);
        static const QRegularExpression space("^namespace ([\\w:]+) \\{",
                                              QRegularExpression::MultilineOption);
        const auto in = space.match(source).captured(1);
        QStringList out;
        for (const auto &m : definition.globalMatch(source)) {
            const auto before = QStringView(source).left(m.capturedStart());
            const auto opened = before.lastIndexOf(u"\nnamespace {");
            const auto closed = before.lastIndexOf(u"\n} // namespace\n");
            if (opened < 0 || closed > opened)
                out << in + "::" + m.captured(1);
        }
        return out;
    }

private Q_SLOTS:
    void everyClassHasOneDefinition()
    {
        const QDir root(FW_SOURCE_DIR);
        QMap<QString, QSet<QString>> definedIn;
        for (const auto *folder : {"capture", "importers", "analysis", "views", "app"}) {
            QDirIterator dir(root.filePath(QString::fromLatin1(folder)), {"*.h", "*.cpp"},
                             QDir::Files, QDirIterator::Subdirectories);
            while (dir.hasNext()) {
                QFile file(dir.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                for (const auto &name : classesOf(QString::fromUtf8(file.readAll())))
                    definedIn[name] << root.relativeFilePath(file.fileName());
            }
        }
        QVERIFY(definedIn.size() > 500);
        QStringList twice;
        for (auto it = definedIn.begin(); it != definedIn.end(); ++it) {
            if (it->size() > 1)
                twice << it.key() + ": " + QStringList(it->begin(), it->end()).join(", ");
        }
        QVERIFY2(twice.isEmpty(), qPrintable(twice.join("\n")));
    }

    void findsWhatItLooksFor()
    {
        QCOMPARE(
            classesOf("namespace n::m {\nclass A final : public B {\n};\nstruct C;\nstruct D {\n"),
            (QStringList{"n::m::A", "n::m::D"}));
        QCOMPARE(
            classesOf(
                "namespace n {\nnamespace {\n\nstruct A {\n};\n\n} // namespace\n\nstruct B {\n"),
            QStringList{"n::B"});
    }
};

QTEST_GUILESS_MAIN(TestOneDefinition)
#include "tst_one_definition.moc"
