#include "importers/io/input.h"
#include "importers/registry.h"

#include <QTemporaryDir>
#include <QTest>

#include <zstd.h>

#include <archive.h>
#include <archive_entry.h>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <zlib.h>

using namespace flamewright;

namespace {

std::string gzipped(std::string_view plain)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

// `bytes` zeros, gzipped, without ever holding them.
std::string gzippedZeros(std::uint64_t bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string zeros(1u << 20, '\0'), chunk(1u << 20, '\0'), out;
    for (std::uint64_t done = 0; done < bytes; done += zeros.size()) {
        stream.next_in = reinterpret_cast<Bytef *>(zeros.data());
        stream.avail_in = static_cast<uInt>(zeros.size());
        const auto flush = done + zeros.size() >= bytes ? Z_FINISH : Z_NO_FLUSH;
        do {
            stream.next_out = reinterpret_cast<Bytef *>(chunk.data());
            stream.avail_out = static_cast<uInt>(chunk.size());
            deflate(&stream, flush);
            out.append(chunk, 0, chunk.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return out;
}

std::string zstdCompressed(std::string_view plain)
{
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
    return out;
}

std::string zstdZeros(std::uint64_t bytes)
{
    auto *context = ZSTD_createCCtx();
    std::string zeros(4u << 20, '\0'), chunk(1u << 20, '\0'), out;
    for (std::uint64_t done = 0; done < bytes; done += zeros.size()) {
        ZSTD_inBuffer in{zeros.data(), zeros.size(), 0};
        const auto mode = done + zeros.size() >= bytes ? ZSTD_e_end : ZSTD_e_continue;
        std::size_t left = 0;
        do {
            ZSTD_outBuffer to{chunk.data(), chunk.size(), 0};
            left = ZSTD_compressStream2(context, &to, &in, mode);
            out.append(chunk, 0, to.pos);
        } while (mode == ZSTD_e_end ? left != 0 : in.pos < in.size);
    }
    ZSTD_freeCCtx(context);
    return out;
}

using Members = std::vector<std::pair<std::string, std::string>>;

// An archive ("zip", "ustar") or, with one member, a compressed stream ("xz", "bzip2").
std::string packed(const std::string &kind, const Members &members, const std::string &filter = {})
{
    std::string out(8u << 20, '\0');
    std::size_t used = 0;
    auto *a = archive_write_new();
    if (kind == "raw")
        archive_write_set_format_raw(a);
    else
        archive_write_set_format_by_name(a, kind.c_str());
    if (!filter.empty())
        archive_write_add_filter_by_name(a, filter.c_str());
    archive_write_set_bytes_in_last_block(a, 1);
    archive_write_open_memory(a, out.data(), out.size(), &used);
    for (const auto &[name, content] : members) {
        auto *entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        if (!name.ends_with('/'))
            archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        archive_write_header(a, entry);
        archive_write_data(a, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    out.resize(used);
    return out;
}

Result<std::string> readAll(Input &input, std::size_t step = 100'000)
{
    std::string out;
    for (;;) {
        const auto old = out.size();
        out.resize(old + step);
        auto got = input.read(std::as_writable_bytes(std::span(out).subspan(old)));
        out.resize(old + (got.has_value() ? *got : 0));
        if (!got.has_value())
            return fail(std::move(got).error());
        if (*got == 0)
            return out;
    }
}

// Reads to the end, keeping nothing.
Result<std::uint64_t> drain(Input &input)
{
    std::vector<std::byte> buffer(1u << 20);
    std::uint64_t total = 0;
    for (;;) {
        FW_ASSIGN(const auto got, input.read(buffer));
        if (got == 0)
            return total;
        total += got;
    }
}

long peakKib()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "main;work;leaf" + std::to_string(i * 2654435761u) + " " + std::to_string(i) + "\n";
    return text;
}

} // namespace

class TestInput : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::string path(const char *name) const { return m_dir.filePath(name).toStdString(); }

    // The bytes as a file, opened.
    FileDescriptor file(const std::string &bytes) const
    {
        std::ofstream(path("input"), std::ios::binary) << bytes;
        auto opened = openInputFile(path("input"));
        return opened.has_value() ? *std::move(opened) : FileDescriptor();
    }
    // The bytes from a pipe, written by a thread of its own.
    struct Piped {
        FileDescriptor end;
        std::jthread writer;
    };
    static Piped piped(std::string bytes)
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return {};
        return {FileDescriptor(ends[0]), std::jthread([bytes = std::move(bytes), to = ends[1]] {
                    for (std::size_t at = 0; at < bytes.size();) {
                        const auto put = ::write(to, bytes.data() + at, bytes.size() - at);
                        if (put <= 0)
                            break;
                        at += static_cast<std::size_t>(put);
                    }
                    ::close(to);
                })};
    }
    static Result<std::string> contents(int descriptor, std::string *layers = nullptr)
    {
        FW_ASSIGN(const auto input, openInput(descriptor, "name"));
        if (layers != nullptr)
            *layers = input->layers();
        return readAll(*input);
    }

private Q_SLOTS:
    void initTestCase() { ::signal(SIGPIPE, SIG_IGN); }

    void unwrapsEveryCompression_data()
    {
        QTest::addColumn<QByteArray>("wrapped");
        QTest::addColumn<QString>("layers");
        const auto text = lines(20'000);
        const auto row = [](const char *name, const std::string &bytes, const char *layers) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(layers);
        };
        row("plain", text, "");
        row("gzip", gzipped(text), "gzip");
        row("zstd", zstdCompressed(text), "zstd");
        row("xz", packed("raw", {{"x", text}}, "xz"), "xz");
        row("bzip2", packed("raw", {{"x", text}}, "bzip2"), "bzip2");
        row("zip", packed("zip", {{"a.folded", text}}), "zip member a.folded");
        row("tar", packed("ustar", {{"d/", ""}, {"d/a.folded", text}}), "tar member d/a.folded");
        row("tar.gz", gzipped(packed("ustar", {{"a.folded", text}})), "gzip, tar member a.folded");
        row("zip of gzip", packed("zip", {{"a.gz", gzipped(text)}}), "zip member a.gz, gzip");
        row("zip with clutter", packed("zip", {{"__MACOSX/._a", "x"}, {"a", text}, {"._b", "y"}}),
            "zip member a");
        const auto half = text.size() / 2;
        row("gzip members", gzipped(text.substr(0, half)) + gzipped(text.substr(half)), "gzip");
        row("zstd frames", zstdCompressed(text.substr(0, half)) + zstdCompressed(text.substr(half)),
            "zstd");
        row("zstd with skippable frame",
            std::string("\x50\x2a\x4d\x18\x04\0\0\0abcd", 12) + zstdCompressed(text), "zstd");
    }
    void unwrapsEveryCompression()
    {
        QFETCH(QByteArray, wrapped);
        QFETCH(QString, layers);
        std::string seen;
        const auto fd = file(wrapped.toStdString());
        const auto fromFile = contents(fd.get(), &seen);
        QVERIFY2(fromFile.has_value(), fromFile.has_value() ? "" : fromFile.error().text().c_str());
        QCOMPARE(QString::fromStdString(seen), layers);
        QVERIFY(*fromFile == lines(20'000));

        const auto pipe = piped(wrapped.toStdString());
        const auto fromPipe = contents(pipe.end.get());
        QVERIFY2(fromPipe.has_value(), fromPipe.has_value() ? "" : fromPipe.error().text().c_str());
        QVERIFY(*fromPipe == lines(20'000));
    }

    void probesWithoutConsuming()
    {
        const auto fd = file(gzipped(lines(20'000)));
        const auto input = openInput(fd.get(), "stacks.folded.gz");
        QVERIFY(input.has_value());
        const auto probe = (*input)->probe();
        QVERIFY(probe.has_value());
        QCOMPARE(probe->head.size(), kProbeBytes);
        QVERIFY(!probe->headIsAll);
        QCOMPARE(probe->fileName, std::string_view("stacks.folded"));
        QVERIFY(probe->text().starts_with("main;work;leaf0 0\n"));
        const auto all = (*input)->whole(100u << 20);
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), lines(20'000).size());
        QCOMPARE((*input)->rawBytesRead(), *(*input)->rawSize());
        QVERIFY(!(*input)->sizeHint());
    }

    void seesAShortInputWhole()
    {
        const auto fd = file("a;b 1\n");
        const auto input = openInput(fd.get(), "x");
        QVERIFY(input.has_value());
        const auto probe = (*input)->probe();
        QVERIFY(probe.has_value());
        QVERIFY(probe->headIsAll);
        QCOMPARE((*input)->sizeHint().value(), 6u);
    }

    void readsFromTheDescriptorsPosition()
    {
        const auto fd = file("skipped" + packed("zip", {{"m", "a;b 1\n"}}));
        QCOMPARE(::lseek(fd.get(), 7, SEEK_SET), off_t{7});
        const auto text = contents(fd.get());
        QVERIFY2(text.has_value(), text.has_value() ? "" : text.error().text().c_str());
        QCOMPARE(*text, std::string("a;b 1\n"));
    }

    void toleratesBytesAfterTheLastMember()
    {
        for (const auto &bytes : {gzipped(lines(10)), zstdCompressed(lines(10))}) {
            const auto fd = file(bytes + "trailing junk");
            const auto input = openInput(fd.get(), "x");
            QVERIFY(input.has_value());
            const auto text = readAll(**input);
            QVERIFY2(text.has_value(), text.has_value() ? "" : text.error().text().c_str());
            QCOMPARE(*text, lines(10));
            QCOMPARE((*input)->notes().size(), std::size_t{1});
            QCOMPARE((*input)->notes().front().code, std::string("input_trailing_bytes"));
            QCOMPARE((*input)->notes().front().firstOffset, bytes.size());
        }
    }

    void refusesArchivesWithSeveralFiles()
    {
        const Members several = {{"a", lines(3)}, {"b", lines(3)}, {"c", "x"},
                                 {"d", "x"},      {"e", "x"},      {"f", "x"}};
        for (const auto *kind : {"zip", "ustar"}) {
            const auto fd = file(packed(kind, several));
            const auto input = openInput(fd.get(), "x");
            QVERIFY(!input.has_value());
            QCOMPARE(input.error().code(), Errc::Unsupported);
            QVERIFY2(input.error().message().find("(a, b, c, d ...)") != std::string::npos,
                     input.error().text().c_str());
        }
        // Where one cannot look ahead it comes out at the end of the first.
        const auto fd = file(gzipped(packed("ustar", several)));
        const auto text = contents(fd.get());
        QVERIFY(!text.has_value());
        QCOMPARE(text.error().code(), Errc::Unsupported);
        QVERIFY(text.error().message().find("(a, b ...)") != std::string::npos);
    }

    void refusesAnArchiveWithoutFiles()
    {
        const auto fd = file(packed("ustar", {{"d/", ""}}));
        const auto input = openInput(fd.get(), "x");
        QVERIFY(!input.has_value());
        QCOMPARE(input.error().code(), Errc::Unsupported);
    }

    void limitsLayers()
    {
        const auto twice = gzipped(gzipped(lines(5)));
        const auto fd = file(twice);
        QVERIFY(contents(fd.get()).has_value());
        const auto thrice = file(gzipped(twice));
        const auto text = contents(thrice.get());
        QVERIFY(!text.has_value());
        QCOMPARE(text.error().code(), Errc::Limit);
    }

    void stopsBombs_data()
    {
        QTest::addColumn<QByteArray>("bomb");
        const auto row = [](const char *name, const std::string &bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        // 131 KB that want to be 4 GiB.
        const auto zstd = zstdZeros(4ull << 30);
        QVERIFY(zstd.size() < 500'000);
        row("zstd", zstd);
        row("double gzip", gzipped(gzippedZeros(512ull << 20)));
        row("gzip", gzippedZeros(512ull << 20));
        row("zip of zstd", packed("zip", {{"z", zstd}}));
        // Magic, single segment with an 8-byte content size of 1 TiB, one raw block.
        row("claims 1 TiB", std::string("\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\1\0\0\1\0\0", 16));
    }
    void stopsBombs()
    {
        QFETCH(QByteArray, bomb);
        const auto before = peakKib();
        const auto fd = file(bomb.toStdString());
        auto input = openInput(fd.get(), "x");
        if (input.has_value()) {
            const auto read = drain(**input);
            QVERIFY(!read.has_value());
            QCOMPARE(read.error().code(), Errc::Limit);
        } else {
            QCOMPARE(input.error().code(), Errc::Limit);
        }
        QVERIFY2(peakKib() - before < 300'000, qPrintable(QString::number(peakKib() - before)));
    }

    void limitsTotalOutput()
    {
        const auto fd = file(gzipped(lines(50'000)));
        auto input = openInput(fd.get(), "x", {.maxOutputBytes = 1u << 20});
        QVERIFY(input.has_value());
        const auto read = drain(**input);
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code(), Errc::Limit);
    }

    void limitsWholeInput()
    {
        const auto fd = file(lines(1000));
        auto input = openInput(fd.get(), "x");
        QVERIFY(input.has_value());
        const auto all = (*input)->whole(1000);
        QVERIFY(!all.has_value());
        QCOMPARE(all.error().code(), Errc::Limit);
        ::lseek(fd.get(), 0, SEEK_SET);
        auto exact = openInput(fd.get(), "x");
        QVERIFY((*exact)->whole(lines(1000).size()).has_value());
    }

    void reportsTruncationAndDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto text = lines(20'000);
        const auto add = [](const char *name, const std::string &whole) {
            for (const double part : {0.1, 0.5, 0.9, 0.999})
                QTest::addRow("%s cut at %g", name, part) << QByteArray::fromStdString(
                    whole.substr(0, static_cast<std::size_t>(part * double(whole.size()))));
        };
        add("gzip", gzipped(text));
        add("zstd", zstdCompressed(text));
        add("xz", packed("raw", {{"x", text}}, "xz"));
        add("bzip2", packed("raw", {{"x", text}}, "bzip2"));
        add("zip", packed("zip", {{"a", text}}).substr(0, 30'000));
        auto flipped = gzipped(text);
        flipped[flipped.size() - 6] ^= 1; // the checksum
        QTest::newRow("gzip checksum") << QByteArray::fromStdString(flipped);
    }
    void reportsTruncationAndDamage()
    {
        QFETCH(QByteArray, bytes);
        const auto fd = file(bytes.toStdString());
        const auto text = contents(fd.get());
        QVERIFY(!text.has_value());
        QCOMPARE(text.error().code(), Errc::Corrupt);
        QVERIFY(text.error().offset().has_value());
        const auto pipe = piped(bytes.toStdString());
        QVERIFY(!contents(pipe.end.get()).has_value());
    }

    void survivesFlippedBytes()
    {
        const auto text = lines(200);
        unsigned seed = 1;
        for (const auto &whole :
             {gzipped(text), zstdCompressed(text), packed("raw", {{"x", text}}, "xz"),
              packed("raw", {{"x", text}}, "bzip2"), packed("zip", {{"a", text}}),
              packed("ustar", {{"a", text}}), gzipped(packed("ustar", {{"a", text}}))}) {
            for (int i = 0; i < 150; ++i) {
                auto bytes = whole;
                for (int flips = 0; flips <= i % 4; ++flips) {
                    seed = seed * 1664525u + 1013904223u;
                    bytes[seed % bytes.size()] ^= static_cast<char>(1u << (seed >> 29));
                }
                const auto fd = file(bytes);
                const auto got = contents(fd.get());
                if (!got.has_value())
                    QVERIFY(!got.error().message().empty());
            }
        }
    }

    void leavesPerfDataWithCompressedRecordsAlone()
    {
        const std::string perf = "PERFILE2" + std::string(100, '\0') + zstdCompressed(lines(10));
        std::string layers = "?";
        const auto fd = file(perf);
        const auto bytes = contents(fd.get(), &layers);
        QVERIFY(bytes.has_value());
        QVERIFY(layers.empty());
        QCOMPARE(*bytes, perf);
    }

    void refusesWhatIsNotAFile()
    {
        const auto directory = openInputFile(m_dir.path().toStdString());
        QVERIFY(!directory.has_value());
        QCOMPARE(directory.error().code(), Errc::Io);
        QVERIFY(directory.error().text().find("directory") != std::string::npos);
        const FileDescriptor open(::open(m_dir.path().toStdString().c_str(), O_RDONLY | O_CLOEXEC));
        QCOMPARE(openInput(open.get(), "x").error().code(), Errc::Io);

        const auto missing = openInputFile(path("missing"));
        QVERIFY(!missing.has_value());
        QCOMPARE(missing.error().code(), Errc::NotFound);

        file("x");
        ::chmod(path("input").c_str(), 0);
        if (::geteuid() != 0) {
            const auto unreadable = openInputFile(path("input"));
            QVERIFY(!unreadable.has_value());
            QCOMPARE(unreadable.error().code(), Errc::Io);
        }
        ::chmod(path("input").c_str(), 0600);

        const auto empty = file("");
        const auto input = openInput(empty.get(), "x");
        QVERIFY(input.has_value());
        QVERIFY((*input)->probe()->head.empty());
    }

    void doesNotHangOnANamedPipe()
    {
        QCOMPARE(::mkfifo(path("fifo").c_str(), 0600), 0);
        const auto lonely = openInputFile(path("fifo"), std::chrono::milliseconds(50));
        QVERIFY(!lonely.has_value());
        QCOMPARE(lonely.error().code(), Errc::Io);

        const auto name = path("fifo");
        std::jthread writer([name] {
            std::ofstream out(name);
            out << gzipped(lines(100));
        });
        const auto fed = openInputFile(name, std::chrono::seconds(30));
        QVERIFY(fed.has_value());
        const auto text = contents(fed->get());
        QVERIFY(text.has_value());
        QCOMPARE(*text, lines(100));
    }

    void waitsForASilentWriter()
    {
        QCOMPARE(::mkfifo(path("slow").c_str(), 0600), 0);
        const FileDescriptor both(::open(path("slow").c_str(), O_RDWR | O_CLOEXEC));
        const auto opened = openInputFile(path("slow"), std::chrono::milliseconds(0));
        QVERIFY(opened.has_value());
        QVERIFY((::fcntl(opened->get(), F_GETFL) & O_NONBLOCK) == 0);
    }

    void settlesTiesByExtensionAndSaysWhenItCannot()
    {
        struct Fake final : Importer {
            explicit Fake(FormatInfo info) : m_info(info) {}
            const FormatInfo &format() const override { return m_info; }
            Match probe(const Probe &) const override { return Match::Weak; }
            Result<> run(ImportRun) const override { return {}; }
            FormatInfo m_info;
        };
        ImporterRegistry registry;
        registry.add(std::make_unique<Fake>(FormatInfo{"one", "One", "one"}));
        registry.add(std::make_unique<Fake>(FormatInfo{"two", "Two", "two;deux"}));
        const auto agreed = registry.detect({.head = {}, .headIsAll = true, .fileName = "x.deux"});
        QCOMPARE(agreed.front().importer->format().id, std::string_view("two"));
        QVERIFY(!ImporterRegistry::isTie(agreed));
        const auto open = registry.detect({.head = {}, .headIsAll = true, .fileName = "x"});
        QCOMPARE(open.front().importer->format().id, std::string_view("one"));
        QVERIFY(ImporterRegistry::isTie(open));
    }
};

QTEST_GUILESS_MAIN(TestInput)
#include "tst_input.moc"
