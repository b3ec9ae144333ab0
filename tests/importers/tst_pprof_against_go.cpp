#include "analysis/flame_tree_builder.h"
#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

struct FlatCum {
    std::int64_t flat = 0, cum = 0;
    friend bool operator==(const FlatCum &, const FlatCum &) = default;
};
using Table = std::map<std::string, FlatCum>;

// "120ns" in the unit that was asked for; go tool pprof prints at most two decimals.
std::int64_t valueOf(const QString &text)
{
    static const QRegularExpression number("^(-?[0-9]+)(\\.[0-9]+)?");
    return number.match(text).captured(1).toLongLong();
}

// The lines of `go tool pprof -top` by name, without the marks of inlined functions.
Table parseTop(const QByteArray &output)
{
    Table out;
    bool inTable = false;
    for (const auto &line : QString::fromUtf8(output).split('\n')) {
        if (!inTable) {
            inTable = line.simplified() == "flat flat% sum% cum cum%";
            continue;
        }
        static const QRegularExpression row(
            "^\\s*(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s\\s?(.*)$");
        const auto match = row.match(line);
        if (!match.hasMatch())
            continue;
        auto name = match.captured(6);
        name.remove(QRegularExpression(" \\((partial-)?inline\\)$"));
        auto &entry = out[name.toStdString()];
        entry.flat += valueOf(match.captured(1));
        entry.cum += valueOf(match.captured(4));
    }
    return out;
}

// The same from the import. go tool pprof joins functions by name alone, and all unnamed code of
// a module; so the names are brought to that before the tree is built.
Table fromImport(const Imported &in, std::string_view measure)
{
    auto d = in.dimensions;
    std::map<std::string, StringId> made;
    for (std::uint32_t i = 1; i < d.frames.size(); ++i) {
        if (d.frames.function[i].raw == 0) {
            const std::string module(d.module(FrameId{i}));
            const auto name =
                module.empty() ? "<unknown>" : "[" + module.substr(module.rfind('/') + 1) + "]";
            auto [it, fresh] = made.try_emplace(name, StringId{});
            if (fresh) {
                it->second = StringId{static_cast<std::uint32_t>(d.strings.size())};
                d.strings.append({{static_cast<std::uint32_t>(name.size())}, name});
            }
            d.frames.function[i] = it->second;
        }
        d.frames.module[i] = {};
    }
    StackWeights weights;
    weights.value.resize(d.stacks.size());
    weights.samples.resize(d.stacks.size());
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        if (in.meta.measures[in.samples.measure[i].raw - 1].name == measure) {
            weights.value[in.samples.stack[i].raw] += in.samples.value[i];
            weights.samples[in.samples.stack[i].raw] += in.samples.count[i];
        }
    }
    const ProfileInput input{&d, std::move(weights)};
    const auto profile = buildProfile({&input, 1});
    Table out;
    for (const auto &row : profile.table)
        out[profile.functions[row.function.raw].name] = {row.self, row.total};
    return out;
}

std::string difference(const Table &go, const Table &ours)
{
    std::string out;
    int differences = 0;
    const auto report = [&](const std::string &name, const FlatCum *a, const FlatCum *b) {
        const auto text = [](const FlatCum *v) {
            return v ? std::to_string(v->flat) + "/" + std::to_string(v->cum) : "-";
        };
        if (++differences <= 8)
            out += "  " + name + ": go " + text(a) + ", imported " + text(b) + "\n";
    };
    for (const auto &[name, value] : go) {
        const auto it = ours.find(name);
        if (it == ours.end() || it->second != value)
            report(name, &value, it == ours.end() ? nullptr : &it->second);
    }
    for (const auto &[name, value] : ours) {
        // go tool pprof leaves out samples of value 0, and what sums up to nothing.
        if (!go.contains(name) && (value.flat != 0 || value.cum != 0))
            report(name, nullptr, &value);
    }
    if (differences > 0)
        out = std::to_string(differences) + " differences\n" + out;
    return out;
}

QByteArray run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessEnvironment([] {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PPROF_BINARY_PATH", "/nonexistent");
        return environment;
    }());
    process.start(program, arguments);
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        return {};
    return process.readAllStandardOutput();
}

std::unique_ptr<Importer> importerFor(std::string_view bytes)
{
    for (auto make : {makePprof, makeGperftoolsCpu}) {
        auto importer = make();
        if (importer->probe({.head = std::as_bytes(std::span(bytes)), .headIsAll = true}) >=
            Match::Strong)
            return importer;
    }
    return nullptr;
}

// `go tool pprof` without the detour over `go`, which costs more than the work.
QString pprofProgram()
{
    static const auto path = QStandardPaths::findExecutable("go").isEmpty()
                                 ? QString()
                                 : QString::fromUtf8(run("go", {"tool", "-n", "pprof"})).trimmed();
    return path;
}

// Without symbols from this machine, and nothing left out. One unit for all, so that no figure
// is rounded.
QByteArray goTop(const QString &file, std::size_t sampleIndex, Unit unit)
{
    return run(pprofProgram(), {"-symbolize=none", "-top", "-nodecount=0", "-nodefraction=0",
                                "-edgefraction=0", "-sample_index=" + QString::number(sampleIndex),
                                unit == Unit::Nanoseconds ? "-unit=ns"
                                : unit == Unit::Bytes     ? "-unit=B"
                                                          : "-unit=count",
                                file});
}

