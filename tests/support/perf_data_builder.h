#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright::testing {

// Fields of a record, little-endian.
class PerfFields {
public:
    PerfFields &u16(std::uint16_t v) { return put(&v, sizeof v); }
    PerfFields &u32(std::uint32_t v) { return put(&v, sizeof v); }
    PerfFields &u64(std::uint64_t v) { return put(&v, sizeof v); }
    PerfFields &words(std::initializer_list<std::uint64_t> all)
    {
        for (const auto v : all)
            u64(v);
        return *this;
    }
    // With its NUL, padded to 8 bytes.
    PerfFields &text(std::string_view v)
    {
        m_bytes += v;
        m_bytes.append(8 - v.size() % 8, '\0');
        return *this;
    }
    const std::string &bytes() const { return m_bytes; }

private:
    PerfFields &put(const void *data, std::size_t size)
    {
        m_bytes.append(static_cast<const char *>(data), size);
        return *this;
    }
    std::string m_bytes;
};

// Writes a perf.data in the layout for pipes, record by record.
class PerfDataBuilder {
public:
    static constexpr std::uint64_t kSampleIdAll = 1u << 18, kExcludeGuest = 1u << 20;

    PerfDataBuilder() { m_out = "PERFILE2" + PerfFields().u64(16).bytes(); }

    struct Attr {
        std::uint32_t type = 1; // software
        std::uint64_t config = 0;
        std::uint64_t sampleType = 0;
        std::uint64_t readFormat = 0;
        std::uint64_t flags = kSampleIdAll | kExcludeGuest; // as perf does
        std::uint32_t size = 112;
        std::vector<std::uint64_t> ids = {};
    };
    PerfDataBuilder &attr(const Attr &attr)
    {
        auto bytes = PerfFields()
                         .u32(attr.type)
                         .u32(attr.size)
                         .words({attr.config, 1000, attr.sampleType, attr.readFormat, attr.flags})
                         .bytes();
        bytes.resize(attr.size);
        PerfFields ids;
        for (const auto id : attr.ids)
            ids.u64(id);
        return record(64, 0, bytes + ids.bytes());
    }
    PerfDataBuilder &record(std::uint32_t type, std::uint16_t misc, std::string_view body)
    {
        m_out += PerfFields()
                     .u32(type)
                     .u16(misc)
                     .u16(static_cast<std::uint16_t>(body.size() + 8))
                     .bytes();
        m_out += body;
        return *this;
    }
    PerfDataBuilder &record(std::uint32_t type, std::uint16_t misc, const PerfFields &fields)
    {
        return record(type, misc, fields.bytes());
    }
    PerfDataBuilder &round() { return record(68, 0, ""); }

    // For events with IP|TID|TIME|CALLCHAIN|PERIOD and sample_id_all: trailers are (pid, tid, time).
    static constexpr std::uint64_t kPlain = 1 | 2 | 4 | 32 | 256;
    static constexpr std::uint16_t kKernel = 1, kUser = 2;
    PerfDataBuilder &plainAttr() { return attr({.sampleType = kPlain}); }
    PerfDataBuilder &sample(std::uint16_t misc, std::uint32_t pid, std::uint32_t tid,
                            std::uint64_t time, std::uint64_t ip,
                            std::initializer_list<std::uint64_t> chain = {})
    {
        return record(
            9, misc,
            PerfFields().u64(ip).u32(pid).u32(tid).words({time, 1000, chain.size()}).words(chain));
    }
    PerfDataBuilder &mmap(std::uint16_t misc, std::uint32_t pid, std::uint64_t time,
                          std::uint64_t start, std::uint64_t length, std::uint64_t pageOffset,
                          std::string_view name)
    {
        return record(1, misc,
                      PerfFields()
                          .u32(pid)
                          .u32(pid)
                          .words({start, length, pageOffset})
                          .text(name)
                          .u32(pid)
                          .u32(pid)
                          .u64(time));
    }
    PerfDataBuilder &comm(std::uint16_t misc, std::uint32_t pid, std::uint32_t tid,
                          std::uint64_t time, std::string_view name)
    {
        return record(3, misc,
                      PerfFields().u32(pid).u32(tid).text(name).u32(pid).u32(tid).u64(time));
    }
    PerfDataBuilder &fork(std::uint32_t pid, std::uint32_t ppid, std::uint32_t tid,
                          std::uint32_t ptid, std::uint64_t time)
    {
        return record(
            7, 0,
            PerfFields().u32(pid).u32(ppid).u32(tid).u32(ptid).u64(time).u32(pid).u32(tid).u64(
                time));
    }

    const std::string &bytes() const { return m_out; }

private:
    std::string m_out;
};

} // namespace flamewright::testing
