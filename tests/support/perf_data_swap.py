#!/usr/bin/env python3
"""Rewrites a little-endian perf.data (file layout, not compressed) as a big-endian machine would
have written it: perf_data_swap.py IN OUT. Feature sections that the importer does not read are
left out. Layouts: include/uapi/linux/perf_event.h and tools/perf/Documentation of Linux.
"""
import struct
import sys

IP, TID, TIME, ADDR, READ, CHAIN, ID, CPU, PERIOD, STREAM = (1 << n for n in range(10))
RAW, BRANCH, REGS_USER, STACK_USER = (1 << n for n in range(10, 14))
IDENTIFIER = 1 << 16
BUILD_ID, HOSTNAME, RELEASE, VERSION, ARCH, CPUS, CPU_DESC, CPU_ID, MEMORY, CMDLINE, EVENT_DESC = (
    range(2, 13))
SAMPLE_TIME, CLOCK_DATA = 21, 29


class Swapper:
    """Reads little-endian, writes the same fields big-endian."""

    def __init__(self, data):
        self.data, self.at, self.out = data, 0, bytearray()

    def fields(self, kinds):
        values = struct.unpack_from("<" + kinds, self.data, self.at)
        self.out += struct.pack(">" + kinds, *values)
        self.at += struct.calcsize("<" + kinds)
        return values

    def words(self, count):
        return self.fields(f"{count}Q")

    def raw(self, count):
        self.out += self.data[self.at:self.at + count]
        self.at += count

    def left(self):
        return len(self.data) - self.at

    def string(self):
        self.raw(self.fields("I")[0])


def swap_flags(flags):
    """Bit n counts from the other end of its byte; the two bits of precise_ip change places, for
    the more significant one comes first."""
    low, high = flags[1] >> 7 & 1, flags[2] & 1
    flags = bytearray(flags)
    flags[1] = flags[1] & 0x7f | high << 7
    flags[2] = flags[2] & 0xfe | low
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in flags)


def swap_attr(s, size):
    end = s.at + size
    s.fields("IIQQ")
    sample_type, read_format = s.fields("QQ")
    flags = s.data[s.at:s.at + 8]
    s.out += swap_flags(flags)
    s.at += 8
    s.fields("IIQQ")
    rest = "Q Q I i Q I H H I I Q".split()
    while s.at < end:
        s.fields(rest.pop(0))
    return sample_type, read_format, bool(flags[2] & 4)


