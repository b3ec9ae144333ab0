#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

// Who may include whom. A folder may always include itself.
static const QMap<QString, QStringList> kAllowed = {
    {"capture", {}},
    {"importers", {"capture"}},
    {"analysis", {"capture"}},
    {"views", {"capture", "analysis"}},
    {"app", {"capture", "importers", "analysis", "views"}},
};

class TestLayers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void includes()
    {
        const QDir root(FW_SOURCE_DIR);
        static const QRegularExpression include("^\\s*#\\s*include\\s+\"([a-z]+)/",
                                                QRegularExpression::MultilineOption);
        static const QRegularExpression qt("^\\s*#\\s*include\\s+<(Q[A-Z]|imgui)",
                                           QRegularExpression::MultilineOption);
        QStringList bad;
        int files = 0;
        for (auto it = kAllowed.begin(); it != kAllowed.end(); ++it) {
            QDirIterator dir(root.filePath(it.key()), {"*.h", "*.cpp"}, QDir::Files,
                             QDirIterator::Subdirectories);
            while (dir.hasNext()) {
                QFile file(dir.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const auto text = QString::fromUtf8(file.readAll());
                const auto name = root.relativeFilePath(file.fileName());
                ++files;
                for (const auto &m : include.globalMatch(text)) {
                    if (m.captured(1) != it.key() && !it->contains(m.captured(1)))
                        bad << name + " includes " + m.captured(1);
                }
                const bool toolkit = it.key() == "app" || name.startsWith("views/paint/") ||
                                     name.startsWith("views/qt/");
                if (!toolkit && qt.match(text).hasMatch())
                    bad << name + " includes Qt or Dear ImGui";
            }
        }
        QVERIFY(files > 20);
        QVERIFY2(bad.isEmpty(), qPrintable(bad.join("\n")));
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
