#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

// Text of a capture must not reach a setter that may take it for markup. Only the classes that
// make text plain may call one with anything but a literal.
static const QStringList kPlainTextClasses = {"app/gui/plain_label.cpp", "app/gui/text.cpp"};

class TestTextLint : public QObject {
    Q_OBJECT

    // Calls that need a look, as "file: call".
    static QStringList suspicious(const QString &name, const QString &source)
    {
        static const QRegularExpression call(
            "((?:clipboard\\(\\)|[\\w\\]\\)]+)(?:->|\\.|::))?(setText|setToolTip|setWhatsThis|"
            "setStatusTip|"
            "setInformativeText|setDetailedText|setHtml|setMarkdown|insertHtml|showText)"
            "\\s*\\(([^;]*);");
        static const QRegularExpression literal("^\\s*(tr\\(\"[^\"]*\"\\)|u?\"[^\"]*\"(_s)?|"
                                                "QStringLiteral\\(\"[^\"]*\"\\)|\\{\\})\\s*\\)$");
        // Fields that show text as it is, always.
        static const QRegularExpression plainByNature(
            "(clipboard\\(\\)|m_search|m_field|m_editor|m_links|m_slo)->$");
        QStringList out;
        if (kPlainTextClasses.contains(name))
            return out;
        for (const auto &m : call.globalMatch(source)) {
            const auto argument = m.captured(3);
            if (literal.match(argument).hasMatch() || argument.contains("plainToolTip(") ||
                plainByNature.match(m.captured(1)).hasMatch())
                continue;
            out << name + ": " + m.captured(0).simplified();
        }
        static const QRegularExpression rich("Qt::RichText|Qt::AutoText|QTextBrowser|QTextEdit\\b|"
                                             "new QLabel|QLabel [a-z]");
        for (const auto &m : rich.globalMatch(source))
            out << name + ": " + m.captured(0);
        return out;
    }

private Q_SLOTS:
    void onlyPlainTextClassesSetText()
    {
        const QDir root(FW_SOURCE_DIR);
        QStringList bad;
        int files = 0;
        for (const auto *folder : {"app/gui", "views/qt"}) {
            QDirIterator dir(root.filePath(QString::fromLatin1(folder)), {"*.h", "*.cpp"},
                             QDir::Files, QDirIterator::Subdirectories);
            while (dir.hasNext()) {
                QFile file(dir.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                ++files;
                bad << suspicious(root.relativeFilePath(file.fileName()),
                                  QString::fromUtf8(file.readAll()));
            }
        }
        QVERIFY(files > 40);
        QVERIFY2(bad.isEmpty(), qPrintable(bad.join("\n")));
    }

    void findsWhatItLooksFor()
    {
        QCOMPARE(suspicious("x.cpp", "label->setText(name);").size(), 1);
        QCOMPARE(suspicious("x.cpp", "w->setToolTip(QString::fromStdString(f.name));").size(), 1);
        QCOMPARE(suspicious("x.cpp", "new QLabel(name)").size(), 1);
        QCOMPARE(suspicious("x.cpp", "label->setText(tr(\"Open\"));").size(), 0);
        QCOMPARE(suspicious("x.cpp", "QToolTip::showText(at, plainToolTip(name), this);").size(),
                 0);
        QCOMPARE(suspicious("app/gui/text.cpp", "w->setToolTip(x);").size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestTextLint)
#include "tst_text_lint.moc"
