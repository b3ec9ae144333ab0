#pragma once

#include "tests/capture/hostile_support.h"

namespace flamewright::test {

// Rows of the ordinary tables that lie, under right checksums.
inline std::vector<Hostile> hostileRows()
{
    const auto changes = [](const char *name, const char *sql, Expect expect = Expect::Any) {
        return Hostile{name, expect, [sql](const std::string &path) { executeAndSeal(path, sql); }};
    };
    return {
        changes("text where a number should be", "UPDATE capture SET samples = 'many'"),
        changes("number where text should be", "UPDATE capture SET name = x'00ff'"),
        changes("real where a number should be", "UPDATE chunk SET t0 = 0.5"),
        changes("text in a chunk's columns", "UPDATE chunk SET n = 'x', raw_len = 'y'"),
        changes("name that is not UTF-8", "UPDATE capture SET name = CAST(x'fffec080' AS TEXT)"),
        changes("name with a NUL", "UPDATE capture SET name = CAST(x'610062' AS TEXT)"),
        changes("name that commands the terminal",
                "UPDATE capture SET name = char(27) || ']0;x' || char(7) || char(8238)"),
        changes("name of ten megabytes", "UPDATE capture SET name = hex(zeroblob(5000000))"),
        changes("half a million notes",
                "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) "
                "INSERT INTO note SELECT 1, i, 1, 'c', 1, 1, 'd' FROM n"),
        {"hundred thousand captures", Expect::Any,
         [](const std::string &path) {
             execute(path, "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE "
                           "i < 100000) INSERT INTO capture SELECT i, name, format, source, "
                           "source_bytes, role, state, kind, begin_ns, end_ns, wall_offset_ns, "
                           "duration_ns, samples, slices, counters, requests, strings, frames, "
                           "stacks, chunks, stored_bytes, chunk_sum, sum FROM capture, n WHERE "
                           "capture.id = 1");
         }},
        changes("enumerations out of range",
                "UPDATE capture SET role = 99, state = -5; UPDATE track SET kind = 200; UPDATE "
                "module SET kind = 1000; UPDATE measure SET unit = 77; UPDATE note SET severity = "
                "-1"),
        changes("track that is its own parent", "UPDATE track SET parent = id"),
        changes("ids with gaps", "UPDATE track SET id = id + 1000; UPDATE module SET id = -3"),
        changes("captures with impossible ids", "UPDATE capture SET id = -1"),
        changes("counts at the edge",
                "UPDATE capture SET samples = 9223372036854775807, strings = -1, chunks = "
                "9223372036854775807, begin_ns = -9223372036854775808, end_ns = "
                "9223372036854775807, wall_offset_ns = 9223372036854775807"),
        changes("measure with impossible totals",
                "UPDATE measure SET n = -1, total = -9223372036854775808, samples = "
                "9223372036854775807"),
        {"two identities", Expect::Any,
         [](const std::string &path) {
             execute(path, "INSERT INTO session VALUES (2, x'00', 0, 0, x'00')");
         }},
        {"identity of the wrong size", Expect::Rejected,
         [](const std::string &path) { execute(path, "UPDATE session SET uuid = x'0102'"); }},
        {"no description", Expect::Rejected,
         [](const std::string &path) { execute(path, "DELETE FROM format"); }},
        {"reader of the future", Expect::Rejected,
         [](const std::string &path) { execute(path, "UPDATE format SET min_reader = 99"); }},
        {"unknown feature", Expect::Rejected,
         [](const std::string &path) {
             execute(path, "INSERT INTO feature VALUES ('encrypted', 'incompat')");
         }},
        {"captures without a checksum", Expect::Any,
         [](const std::string &path) { execute(path, "UPDATE capture SET sum = x''"); }},
        {"saved view that was changed", Expect::Any,
         [](const std::string &path) {
             execute(path, "INSERT INTO saved VALUES ('layout', hex(zeroblob(3000000)), x'00')");
         }},
    };
}

// Chunks that lie, under right checksums.
inline std::vector<Hostile> hostileChunks()
{
    using Values = std::vector<std::int64_t>;
    const auto replaces = [](const char *name, const Chunk &chunk) {
        return Hostile{name, Expect::Any,
                       [chunk](const std::string &path) { replaceChunk(path, chunk); }};
    };
    const auto changes = [](const char *name, const char *sql) {
        return Hostile{name, Expect::Any,
                       [sql](const std::string &path) { executeAndSeal(path, sql); }};
    };
    const auto frames = [](const Values &outer) {
        return chunkOf(
            ChunkKind::Frames,
            {{0, Values(outer.size(), 1)}, {6, Values(outer.size(), kFrameInlined)}, {8, outer}});
    };
    Values chain(60'000);
    for (std::size_t i = 0; i < chain.size(); ++i)
        chain[i] = static_cast<std::int64_t>(i) + 2;
    chain.back() = 1;
    constexpr std::uint64_t root = 0x0001'0001'0000'0000;
    return {
        replaces("inline chain in a circle", frames({2, 3, 1})),
        replaces("frame inlined into itself", frames({1})),
        replaces("inline chain of 60,000 frames", frames(chain)),
        replaces(
            "names beyond the strings",
            chunkOf(ChunkKind::Frames, {{0, Values{4'000'000'000, 1}}, {1, Values{1, 99999}}})),
        replaces("module beyond the modules", chunkOf(ChunkKind::Frames, {{2, Values{77, 0}}})),
        replaces("kind of frame that is none", chunkOf(ChunkKind::Frames, {{4, Values{200, 0}}})),
        replaces("stack that calls itself", chunkOf(ChunkKind::Stacks, {{0, Values{1, 2}}})),
        replaces("frame beyond the frames", chunkOf(ChunkKind::Stacks, {{1, Values{1 << 30, 0}}})),
        replaces("stack beyond the stacks",
                 chunkOf(ChunkKind::Samples,
                         {{0, Values{1, 2}}, {3, Values{4'294'967'295, 0}}, {4, Values{1, 1}}})),
        replaces("track and measure beyond",
                 chunkOf(ChunkKind::Samples, {{0, Values{1, 2}},
                                              {1, Values{4'294'967'295, 1 << 20}},
                                              {4, Values{0, 4'294'967'295}}})),
        replaces("times that run backwards",
                 chunkOf(ChunkKind::Samples, {{0, Values{900, 5}}, {4, Values{1, 1}}})),
        replaces("values whose sum overflows",
                 chunkOf(ChunkKind::Samples, {{0, Values{1, 2}},
                                              {4, Values{1, 1}},
                                              {6, Values{INT64_MAX, INT64_MAX}},
                                              {7, Values{INT64_MAX, INT64_MIN}}})),
        replaces("strings that end before they begin",
                 chunkOf(ChunkKind::Strings, {{0, Values{5, 1, -7}}})),
        replaces("list of half a billion empty structs",
                 chunkOf(ChunkKind::Samples, 2,
                         {0x0000'0006'0000'0000, root, 2, 0x0000'0007'0000'0001,
                          0x0000'0000'7fff'fffc, 0, 0})),
        replaces("far pointer to itself", chunkOf(ChunkKind::Samples, 2, {1ull << 32, 2})),
        replaces("far pointers in a circle",
                 chunkOf(ChunkKind::Samples, 2, {3ull << 32, root, 2, 0x0000'0000'0000'001a})),
        replaces("message with a million segments",
                 chunkOf(ChunkKind::Samples, 2, {0x0000'0000'000f'ffff, 0, 0})),
        replaces("message of zeros",
                 chunkOf(ChunkKind::Samples, 2, std::vector<std::uint64_t>(1'000'000))),
        changes("payload of another length", "UPDATE chunk SET raw_len = raw_len + 8"),
        changes("payload of eight exabytes", "UPDATE chunk SET raw_len = 9223372036854775800"),
        changes("payload of a negative length", "UPDATE chunk SET raw_len = -8"),
        changes("four billion rows", "UPDATE chunk SET n = 4294967295"),
        changes("no rows", "UPDATE chunk SET n = 0"),
        changes("kinds nobody knows", "UPDATE chunk SET kind = kind + 100"),
        changes("chunks of the future", "UPDATE chunk SET ver = 9"),
        changes("range that ends before it begins", "UPDATE chunk SET t0 = 10, t1 = 5"),
        changes("pages of names with gaps",
                "UPDATE chunk SET first_row = first_row + 100 WHERE kind > 4"),
        changes("empty payloads", "UPDATE chunk SET data = x''"),
        changes("payloads that are text", "UPDATE chunk SET data = 'text'"),
        changes("zstd frame that claims a terabyte",
                "UPDATE chunk SET data = x'28b52ffde0000000000001000001000000'"),
        changes("zstd frame without a size", "UPDATE chunk SET data = x'28b52ffd0058010000'"),
        changes("checksum that is too long", "UPDATE chunk SET sum = zeroblob(100)"),
        {"payload of twenty megabytes", Expect::Any,
         [](const std::string &path) {
             execute(path, "UPDATE chunk SET data = zeroblob(20000000) WHERE id = 1");
         }},
        {"two hundred thousand chunks", Expect::Any,
         [](const std::string &path) {
             executeAndSeal(path,
                            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n "
                            "WHERE i < 200000) INSERT INTO chunk SELECT i, 1, 17, 1, i, 1, 0, 1, "
                            "8, x'00', x'00' FROM n");
         }},
        {"chunk from another session", Expect::Any,
         [](const std::string &path) {
             execute(path, "UPDATE session SET uuid = x'00112233445566778899aabbccddeeff'");
         }},
    };
}

} // namespace flamewright::test
