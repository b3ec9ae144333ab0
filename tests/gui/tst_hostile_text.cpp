#include "app/gui/function_table.h"
#include "app/gui/inspector.h"
#include "app/gui/message_bar.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"
#include "capture/base/capture_text.h"
#include "capture/session/record_sink.h"
#include "capture/session/session.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"

#include <QTableView>
#include <QTextDocument>

using namespace flamewright;

namespace {

// Shows what Qt would make of a tooltip, and counts what it would load.
class CountingDocument : public QTextDocument {
public:
    int loads = 0;

protected:
    QVariant loadResource(int, const QUrl &) override
    {
        ++loads;
        return {};
    }
};

// A session whose function names are what no importer of text would let through.
Result<> writeSession(const std::filesystem::path &path, const QList<QByteArray> &names)
{
    FW_ASSIGN(const auto session, openSession(path, OpenMode::Create));
    FW_ASSIGN(auto writer,
              session->beginCapture({.name = names.front().toStdString(), .formatId = "folded"}));
    RecordSink sink(*writer);
    const auto track =
        sink.track({.kind = TrackKind::Process, .name = names.front().toStdString()});
    const auto measure = sink.measure({"samples", Unit::Count});
    const auto main = sink.stack({}, sink.frame({.function = "main"}));
    for (const auto &name : names) {
        const auto frame = sink.frame({.function = name.toStdString()});
        sink.add(
            {.track = track, .stack = sink.stack(main, frame), .measure = measure, .value = 10});
    }
    FW_TRY(sink.finish());
    FW_TRY(writer->finish(CaptureState::Complete));
    writer.reset();
    return session->close();
}

QByteArray markup()
{
    return "<b>bold</b><img src=\"file:///etc/passwd\"><a href='http://x'>y</a>&amp;";
}

} // namespace

// Names chosen by whoever wrote the profiled program: shown as they are, never obeyed.
class TestHostileText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsHostileNamesAsPlainTextEverywhere()
    {
        GuiFixture gui;
        const QByteArray bidi = "safe\xe2\x80\xaegpj.exe", bell = "a\x1b[31mred\x07";
        const QByteArray marks = QByteArray("e") + QByteArray("\xcc\x81").repeated(20000);
        const QByteArray invalid = "bad\xff\xfe\x80utf8";
        const auto path = gui.directory.filePath(QStringLiteral("hostile<b>.fws"));
        const auto written = writeSession(
            path.toStdString(), {markup(), bidi, bell, marks, invalid, QByteArray(1 << 20, 'x')});
        QVERIFY2(written.has_value(), written.has_value() ? "" : written.error().text().c_str());
        auto *window = gui.open({path});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), 60000);
        const auto &profile = *window->profile().profile();
        auto &model = window->functionTable()->model();
        QVERIFY(model.rowCount() >= 6);
        for (int row = 0; row < model.rowCount(); ++row) {
            const auto function = model.functionAt(row);
            const auto &stored = profile.functions[function.raw].name;
            const auto shown = display(stored);
            QCOMPARE(model.index(row, 0).data().toString(), shown);
            for (const auto c : shown) {
                QVERIFY(c.unicode() >= 0x20 && c.unicode() != 0x202e && c.unicode() != 0x7f);
            }
            window->profile().selectFunction(function);
            const auto *name = window->inspector()->findChild<PlainLabel *>("inspectorName");
            QCOMPARE(name->plain(), shown);
            QCOMPARE(name->textFormat(), Qt::PlainText);
            const auto tip = model.index(row, 0).data(Qt::ToolTipRole).toString();
            CountingDocument document;
            document.setHtml(tip);
            QCOMPARE(document.toPlainText().simplified(), cappedForLayout(shown).simplified());
            QVERIFY(document.loads == 0);
            QVERIFY(!window->grab().isNull());
        }
        // The markup is there letter by letter.
        bool seen = false;
        for (int row = 0; row < model.rowCount(); ++row)
            seen = seen || model.index(row, 0).data().toString() == QString::fromUtf8(markup());
        QVERIFY(seen);
        QVERIFY(window->windowTitle().contains("hostile<b>.fws"));
    }

    void tooltipsShowMarkupVerbatim()
    {
        CountingDocument document;
        document.setHtml(plainToolTip(QString::fromUtf8(markup())));
        QCOMPARE(document.toPlainText(), QString::fromUtf8(markup()));
        QCOMPARE(document.loads, 0);
        // The same check finds what it looks for.
        CountingDocument control;
        control.setHtml(QString::fromUtf8(markup()));
        QVERIFY(control.toPlainText() != QString::fromUtf8(markup()));
    }

    void messagesAndLabelsArePlain()
    {
        MessageBar bar(MessageKind::Error, QString::fromUtf8(markup()), QStringLiteral("<i>x</i>"));
        const auto labels = bar.findChildren<QLabel *>();
        QVERIFY(!labels.isEmpty());
        for (const auto *label : labels)
            QCOMPARE(label->textFormat(), Qt::PlainText);
        PlainLabel label;
        label.setPlain(QString(100000, QChar(u'w')));
        label.resize(200, 20);
        QVERIFY(!label.grab().isNull());
        QVERIFY(label.text().size() < 2000); // cut before layout
    }
};

QTEST_MAIN(TestHostileText)
#include "tst_hostile_text.moc"
