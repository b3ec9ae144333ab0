#include "importers/symbols/elf_file.h"
#include "importers/symbols/elf_symbolizer.h"
#include "importers/symbols/rooted_file.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace flamewright;

namespace {

const QString kFixtures = QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/symbols/");
constexpr const char *kBuildId = "ab157c5e2e18df9713dba0c5ba37f778b63ff270";

SymbolAnswer resolve(const SymbolSearch &search, const ModuleRow &module)
{
    JobContext job;
    auto answer = makeElfSymbolizer(search)->resolve({module, {{0x1330, false}}}, job);
    if (!answer.has_value()) {
        QTest::qFail(answer.error().text().c_str(), __FILE__, __LINE__);
        return {};
    }
    return *std::move(answer);
}

ModuleRow elf(std::string name, std::string buildId = kBuildId)
{
    return {std::move(name), std::move(buildId), ModuleKind::Elf, -1, 0};
}

bool hasNote(const SymbolAnswer &answer, std::string_view code)
{
    return std::any_of(answer.notes.begin(), answer.notes.end(),
                       [&](const ImportNote &note) { return note.code == code; });
}

// Counts how often the files of a directory are opened, by anybody.
class OpenWatch {
public:
    explicit OpenWatch(const QString &directory) : m_fd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    {
        inotify_add_watch(m_fd, qPrintable(directory), IN_OPEN);
    }
    ~OpenWatch() { close(m_fd); }
    int opened(const QByteArray &name)
    {
        alignas(inotify_event) char buffer[16384];
        int count = 0;
        for (ssize_t got; (got = read(m_fd, buffer, sizeof buffer)) > 0;) {
            for (ssize_t at = 0; at < got;) {
                const auto *event = reinterpret_cast<const inotify_event *>(buffer + at);
                count += event->len > 0 && name == event->name ? 1 : 0;
                at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            }
        }
        return count;
    }

private:
    int m_fd;
};

} // namespace

// Goals G23 and G24 of the threat model: names in captures and ELF files lead nowhere.
class TestSymbolPaths : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QString m_root;
    SymbolSearch m_search;

    void put(const QString &from, const QString &to) { QVERIFY(QFile::copy(kFixtures + from, to)); }

