#include "capture/session/chunk_codec.h"
#include "capture/session/chunk_row.h"

#include <QTest>

#include <limits>

using namespace flamewright;

namespace {

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

// What is in them does not matter here, but that it fills some hundred bytes.
Chunk someChunk()
{
    SampleColumns c;
    for (std::uint32_t i = 0; i < 300; ++i) {
        c.time.push_back(Timestamp{Duration{i * 1'000'003}});
        c.track.push_back(TrackId{i % 5});
        c.cpu.push_back(static_cast<std::int32_t>(i % 4));
        c.stack.push_back(StackId{i * 2'654'435'761u});
        c.measure.push_back(MeasureId{1});
        c.labels.push_back(StringId{});
        c.value.push_back(i * i);
        c.count.push_back(1);
    }
    return encodeChunk(c);
}

} // namespace

// Chunks as rows of the session: packed, with their checksums.
class TestChunkRow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refuseEveryChange()
    {
        const auto chunk = someChunk();
        SessionUuid uuid{};
        uuid[3] = std::byte{7};
        ChunkPacker packer;
        ChunkUnpacker unpacker;
        std::vector<std::byte> data;
        const auto packed = packer.pack(chunk, CaptureId{4}, data);
        QVERIFY(packed.has_value());
        auto row = *packed;
        row.id = 12;
        auto sum = sumBytes(chunkSum(uuid, row));
        row.sum = sum;
        Chunk out;
        QVERIFY(unpacker.unpack(uuid, row, out).has_value());
        QVERIFY(out.payload == chunk.payload && out.span == chunk.span && out.rows == chunk.rows);

        std::int64_t ChunkRow::*const columns[] = {
            &ChunkRow::id,  &ChunkRow::capture,  &ChunkRow::kind,
            &ChunkRow::ver, &ChunkRow::firstRow, &ChunkRow::rows,
            &ChunkRow::t0,  &ChunkRow::t1,       &ChunkRow::rawBytes};
        for (const auto column : columns) {
            auto changed = row;
            changed.*column += 1;
            QVERIFY(!unpacker.unpack(uuid, changed, out).has_value());
            QVERIFY(chunkDigest(uuid, changed) != chunkDigest(uuid, row));
            // And where somebody made the checksum fit.
            const auto fitting = sumBytes(chunkSum(uuid, changed));
            changed.sum = fitting;
            (void)unpacker.unpack(uuid, changed, out);
        }
        auto other = uuid;
        other[0] = std::byte{1};
        QVERIFY(!unpacker.unpack(other, row, out).has_value());
        for (std::size_t i = 0; i < data.size(); ++i) {
            data[i] ^= std::byte{1};
            const auto refused = unpacker.unpack(uuid, row, out);
            QVERIFY(!refused.has_value());
            QCOMPARE(refused.error().code(), Errc::Corrupt);
            data[i] ^= std::byte{1};
        }
        QVERIFY(unpacker.unpack(uuid, row, out).has_value());
    }

    void stayWithinLimitsWhereTheirSumsFit()
    {
        // A frame that unpacks to more than its row says, and one that claims a terabyte.
        const auto chunk = someChunk();
        const SessionUuid uuid{};
        ChunkPacker packer;
        ChunkUnpacker unpacker;
        std::vector<std::byte> data;
        auto row = *packer.pack(chunk, CaptureId{1}, data);
        Chunk out;
        for (const std::int64_t raw :
             {std::int64_t{0}, std::int64_t{8}, row.rawBytes - 8, row.rawBytes + 8,
              std::int64_t{1} << 40, kMax, std::int64_t{-8}}) {
            row.rawBytes = raw;
            const auto sum = sumBytes(chunkSum(uuid, row));
            row.sum = sum;
            QVERIFY(!unpacker.unpack(uuid, row, out).has_value());
            QVERIFY(out.payload.size() <= kMaxChunkBytes);
        }
        const unsigned char terabyte[] = {0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0,
                                          0,    0,    1,    0,    0,    1, 0, 0};
        row.data = std::as_bytes(std::span(terabyte));
        row.rawBytes = std::int64_t{1} << 40;
        const auto sum = sumBytes(chunkSum(uuid, row));
        row.sum = sum;
        QVERIFY(!unpacker.unpack(uuid, row, out).has_value());
    }
};

QTEST_GUILESS_MAIN(TestChunkRow)
#include "tst_chunk_row.moc"
