#include "capture/session/chunk_codec.h"
#include "capture/session/chunk_row.h"
#include "capture/session/schema.h"
#include "capture/session/shown_tables.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace flamewright;

// FORMAT.md is a promise to other programs: its texts and bytes are those of this one.
class TestFormatExamples : public QObject {
    Q_OBJECT

    QString m_text;

    // The bytes of a fenced block, comments left out.
    std::vector<std::byte> block(const QString &name)
    {
        static const QRegularExpression hex("^([0-9a-f]{2} ?)+",
                                            QRegularExpression::MultilineOption);
        const auto from = m_text.indexOf("```" + name + "\n");
        const auto body = m_text.mid(from, m_text.indexOf("\n```", from) - from);
        std::vector<std::byte> out;
        for (const auto &line : hex.globalMatch(body)) {
            for (const auto byte : QByteArray::fromHex(line.captured(0).remove(' ').toLatin1()))
                out.push_back(static_cast<std::byte>(byte));
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(FW_SOURCE_DIR "/capture/FORMAT.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_text = QString::fromUtf8(file.readAll());
    }

    void quotesTheSchemaWordForWord()
    {
        for (const auto &item : schemaOf(kSchemaVersion)) {
            const auto sql = QString::fromUtf8(item.sql.data(), qsizetype(item.sql.size()));
            QVERIFY2(m_text.contains("\n" + sql + "\n"), qPrintable(sql));
        }
        QCOMPARE(m_text.count("\nCREATE "), qsizetype(schemaOf(kSchemaVersion).size()));
        QVERIFY(m_text.contains("the schema version: " + QString::number(kSchemaVersion)));
        QVERIFY(m_text.contains("0x" + QString::number(kApplicationId, 16)));
    }

    void namesTheColumnsOfEveryTable()
    {
        for (const auto &table : shownTables()) {
            QStringList names;
            for (const auto &column : table.columns)
                names << QString::fromUtf8(column.name.data(), qsizetype(column.name.size()));
            const auto name = QString::fromUtf8(table.name.data(), qsizetype(table.name.size()));
            const auto row = "| `" + name + "` | `" + names.join(", ") + "` |";
            QVERIFY2(m_text.contains(row), qPrintable(row));
        }
    }

    void namesEveryStoredNumber()
    {
        for (int i = 0;; ++i) {
            const auto name = nameOf(static_cast<FrameKind>(i));
            if (name.empty())
                break;
            QVERIFY(m_text.contains(QString("%1 %2").arg(i).arg(QLatin1String(name.data()))));
        }
        for (int i = 0;; ++i) {
            const auto name = nameOf(static_cast<SymbolSource>(i));
            if (name.empty())
                break;
            QVERIFY(m_text.contains(QString("%1 %2").arg(i).arg(QLatin1String(name.data()))));
        }
    }

    // The table of small columns in section 4.
    void encodesTheSmallColumnsAsWritten()
    {
        static const QRegularExpression row(
            R"(^\| ([-0-9 ]+) \| (\d), (\d), (-?\d+) \| (?:`([0-9a-f ]+)`)? ?\|$)",
            QRegularExpression::MultilineOption);
        int rows = 0;
        for (const auto &match : row.globalMatch(m_text)) {
            std::vector<std::int64_t> values;
            for (const auto &value : match.captured(1).split(' '))
                values.push_back(value.toLongLong());
            ColumnWriter writer(static_cast<std::uint32_t>(values.size()));
            writer.integers(0, values);
            const auto message = writer.message();
            // Header, root, rows, list, tag: five words; then the column.
            QCOMPARE(int(message[42]), match.captured(2).toInt());
            QCOMPARE(int(message[43]), match.captured(3).toInt());
            std::int64_t base = 0;
            std::memcpy(&base, message.data() + 48, 8);
            QCOMPARE(base, match.captured(4).toLongLong());
            const auto data = QByteArray::fromHex(match.captured(5).remove(' ').toLatin1());
            QVERIFY(message.size() >= 64 + std::size_t(data.size()));
            QCOMPARE(QByteArray(reinterpret_cast<const char *>(message.data()) + 64, data.size()),
                     data);
            ++rows;
        }
        QCOMPARE(rows, 4);
    }

    void encodesThePayloadAsWritten()
    {
        const StackColumns stacks{.caller = {{0}, {1}, {1}}, .frame = {{5}, {6}, {300}}};
        QVERIFY(encodeChunk(stacks, 1).payload == block("payload"));
    }

    void sumsTheChunkRowAsWritten()
    {
        SessionUuid uuid{};
        for (std::size_t i = 0; i < uuid.size(); ++i)
            uuid[i] = static_cast<std::byte>(i);
        const auto data = block("data");
        const auto sum = block("sum");
        ChunkRow row{.id = 1,
                     .capture = 1,
                     .kind = 18,
                     .ver = 1,
                     .firstRow = 1,
                     .rows = 3,
                     .t0 = INT64_MIN,
                     .t1 = INT64_MAX,
                     .rawBytes = 104,
                     .sum = sum,
                     .data = data};
        Chunk chunk;
        const auto read = ChunkUnpacker().unpack(uuid, row, chunk);
        QVERIFY2(read.has_value(), read.has_value() ? "" : read.error().text().c_str());
        QVERIFY(chunk.payload == block("payload"));
        // Every covered column and byte counts.
        for (auto *column : {&row.id, &row.capture, &row.kind, &row.ver, &row.firstRow, &row.rows,
                             &row.t0, &row.t1, &row.rawBytes}) {
            *column ^= 1;
            QVERIFY(!ChunkUnpacker().unpack(uuid, row, chunk).has_value());
            *column ^= 1;
        }
        uuid[15] = std::byte{0};
        QVERIFY(!ChunkUnpacker().unpack(uuid, row, chunk).has_value());
    }
};

QTEST_GUILESS_MAIN(TestFormatExamples)
#include "tst_format_examples.moc"