private Q_SLOTS:
    void init()
    {
        QDir(m_dir.path()).removeRecursively();
        m_root = m_dir.filePath("root");
        QVERIFY(QDir().mkpath(m_root));
        m_search = {};
        m_search.directories = {m_root.toStdString()};
        m_search.useSystem = false;
    }

    void debugLinkIsABareFileName()
    {
        QFile in(kFixtures + "inlined.stripped");
        QVERIFY(in.open(QIODevice::ReadOnly));
        auto bytes = in.readAll();
        QCOMPARE(bytes.count("inlined.debug"), 1);
        bytes.replace("inlined.debug", "../evil.debug");
        QFile out(m_root + "/app");
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
        out.close();
        put("inlined.debug", m_dir.filePath("evil.debug"));
        OpenWatch watch(m_dir.path());
        QVERIFY(resolve(m_search, elf("/x/app")).frames.empty());
        QCOMPARE(watch.opened("evil.debug"), 0);
        // The watch sees what is opened.
        QVERIFY(openBeneath(m_dir.path().toStdString(), "evil.debug").has_value());
        QCOMPARE(watch.opened("evil.debug"), 1);
    }

    void debugLinkOfAnotherFileIsRefused()
    {
        put("inlined.stripped", m_root + "/app");
        put("inlined.gz", m_root + "/inlined.debug"); // neither build id nor CRC agree
        const auto answer = resolve(m_search, elf("/x/app"));
        QVERIFY(answer.frames.empty());
        QVERIFY(hasNote(answer, "symbols_build_id_mismatch"));
    }

    void moduleNamesDoNotLeadOutOfTheDirectory()
    {
        put("inlined", m_dir.filePath("evil"));
        OpenWatch watch(m_dir.path());
        for (const std::string name : {"/../evil", "../evil", "/x/../../evil", "/root/../../evil",
                                       "..", "/", "//", "/..", ".", "", "//anon", "[heap]"})
            QVERIFY2(resolve(m_search, elf(name)).frames.empty(), name.c_str());
        QVERIFY(resolve(m_search, elf(std::string("/x\0/../evil", 11))).frames.empty());
        QVERIFY(resolve(m_search, elf("/" + std::string(4096, 'a'))).frames.empty());
        QVERIFY(resolve(m_search, elf("/" + std::string(300, 'b'))).frames.empty());
        QCOMPARE(watch.opened("evil"), 0);
    }

    void symbolicLinksDoNotLeadOutOfTheDirectory()
    {
        put("inlined", m_dir.filePath("evil"));
        QVERIFY(QFile::link("../evil", m_root + "/relative"));
        QVERIFY(QFile::link(m_dir.filePath("evil"), m_root + "/absolute"));
        QVERIFY(QFile::link("..", m_root + "/up"));
        put("inlined", m_root + "/inside");
        QVERIFY(QFile::link("inside", m_root + "/within"));
        OpenWatch watch(m_dir.path());
        for (const std::string name : {"/x/relative", "/x/absolute", "/up/evil"}) {
            const auto answer = resolve(m_search, elf(name));
            QVERIFY2(answer.frames.empty(), name.c_str());
        }
        QCOMPARE(watch.opened("evil"), 0);
        QVERIFY(hasNote(resolve(m_search, elf("/x/relative")), "symbols_file_refused"));
        QVERIFY(!resolve(m_search, elf("/x/within")).frames.empty());
    }

    void buildIdsBecomePathsOnlyWhenTheyAreHex()
    {
        put("inlined", m_dir.filePath("evil"));
        OpenWatch watch(m_dir.path());
        for (const std::string id : {"../../../evil", "..", "ab/../../../evil", "AB157C5E", "zz",
                                     "abc", "ab157c5e/../../evil"})
            QVERIFY2(resolve(m_search, elf("/x/none", id)).frames.empty(), id.c_str());
        QCOMPARE(watch.opened("evil"), 0);
    }

    void pipesAndDevicesDoNotBlock()
    {
        QCOMPARE(mkfifo(qPrintable(m_root + "/fifo"), 0600), 0);
        QVERIFY(QFile::link("/dev/zero", m_root + "/zero"));
        QVERIFY(QDir().mkpath(m_root + "/folder"));
        QFile empty(m_root + "/empty");
        QVERIFY(empty.open(QIODevice::WriteOnly));
        auto system = m_search;
        system.useSystem = true;
        QElapsedTimer timer;
        timer.start();
        for (const std::string name :
             {"/x/fifo", "/x/zero", "/x/folder", "/x/empty", "/dev/zero", "/proc/self/mem",
              "/proc/self/exe", "/dev/stdin", "/etc/shadow", "/sys/kernel/notes",
              "/usr/../proc/self/exe", "/usr/../../etc/shadow"}) {
            QVERIFY2(resolve(system, elf(name)).frames.empty(), name.c_str());
            QVERIFY2(resolve(system, elf(name, "")).frames.empty(), name.c_str());
        }
        ModuleRow jit{"/tmp/perf-7.map", "", ModuleKind::Jit, 7, 0};
        QCOMPARE(mkfifo(qPrintable(m_root + "/perf-7.map"), 0600), 0);
        QVERIFY(resolve(m_search, jit).frames.empty());
        ModuleRow kernel{"[kernel.kallsyms]", "", ModuleKind::Kernel, -1, 0};
        QCOMPARE(mkfifo(qPrintable(m_root + "/kallsyms"), 0600), 0);
        QVERIFY(resolve(m_search, kernel).frames.empty());
        QVERIFY(timer.elapsed() < 10'000); // hanging is what it must not do
    }

    void truncatedAndLyingFilesAreDamagedNotFatal()
    {
        QFile in(kFixtures + "inlined");
        QVERIFY(in.open(QIODevice::ReadOnly));
        const auto bytes = in.readAll();
        const auto tryFile = [&](const QByteArray &content) {
            QFile out(m_root + "/app");
            QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
            QVERIFY(out.write(content) == content.size());
            out.close();
            resolve(m_search, elf("/x/app", ""));
        };
        for (int i = 0; i < 50; ++i)
            tryFile(bytes.left(bytes.size() * i / 50));
        auto huge = bytes;
        huge[0x3c] = huge[0x3d] = '\xfe'; // e_shnum
        tryFile(huge);
        QVERIFY(hasNote(resolve(m_search, elf("/x/app", "")), "symbols_file_damaged"));
        auto none = bytes;
        none[0x3c] = none[0x3d] = 0; // the count is in section 0 then
        tryFile(none);
        quint32 random = 12345;
        for (int i = 0; i < 500; ++i) {
            auto flipped = bytes;
            for (int k = 0; k < 1 + i % 8; ++k) {
                random = random * 1664525u + 1013904223u;
                flipped[static_cast<int>((random >> 8) % static_cast<quint32>(bytes.size()))] ^=
                    static_cast<char>(1u << (random & 7));
            }
            tryFile(flipped);
        }
    }

    void stringsThatRunOutOfTheirSectionAreNotRead()
    {
        QFile in(kFixtures + "inlined");
        QVERIFY(in.open(QIODevice::ReadOnly));
        auto bytes = in.readAll();
        auto whole = openBeneath(kFixtures.toStdString(), "inlined");
        QVERIFY(whole.has_value());
        const auto file = ElfFile::open(*std::move(whole));
        QVERIFY(file.has_value());
        const auto strings = (*file)->sectionBytes(".debug_line_str", 1u << 20);
        QVERIFY(!strings.empty());
        const auto at = bytes.indexOf(QByteArray::fromStdString(strings));
        QVERIFY(at > 0);
        bytes[at + static_cast<qsizetype>(strings.size()) - 1] = 'x';
        QFile out(m_root + "/app");
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
        out.close();
        const auto answer = resolve(m_search, elf("/x/app", ""));
        QVERIFY(hasNote(answer, "symbols_file_damaged"));
    }

    void sandboxRootsHoldNoSecrets()
    {
        SymbolSearch search;
        search.directories = {"/some/where"};
        const auto roots = symbolRoots(search);
        QCOMPARE(roots.front().string(), std::string("/some/where"));
        QVERIFY(std::find(roots.begin(), roots.end(), "/usr") != roots.end());
        for (const char *never : {"/", "/proc", "/sys", "/dev", "/etc", "/run"})
            QVERIFY(std::find(roots.begin(), roots.end(), never) == roots.end());
        search.useSystem = false;
        QCOMPARE(symbolRoots(search).size(), std::size_t{1});
    }

    void nobodyIsAskedOverTheNetwork()
    {
        const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        QVERIFY(bind(listener, reinterpret_cast<sockaddr *>(&address), size) == 0 &&
                listen(listener, 8) == 0 &&
                getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) == 0);
        qputenv("DEBUGINFOD_URLS",
                "http://127.0.0.1:" + QByteArray::number(ntohs(address.sin_port)));
        // Without debug information, with a link to some that is missing, without any file.
        put("inlined.stripped", m_root + "/app");
        auto search = m_search;
        search.useSystem = true;
        resolve(search, elf("/x/app"));
        resolve(search, elf("/x/none"));
        resolve(search, {"[vdso]", kBuildId, ModuleKind::Vdso, -1, 0});
        resolve(search, {"[kernel.kallsyms]", kBuildId, ModuleKind::Kernel, -1, 0});
        qunsetenv("DEBUGINFOD_URLS");
        const int connection = accept(listener, nullptr, nullptr);
        QVERIFY(connection < 0 && errno == EAGAIN);
        close(listener);
    }
};

QTEST_GUILESS_MAIN(TestSymbolPaths)
#include "tst_symbol_paths.moc"
