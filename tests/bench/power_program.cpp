// What recordings for power_profiles are made of: the same work over and over, in functions of which one does PERCENT
// more. power_program PERCENT [ROUNDS]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace {

std::uint64_t g_sink = 0;

__attribute__((noinline)) std::uint64_t target(std::uint64_t seed, int rounds)
{
    for (int i = 0; i < rounds; ++i)
        seed = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9u + static_cast<unsigned>(i);
    return seed;
}

__attribute__((noinline)) std::uint64_t checksum(const std::vector<std::uint8_t> &bytes)
{
    std::uint64_t sum = 1469598103934665603u;
    for (const auto byte : bytes)
        sum = (sum ^ byte) * 1099511628211u;
    return sum;
}

__attribute__((noinline)) void sortSome(std::vector<std::uint32_t> values)
{
    std::sort(values.begin(), values.end());
    g_sink += values[values.size() / 2];
}

__attribute__((noinline)) void countWords(const std::string &text)
{
    std::map<std::string, int> counts;
    for (std::size_t i = 0; i + 4 < text.size(); i += 4)
        ++counts[text.substr(i, 4)];
    g_sink += counts.size();
}

__attribute__((noinline)) void allocateSome(std::uint64_t seed)
{
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i)
        texts.push_back(std::string(20 + (seed >> (i % 32)) % 40, 'x'));
    g_sink += texts.back().size();
}

__attribute__((noinline)) void handle(std::uint64_t round, int percent,
                                      const std::vector<std::uint8_t> &bytes,
                                      const std::vector<std::uint32_t> &values,
                                      const std::string &text)
{
    g_sink += target(round, 20'000 + 200 * percent);
    g_sink += checksum(bytes);
    sortSome(values);
    countWords(text);
    allocateSome(round * 0x9e3779b97f4a7c15u);
}

} // namespace

int main(int argc, char **argv)
{
    const auto percent = argc > 1 ? std::atoi(argv[1]) : 0;
    const auto rounds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 4000;
    std::vector<std::uint8_t> bytes(40'000);
    std::vector<std::uint32_t> values(2'000);
    std::string text;
    std::uint64_t seed = 1;
    const auto next = [&] { return seed = target(seed, 1); };
    for (auto &one : bytes)
        one = static_cast<std::uint8_t>(next());
    for (auto &one : values)
        one = static_cast<std::uint32_t>(next());
    for (int i = 0; i < 3'000; ++i)
        text += static_cast<char>('a' + next() % 3);
    for (std::uint64_t i = 0; i < rounds; ++i)
        handle(i, percent, bytes, values, text);
    std::printf("%llu\n", static_cast<unsigned long long>(g_sink));
    return 0;
}