def swap_sample(s, sample_type, read_format):
    for bit, kinds in ((IDENTIFIER, "Q"), (IP, "Q"), (TID, "ii"), (TIME, "Q"), (ADDR, "Q"),
                       (ID, "Q"), (STREAM, "Q"), (CPU, "II"), (PERIOD, "Q")):
        if sample_type & bit:
            s.fields(kinds)
    if sample_type & READ:
        sys.exit("samples with counter values are not supported")
    if sample_type & CHAIN:
        s.words(s.words(1)[0])
    if sample_type & RAW:
        s.raw(s.fields("I")[0])
    if s.left():
        s.words(s.left() // 8)


def swap_trailer(s, sample_type):
    for bit, kinds in ((TID, "ii"), (TIME, "Q"), (ID, "Q"), (STREAM, "Q"), (CPU, "II"),
                       (IDENTIFIER, "Q")):
        if sample_type & bit:
            s.fields(kinds)


HEADS = {1: "iiQQQ", 2: "QQ", 3: "ii", 4: "iiiiQ", 5: "QQQ", 6: "QQQ", 7: "iiiiQ",
         10: "iiQQQIIQQII", 13: "Q", 14: "", 15: "ii", 17: "QIHH", 18: "HHI8s"}


def swap_record(data, types):
    s = Swapper(data)
    kind, misc, size = s.fields("IHH")
    sample_type, read_format, id_all = types[0]
    if kind == 9:
        swap_sample(s, sample_type, read_format)
    elif kind in HEADS:
        trailer = 0
        if id_all:
            trailer = 8 * bin(sample_type & (TID | TIME | ID | STREAM | CPU | IDENTIFIER)).count("1")
        if kind == 10 and misc & 1 << 14:
            s.fields("iiQQQ")
            s.raw(24)
            s.fields("II")
        else:
            s.fields(HEADS[kind])
        s.raw(s.left() - trailer)
        if trailer:
            swap_trailer(s, sample_type)
    elif kind == 69:
        s.words(s.left() // 8)
    elif kind == 73:
        for _ in range(s.words(1)[0]):
            s.words(1)
            s.raw(16)
    elif kind == 74:
        s.fields(f"{s.left() // 2}H") # type, number, CPUs: of 16 bits each
    elif kind == 78:
        what = s.words(2)[0]
        if what in (0, 2):
            s.raw(s.left())
        else:
            return None
    elif kind in (68, 82):
        pass
    else:
        sys.exit(f"records of type {kind} are not supported")
    s.raw(s.left())
    return bytes(s.out)


def swap_feature(feature, data):
    s = Swapper(data)
    if feature in (HOSTNAME, RELEASE, VERSION, ARCH, CPU_DESC, CPU_ID):
        s.string()
    elif feature == CPUS:
        s.fields("II")
    elif feature in (MEMORY, SAMPLE_TIME):
        s.words(s.left() // 8)
    elif feature == CMDLINE:
        for _ in range(s.fields("I")[0]):
            s.string()
    elif feature == CLOCK_DATA:
        s.fields("IIQQ")
    elif feature == EVENT_DESC:
        count, size = s.fields("II")
        for _ in range(count):
            swap_attr(s, size)
            ids = s.fields("I")[0]
            s.string()
            s.words(ids)
    elif feature == BUILD_ID:
        while s.left():
            size = s.fields("IHH")[2]
            s.fields("i")
            s.raw(size - 12)
    else:
        return None
    s.raw(s.left())
    return bytes(s.out)


def main():
    data = open(sys.argv[1], "rb").read()
    header = list(struct.unpack_from("<8s8Q4Q", data))
    attr_size, attrs_at, attrs_size, data_at, data_size = header[2:7]
    bits = header[9] | header[10] << 64
    out = bytearray(data[:data_at])

    types = []
    s = Swapper(data)
    for at in range(attrs_at, attrs_at + attrs_size, attr_size):
        s.at, s.out = at, bytearray()
        types.append(swap_attr(s, attr_size - 16))
        ids_at, ids_size = s.fields("QQ")
        out[at:at + attr_size] = s.out
        s.at, s.out = ids_at, bytearray()
        s.words(ids_size // 8)
        out[ids_at:ids_at + ids_size] = s.out

    at = data_at
    while at < data_at + data_size:
        size = struct.unpack_from("<H", data, at + 6)[0]
        swapped = swap_record(data[at:at + size], types)
        if swapped is None: # of no use to anybody here: keep the place with an empty record
            swapped = struct.pack(">IHH", 82, 0, size) + bytes(size - 8)
        out += swapped
        at += size

    sections, kept = {}, 0
    table_at = data_at + data_size
    for feature in (n for n in range(256) if bits >> n & 1):
        where, size = struct.unpack_from("<QQ", data, table_at)
        table_at += 16
        swapped = swap_feature(feature, data[where:where + size])
        if swapped is not None:
            sections[feature] = swapped
            kept |= 1 << feature
    where = len(out) + 16 * len(sections)
    for section in sections.values():
        out += struct.pack(">QQ", where, len(section))
        where += len(section)
    for section in sections.values():
        out += section

    header[9], header[10] = kept & (1 << 64) - 1, kept >> 64
    out[:104] = struct.pack(">8s8Q4Q", header[0][::-1], *header[1:])
    open(sys.argv[2], "wb").write(out)


main()
