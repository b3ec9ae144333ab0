#include "importers/worker/messages.h"
#include "importers/worker/worker_main.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

// An import-worker with one more format, for tests: input "FAULT <what> <n>" imports n chunks of
// sound data and then goes wrong as told; and with a symboliser that does so for some modules.
namespace flamewright {
namespace {

constexpr FormatInfo kFormat = {"fault", "A worker that goes wrong", ""};
constexpr int kRows = 1 << 16;

void signalSelf(int signal)
{
    ::syscall(SYS_tgkill, ::getpid(), ::gettid(), signal);
}

[[noreturn]] void spin()
{
    for (;;)
        __asm__ volatile("");
}

void eatMemory()
{
    std::vector<std::vector<char>> eaten;
    for (;;)
        eaten.emplace_back(16u << 20, 'x');
}

void writeRaw(std::string_view bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const auto put = ::write(3, bytes.data() + at, bytes.size() - at);
        if (put <= 0)
            return;
        at += static_cast<std::size_t>(put);
    }
}

void sendForged(const WorkerMessage &message)
{
    FrameWriter writer(3);
    (void)writer.write(encodeMessage(message));
    ::poll(nullptr, 0, -1);
}

void goWrong(std::string_view what)
{
    if (what == "segv")
        signalSelf(SIGSEGV);
    else if (what == "kill")
        signalSelf(SIGKILL);
    else if (what == "abort")
        std::abort();
    else if (what == "exit")
        ::_exit(0);
    else if (what == "exec")
        ::execl("/bin/true", "true", nullptr);
    else if (what == "loop")
        spin();
    else if (what == "sleep")
        ::poll(nullptr, 0, -1);
    else if (what == "eat")
        eatMemory();
    else if (what == "garbage")
        writeRaw(std::string(100'000, '\x5a'));
    else if (what == "huge")
        writeRaw("\xf8\xff\xff\xff");
    else if (what == "short")
        writeRaw(std::string("\x00\x10\0\0 and then nothing", 22)), ::_exit(0);
    else if (what == "zeros") // a frame of the right size with nothing in it
        writeRaw(std::string("\x40\0\0\0", 4) + std::string(64, '\0')), ::poll(nullptr, 0, -1);
    else if (what == "early-end")
        sendForged(EndMessage{1, 1});
    else if (what == "answer")
        sendForged(AnswerPart{});
    else if (what == "format")
        sendForged(FormatMessage{"other"});
    else if (what == "chunk")
        sendForged(Chunk{ChunkKind::Samples, {}, 0, 5, std::vector<std::byte>(64)});
}

class Fault final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return probe.text().starts_with("FAULT ") ? Match::Magic : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        LineReader lines(run.input);
        FW_ASSIGN(const auto line, lines.next());
        const std::string text(*line);
        const auto space = text.rfind(' ');
        int chunks = 0;
        std::from_chars(text.data() + space + 1, text.data() + text.size(), chunks);
        const auto track = run.sink.track({.kind = TrackKind::Process, .name = "p"});
        const auto measure = run.sink.measure({"samples", Unit::Count});
        StackId stack;
        for (int i = 0; i < chunks * kRows; ++i) {
            if (i % 1024 == 0)
                stack = run.sink.stack({}, run.sink.frame({.function = "f" + std::to_string(i),
                                                           .kind = FrameKind::User}));
            run.sink.add({.track = track, .stack = stack, .measure = measure, .value = i});
        }
        goWrong(std::string_view(text).substr(6, space - 6));
        return run.sink.status();
    }
};

class TrivialSymbolizer final : public Symbolizer {
public:
    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &) override
    {
        const auto &name = query.module.name;
        if (name == "refuse")
            return fail(Errc::Corrupt, "not today");
        if (name == "lie") {
            SymbolAnswer answer;
            answer.end.assign(query.addresses.size() + 1, 0);
            return answer;
        }
        goWrong(name);
        SymbolAnswer answer;
        for (const auto &address : query.addresses) {
            answer.frames.push_back(
                {.function = "inlined", .file = "a.cpp", .line = 7, .source = SymbolSource::Dwarf});
            answer.frames.push_back({.function = name + "@" + std::to_string(address.address) +
                                                 (address.returnAddress ? "r" : ""),
                                     .source = SymbolSource::Symtab});
            answer.end.push_back(static_cast<std::uint32_t>(answer.frames.size()));
        }
        answer.usedFile = name;
        return answer;
    }
};

} // namespace
} // namespace flamewright

int main(int argc, char **argv)
{
    using namespace flamewright;
    return workerMain(argc, argv,
                      {.addImporters =
                           [](ImporterRegistry &registry) {
                               addBuiltinImporters(registry);
                               registry.add(std::make_unique<Fault>());
                           },
                       .makeSymbolizer = [](const SymbolSearch &) -> std::unique_ptr<Symbolizer> {
                           return std::make_unique<TrivialSymbolizer>();
                       }});
}
