#include "capture/session/fault_plan.h"
#include "session_support.h"

#include <cstring>
#include <filesystem>
#include <sys/mount.h>

using namespace flamewright;
using namespace flamewright::test;
namespace fs = std::filesystem;

// Disks that fail and disks that are full.
class TestSessionFaults : public QObject {
    Q_OBJECT

    static constexpr Shape kEarlier{.samples = 300, .stacks = 10, .rowsPerChunk = 100, .seed = 3};
    static constexpr Shape kAdded{.samples = 2000, .stacks = 20, .rowsPerChunk = 50, .seed = 4};

    // A tmpfs for as long as this object lives.
    struct SmallDisk {
        explicit SmallDisk(const fs::path &where, int mebibytes) : path(where)
        {
            fs::create_directories(path);
            const auto options = "size=" + std::to_string(mebibytes) + "m";
            mounted = ::mount("tmpfs", path.c_str(), "tmpfs", 0, options.c_str()) == 0;
        }
        ~SmallDisk()
        {
            if (mounted)
                ::umount2(path.c_str(), MNT_DETACH);
        }
        fs::path path;
        bool mounted = false;
    };

private Q_SLOTS:
    void survivesEveryFault_data()
    {
        QTest::addColumn<bool>("full");
        QTest::addColumn<bool>("forever");
        QTest::newRow("I/O error once") << false << false;
        QTest::newRow("I/O errors from then on") << false << true;
        QTest::newRow("disk full once") << true << false;
        QTest::newRow("disk full from then on") << true << true;
    }
    // Goal G13: the n-th call of the file system fails while a capture is added, renamed and
    // another deleted. FW_FAULTS=all tries every call, the default every fifth.
    void survivesEveryFault()
    {
        QFETCH(bool, full);
        QFETCH(bool, forever);
        Workplace place;
        std::string earlier;
        {
            const auto session = openSession(place.file(), OpenMode::Create, place.options);
            FW_VERIFY(session);
            FW_VERIFY(addCapture(**session, kEarlier, "kept"));
            FW_VERIFY(addCapture(**session, kEarlier, "deleted"));
            const auto all = contents(**session);
            FW_VERIFY(all);
            earlier = all->front();
        }
        const auto original = place.file("original");
        fs::copy_file(place.file(), original);
        const int stride = qEnvironmentVariable("FW_FAULTS") == "all" ? 1 : 5;
        int faults = 0, acknowledged = 0, refused = 0;
        for (int n = 0;; n += stride) {
            fs::remove(place.file());
            fs::copy_file(original, place.file());
            bool added = false, deleted = false, quiet = false;
            {
                auto options = place.options;
                options.faults = std::make_shared<FaultPlan>();
                const auto session = openSession(place.file(), OpenMode::ReadWrite, options);
                FW_VERIFY(session);
                QVERIFY(!(*session)->readOnly());
                auto &plan = *options.faults;
                plan.kind = full ? FaultPlan::Kind::Full : FaultPlan::Kind::Io;
                plan.forever = forever;
                plan.callsUntilFault = n;
                added = addCapture(**session, kAdded, "added").has_value();
                deleted = (*session)->deleteCapture(CaptureId{2}).has_value();
                (void)(*session)->renameCapture(CaptureId{1}, "kept");
                (void)(*session)->close();
                quiet = plan.faults == 0;
                plan.callsUntilFault = -1; // the disk is well again
            }
            const auto session = openSession(place.file(), OpenMode::ReadWrite, place.options);
            QVERIFY2(
                session.has_value(),
                qPrintable(
                    QString("fault %1: %2").arg(n).arg(QString::fromStdString(errorOf(session)))));
            // Interrupted imports are offered, then discarded.
            auto reader = (*session)->reader();
            FW_VERIFY(reader);
            auto captures = (*reader)->captures();
            FW_VERIFY(captures);
            bool isThere = false, isGone = true;
            for (const auto &info : *captures) {
                if (info.state == CaptureState::Importing)
                    FW_VERIFY((*session)->deleteCapture(info.id));
                else if (info.desc.name == "added")
                    isThere = true;
                else if (info.desc.name == "deleted")
                    isGone = false;
            }
            // Done without having been told so is possible, the opposite is not.
            QVERIFY2(isThere || !added, qPrintable(QString("fault %1 lost a capture").arg(n)));
            QVERIFY2(isGone || !deleted, qPrintable(QString("fault %1 undid a delete").arg(n)));
            const auto all = contents(**session);
            FW_VERIFY(all);
            QVERIFY(all->front() == earlier);
            ++(added ? acknowledged : refused);
            if (quiet)
                break;
            ++faults;
        }
        qInfo("%d faults: %d imports acknowledged, %d refused, 0 lost", faults, acknowledged,
              refused);
        QVERIFY(faults > 20 / stride);
        QVERIFY(acknowledged > 0);
    }