// The measures in the order of the file's sample types: the import puts the default first.
std::vector<std::string> fileOrder(const Imported &in, const QByteArray &raw)
{
    if (in.meta.measures.size() == 1) // also where the name has spaces
        return {in.meta.measures[0].name};
    std::vector<std::string> out;
    const auto text = QString::fromUtf8(raw);
    const auto header = text.mid(text.indexOf("\nSamples:\n") + 10).section('\n', 0, 0);
    std::map<std::string, int> seen;
    for (auto type : header.split(' ', Qt::SkipEmptyParts)) {
        auto name = type.remove("[dflt]").section('/', 0, 0).toStdString();
        if (name.empty())
            name = "value";
        if (const auto again = ++seen[name]; again > 1)
            name += " #" + std::to_string(again);
        if (!in.measure(name))
            return {};
        out.push_back(name);
    }
    return out;
}

} // namespace

// "functions" equals `go tool pprof -top`, flat and cum, for every sample type.
class TestPprofAgainstGo : public QObject {
    Q_OBJECT

    bool m_hasGo = !pprofProgram().isEmpty();

    static QString sharedData()
    {
        return qEnvironmentVariable("FW_SHARED_DATA", FW_SOURCE_DIR "/../shared/data");
    }

private Q_SLOTS:
    // The output of go tool pprof is kept with the fixtures; FW_UPDATE_GOLDEN=1 makes it again.
    void agreesOnTheFixtures_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString format : {"pprof", "gperftools-cpu"}) {
            const QDir folder(QString(FW_SOURCE_DIR "/tests/fixtures/") + format);
            for (const auto &name : folder.entryList({"*.pb", "*.prof"}, QDir::Files)) {
                if (!name.startsWith("bad-"))
                    QTest::newRow(qPrintable(name)) << format + "/" + name;
            }
        }
    }
    void agreesOnTheFixtures()
    {
        QFETCH(QString, name);
        const QString path = FW_SOURCE_DIR "/tests/fixtures/" + name;
        const auto bytes = readFile(path.toStdString());
        const auto in = importBytes(*importerFor(bytes), bytes);
        QVERIFY(in.result.has_value());
        const bool update = qEnvironmentVariable("FW_UPDATE_GOLDEN") == "1";
        if (update) {
            QVERIFY(m_hasGo);
            const auto order =
                fileOrder(in, run(pprofProgram(), {"-symbolize=none", "-raw", path}));
            for (std::size_t i = 0; i < order.size(); ++i) {
                const auto top = goTop(path, i, in.measure(order[i])->unit);
                compareGolden(goldenOf(name, order[i]), {top.constData(), std::size_t(top.size())});
            }
        }
        for (const auto &measure : in.meta.measures) {
            const auto golden = readFile(goldenOf(name, measure.name));
            QVERIFY2(!golden.empty(), measure.name.c_str());
            const auto bad = difference(parseTop(QByteArray::fromStdString(golden)),
                                        fromImport(in, measure.name));
            QVERIFY2(bad.empty(), (measure.name + ": " + bad).c_str());
        }
    }

    void agreesOnTheSharedProfiles_data()
    {
        QTest::addColumn<QString>("path");
        const QDir shared(sharedData());
        QStringList folders{"corpus/pprof",       "scenario/before/pprof", "scenario/after/pprof",
                            "scenario/before/go", "scenario/after/go",     "scenario/before/cpp",
                            "scenario/after/cpp"};
        int rows = 0;
        for (const auto &folder : folders) {
            const QDir dir(shared.filePath(folder));
            for (const auto &name : dir.entryList(QDir::Files, QDir::Name)) {
                const bool program = folder.endsWith("/go") || folder.endsWith("/cpp");
                if (program && !name.endsWith(".pb.gz") && !name.endsWith(".cpu.prof"))
                    continue;
                QTest::newRow(qPrintable(folder + "/" + name)) << dir.filePath(name);
                ++rows;
            }
        }
        if (rows == 0)
            QTest::newRow("none") << QString();
    }
    void agreesOnTheSharedProfiles()
    {
        QFETCH(QString, path);
        if (path.isEmpty() || !m_hasGo)
            QSKIP("FW_SHARED_DATA has no profiles of pprof, or go tool pprof is not installed");
        auto bytes = readFile(path.toStdString());
        if (bytes.starts_with("\x1f\x8b"))
            bytes = run("gzip", {"-dc", path}).toStdString();
        const auto importer = importerFor(bytes);
        if (!importer)
            QSKIP("neither a protobuf nor a CPU profile of gperftools");
        const auto in = importBytes(*importer, bytes);
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        const auto raw = run(pprofProgram(), {"-symbolize=none", "-raw", path});
        if (raw.isEmpty())
            QSKIP("go tool pprof refuses this file");
        const auto order = fileOrder(in, raw);
        QCOMPARE(order.size(), in.meta.measures.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            auto go = parseTop(goTop(path, i, in.measure(order[i])->unit));
            // go tool pprof does not know microseconds by their Greek letter.
            for (auto &[name, value] : go) {
                if (raw.contains("/\u03bcs\n"))
                    value = {value.flat * 1000, value.cum * 1000};
            }
            const auto bad = difference(go, fromImport(in, order[i]));
            QVERIFY2(bad.empty(), (order[i] + ": " + bad).c_str());
            qInfo("%s: %zu functions", order[i].c_str(), go.size());
        }
    }

private:
    static std::filesystem::path goldenOf(const QString &name, const std::string &measure)
    {
        return std::filesystem::path(FW_SOURCE_DIR "/tests/golden") /
               (name.toStdString() + "." + measure + ".go-tool-pprof-top.txt");
    }
};

QTEST_GUILESS_MAIN(TestPprofAgainstGo)
#include "tst_pprof_against_go.moc"
