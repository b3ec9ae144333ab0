#include "importers/formats.h"
#include "importers/units.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <string>
#include <unordered_map>

namespace flamewright {
namespace {

// The CPU profile of gperftools: machine words of the profiled program, then its /proc/self/maps.
//
//   0, header words (3), 0, period in us, 0     header; more words than 3 are skipped
//   count, n, address 1 (leaf) ... address n    for each stack
//   0, 1, 0                                     trailer
//   text
//
// https://gperftools.github.io/gperftools/cpuprofile-fileformat.html
constexpr FormatInfo kFormat{"gperftools-cpu", "gperftools CPU profile", "prof;cpu"};
constexpr std::uint64_t kMaxInputBytes = 512ull << 20;
constexpr std::uint64_t kMaxHeaderWords = 1000;
constexpr std::size_t kMaxMapsLine = 8192;
constexpr unsigned kStacksPerCheck = 1024;
constexpr int kMaxSignalFrames = 2;
constexpr std::size_t kSamplesPerException = 32;

// Word size and byte order are those of the machine that was profiled.
struct Layout {
    std::size_t bytes = 8;
    bool bigEndian = false;
};

class WordReader {
public:
    WordReader(std::span<const std::byte> bytes, Layout layout) : m_bytes(bytes), m_layout(layout)
    {}
    std::size_t wordsLeft() const { return (m_bytes.size() - m_pos) / m_layout.bytes; }
    std::size_t offset() const { return m_pos; }
    // Only when wordsLeft() says so.
    std::uint64_t next()
    {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < m_layout.bytes; ++i) {
            const auto shift = 8 * (m_layout.bigEndian ? m_layout.bytes - 1 - i : i);
            out |= std::to_integer<std::uint64_t>(m_bytes[m_pos + i]) << shift;
        }
        m_pos += m_layout.bytes;
        return out;
    }

private:
    std::span<const std::byte> m_bytes;
    Layout m_layout;
    std::size_t m_pos = 0;
};

struct Header {
    Layout layout;
    std::uint64_t periodMicros = 0;
    std::uint64_t extraWords = 0;
};

std::optional<Header> parseHeader(std::span<const std::byte> bytes)
{
    for (const Layout layout :
         {Layout{8, false}, Layout{8, true}, Layout{4, false}, Layout{4, true}}) {
        WordReader words(bytes, layout);
        if (words.wordsLeft() < 5)
            continue;
        const auto zero = words.next(), count = words.next(), version = words.next(),
                   period = words.next(), padding = words.next();
        if (zero == 0 && count >= 3 && count < kMaxHeaderWords && version == 0 && period > 0 &&
            period < 1'000'000'000 && padding == 0)
            return Header{layout, period, count - 3};
    }
    return std::nullopt;
}

// An executable line of /proc/self/maps.
struct Region {
    std::uint64_t begin = 0, end = 0, offset = 0;
    std::string_view path;
};

std::optional<std::uint64_t> takeHex(std::string_view &text)
{
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
    if (error != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return out;
}

std::string_view takeWord(std::string_view &text)
{
    const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
    const auto end = std::min(text.find_first_of(" \t", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

// "00400000-00fcb000 r-xp 00000000 08:01 21306940    /usr/bin/server"
std::optional<Region> parseRegion(std::string_view line)
{
    Region out;
    const auto begin = takeHex(line);
    if (!begin || !line.starts_with('-'))
        return std::nullopt;
    line.remove_prefix(1);
    const auto end = takeHex(line);
    const auto permissions = takeWord(line);
    auto offsetText = takeWord(line);
    const auto offset = takeHex(offsetText);
    if (!end || !offset || permissions.size() < 3 || permissions[2] != 'x' || *end <= *begin)
        return std::nullopt;
    takeWord(line); // device
    takeWord(line); // inode
    const auto path = std::min(line.find_first_not_of(" \t"), line.size());
    out = {*begin, *end, *offset, line.substr(path)};
    while (!out.path.empty() && (out.path.back() == ' ' || out.path.back() == '\r'))
        out.path.remove_suffix(1);
    return out;
}

struct Stack {
    std::uint64_t count = 0;
    std::size_t offset = 0;          // in the file
    std::size_t begin = 0, size = 0; // in m_addresses
};

class GperftoolsReader {
public:
    GperftoolsReader(ImportRun run, std::span<const std::byte> bytes, Header header)
        : m_run(run),
          m_sink(run.sink),
          m_bytes(bytes),
          m_header(header)
    {}
    Result<> run();

private:
    Result<> readStacks();
    void readMaps(std::size_t from);
    void dropSignalFrames();
    const Region *regionOf(std::uint64_t address) const;
    FrameId frameOf(std::uint64_t address, bool returnAddress);

    ImportRun m_run;
    RecordSink &m_sink;
    std::span<const std::byte> m_bytes;
    Header m_header;
    std::vector<std::uint64_t> m_addresses;
    std::vector<Stack> m_stacks;
    std::size_t m_textBegin = 0;
    std::vector<Region> m_regions; // by begin
};

Result<> GperftoolsReader::readStacks()
{
    WordReader words(m_bytes, m_header.layout);
    for (std::uint64_t i = 0; i < 5 + m_header.extraWords && words.wordsLeft() > 0; ++i)
        words.next();
    m_addresses.reserve(words.wordsLeft() / 2);
    unsigned untilCheck = kStacksPerCheck;
    while (words.wordsLeft() >= 3) {
        Stack stack{.offset = words.offset(), .begin = m_addresses.size()};
        stack.count = words.next();
        const auto size = words.next();
        if (size > words.wordsLeft())
            break;
        stack.size = static_cast<std::size_t>(size);
        for (std::size_t i = 0; i < stack.size; ++i)
            m_addresses.push_back(words.next());
        if (stack.count == 0 && size == 1 && m_addresses.back() == 0) {
            m_addresses.pop_back();
            m_textBegin = words.offset();
            return {};
        }
        m_stacks.push_back(stack);
        if (--untilCheck == 0) {
            untilCheck = kStacksPerCheck;
            m_run.job.setDone(words.offset());
            FW_TRY(m_run.job.checkpoint());
        }
    }
    m_textBegin = m_bytes.size();
    m_sink.note(Severity::DataLoss, "gperftools_cut_off", words.offset(),
                "the profile ends without its trailer; addresses cannot be assigned to programs");
    return {};
}

void GperftoolsReader::readMaps(std::size_t from)
{
    std::string_view text(reinterpret_cast<const char *>(m_bytes.data()) + from,
                          m_bytes.size() - from);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (end <= kMaxMapsLine) {
            if (const auto region = parseRegion(text.substr(0, end)))
                m_regions.push_back(*region);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!m_regions.empty())
        m_sink.provenance("binary", m_regions.front().path);
    std::stable_sort(m_regions.begin(), m_regions.end(),
                     [](const Region &a, const Region &b) { return a.begin < b.begin; });
}

// The profiler's signal handler may leave its return address between the interrupted code and
// its callers, and may report the leaf twice. When (nearly) all stacks have the same second
// frame, it is the handler's. `go tool pprof` decides the same way.
void GperftoolsReader::dropSignalFrames()
{
    for (int round = 0; round < kMaxSignalFrames; ++round) {
        std::unordered_map<std::uint64_t, std::size_t> second;
        for (const auto &stack : m_stacks) {
            if (stack.size > 1)
                ++second[m_addresses[stack.begin + 1]];
        }
        const auto enough = m_stacks.size() - m_stacks.size() / kSamplesPerException;
        const auto found = std::find_if(second.begin(), second.end(),
                                        [&](const auto &entry) { return entry.second >= enough; });
        if (found == second.end())
            break;
        for (auto &stack : m_stacks) {
            if (stack.size > 1 && m_addresses[stack.begin + 1] == found->first) {
                // The leaf moves over it.
                m_addresses[stack.begin + 1] = m_addresses[stack.begin];
                ++stack.begin;
                --stack.size;
            }
        }
        m_sink.note(Severity::Info, "gperftools_signal_frames", 0,
                    "frames of the profiler's own signal handler were left out", found->second);
    }
    for (auto &stack : m_stacks) {
        if (stack.size > 1 && m_addresses[stack.begin] == m_addresses[stack.begin + 1]) {
            ++stack.begin;
            --stack.size;
        }
    }
}

const Region *GperftoolsReader::regionOf(std::uint64_t address) const
{
    const auto after = std::upper_bound(
        m_regions.begin(), m_regions.end(), address,
        [](std::uint64_t value, const Region &region) { return value < region.begin; });
    if (after != m_regions.begin() && address < std::prev(after)->end)
        return &*std::prev(after);
    // Code before the executable part of the same file, which is mapped separately.
    if (after != m_regions.end() && after->begin - address <= after->offset)
        return &*after;
    return nullptr;
}

FrameId GperftoolsReader::frameOf(std::uint64_t address, bool returnAddress)
{
    FrameDesc desc{.kind = FrameKind::User,
                   .returnAddress = returnAddress,
                   .source = SymbolSource::None,
                   .address = address};
    // The call is just before the return address, which may be the first one of the next region.
    if (const auto *region = regionOf(address - (returnAddress && address > 0 ? 1 : 0));
        region && !region->path.empty()) {
        const bool vdso = region->path == "[vdso]";
        const bool elf = !vdso && region->path.front() != '[' && !region->path.starts_with("//");
        desc.module = m_sink.module({.name = region->path,
                                     .kind = vdso  ? ModuleKind::Vdso
                                             : elf ? ModuleKind::Elf
                                                   : ModuleKind::Unknown});
        if (vdso || elf)
            desc.address = address - region->begin + (vdso ? 0 : region->offset);
    }
    return m_sink.frame(desc);
}

Result<> GperftoolsReader::run()
{
    const auto cpu = m_sink.measure({"cpu", Unit::Nanoseconds});
    const auto samples = m_sink.measure({"samples", Unit::Count});
    const auto periodNs = static_cast<std::int64_t>(m_header.periodMicros) * 1000;
    m_sink.provenance("period", std::to_string(periodNs));
    m_sink.provenance("period_type", "cpu/nanoseconds");
    m_sink.provenance("word_bits", std::to_string(m_header.layout.bytes * 8));
    FW_TRY(readStacks());
    readMaps(m_textBegin);
    dropSignalFrames();
    const auto track = m_sink.track({.kind = TrackKind::Process, .name = "gperftools"});
    unsigned untilCheck = kStacksPerCheck;
    for (const auto &one : m_stacks) {
        StackId stack;
        for (auto i = one.size; i-- > 0;)
            stack = m_sink.stack(stack, frameOf(m_addresses[one.begin + i], i > 0));
        bool saturated = false;
        const auto count = static_cast<std::int64_t>(
            std::min<std::uint64_t>(one.count, static_cast<std::uint64_t>(INT64_MAX)));
        const auto time = scaledValue(count, periodNs, saturated);
        if (saturated)
            m_sink.note(Severity::DataLoss, "gperftools_value_saturated", one.offset,
                        "a count is too large");
        m_sink.add({.track = track, .stack = stack, .measure = cpu, .value = time, .count = count});
        m_sink.add(
            {.track = track, .stack = stack, .measure = samples, .value = count, .count = count});
        if (--untilCheck == 0) {
            untilCheck = kStacksPerCheck;
            m_run.job.setDone(one.offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_sink.status());
        }
    }
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class GperftoolsCpu final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return parseHeader(probe.head) ? Match::Magic : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        FW_ASSIGN(const auto bytes, run.input.whole(kMaxInputBytes));
        FW_TRY(run.job.checkpoint());
        run.job.setTotal(bytes.size());
        const auto header = parseHeader(bytes);
        if (!header)
            return fail(Errc::Corrupt, "this is not a gperftools CPU profile");
        return GperftoolsReader(run, bytes, *header).run();
    }
};

} // namespace

std::unique_ptr<Importer> makeGperftoolsCpu()
{
    return std::make_unique<GperftoolsCpu>();
}

} // namespace flamewright