    // Goal G14 with the fault plan: needs no privileges.
    void canDeleteWhenTheDiskIsFull()
    {
        Workplace place;
        auto options = place.options;
        options.faults = std::make_shared<FaultPlan>();
        const auto session = openSession(place.file(), OpenMode::Create, options);
        FW_VERIFY(session);
        FW_VERIFY(addCapture(**session, {.samples = 100'000, .rowsPerChunk = 5000}, "big"));
        FW_VERIFY(addCapture(**session, kEarlier, "small"));
        const auto before = contents(**session);
        FW_VERIFY(before);
        std::uint64_t used = 0;
        for (const auto *suffix : {"", "-wal", ".reserve"})
            used += fs::file_size(place.file().string() + suffix);
        QVERIFY(fs::file_size(place.file("s.fws.reserve")) == (8u << 20));
        options.faults->capacityBytes = used;
        const auto failed = addCapture(**session, {.samples = 200'000, .rowsPerChunk = 5000});
        QVERIFY(!failed.has_value());
        QCOMPARE(failed.error().code(), Errc::DiskFull);
        QVERIFY2(failed.error().text().find("MiB needed") != std::string::npos,
                 failed.error().text().c_str());
        const auto after = contents(**session);
        FW_VERIFY(after);
        QVERIFY(after->size() >= 2 && after->at(0) == before->at(0) &&
                after->at(1) == before->at(1));
        FW_VERIFY((*session)->deleteCapture(CaptureId{1}));
        options.faults->capacityBytes = 0;
        const auto rest = contents(**session);
        FW_VERIFY(rest);
        QVERIFY(rest->front() == before->at(1));
    }

    void canDeleteOnASmallFullDisk_data()
    {
        QTest::addColumn<int>("mebibytes");
        for (const int size : {2, 5, 20})
            QTest::addRow("%d MiB", size) << size;
        if (qEnvironmentVariable("FW_FAULTS") == "all")
            QTest::newRow("64 MiB") << 64;
    }
    // Goal G14 on a real file system.
    void canDeleteOnASmallFullDisk()
    {
        QFETCH(int, mebibytes);
        Workplace place;
        const SmallDisk disk(place.root / "disk", mebibytes);
        if (!disk.mounted)
            QSKIP("mounting a tmpfs needs root; canDeleteWhenTheDiskIsFull shows the same");
        const auto file = disk.path / "s.fws";
        const auto session = openSession(file, OpenMode::Create, place.options);
        FW_VERIFY(session);
        std::vector<std::string> good;
        for (int i = 0; i < 200; ++i) {
            const auto added =
                addCapture(**session, {.samples = 15'000 * mebibytes, .seed = i + 1});
            if (!added.has_value()) {
                QCOMPARE(added.error().code(), Errc::DiskFull);
                break;
            }
            QVERIFY(i < 199);
            if (i == 1) {
                const auto all = contents(**session);
                FW_VERIFY(all);
                good = *all;
            }
        }
        QCOMPARE(good.size(), 2u);
        auto now = contents(**session);
        FW_VERIFY(now);
        QVERIFY(now->size() >= good.size() && std::equal(good.begin(), good.end(), now->begin()));
        const auto deleted = (*session)->deleteCapture(CaptureId{1});
        FW_VERIFY(deleted);
        now = contents(**session);
        FW_VERIFY(now);
        QVERIFY(std::equal(good.begin() + 1, good.end(), now->begin()));
        // The room is there for the next.
        FW_VERIFY(addCapture(**session, {.samples = 1000}));
        FW_VERIFY((*session)->close());
        QVERIFY(!fs::exists(file.string() + "-wal"));
    }

    void viewsOnReadOnlyMedia()
    {
        Workplace place;
        {
            const auto session = openSession(place.file(), OpenMode::Create, place.options);
            FW_VERIFY(session);
            FW_VERIFY(addCapture(**session));
        }
        const auto media = place.root / "media";
        const SmallDisk disk(media, 4);
        if (!disk.mounted)
            QSKIP("mounting a read-only file system needs root");
        fs::copy_file(place.file(), media / "s.fws");
        QCOMPARE(::mount("tmpfs", media.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
        for (const auto mode : {OpenMode::Read, OpenMode::ReadWrite}) {
            const auto session = openSession(media / "s.fws", mode, place.options);
            FW_VERIFY(session);
            QVERIFY((*session)->readOnly());
            FW_VERIFY(contents(**session));
        }
    }
};

QTEST_GUILESS_MAIN(TestSessionFaults)
#include "tst_session_faults.moc"
