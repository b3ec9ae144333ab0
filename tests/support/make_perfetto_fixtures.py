#!/usr/bin/env python3
"""Writes tests/fixtures/perfetto/: small traces with what Perfetto's SDK and service write.

    make_perfetto_fixtures.py FOLDER

An encoder of protobuf and nothing else. Field numbers: protos/perfetto/trace/*.proto of google/perfetto.
"""
import struct
import sys
import zlib


def varint(value):
    value &= 2**64 - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


class F64(int):
    """An integer that is written in eight bytes."""


def message(*pairs):
    """Fields as (number, value): int, float, str, bytes (text or a message), list (packed)."""
    out = b""
    for number, value in pairs:
        if isinstance(value, F64):
            out += varint(number << 3 | 1) + struct.pack("<Q", value)
        elif isinstance(value, int):
            out += varint(number << 3) + varint(value)
        elif isinstance(value, float):
            out += varint(number << 3 | 1) + struct.pack("<d", value)
        else:
            if isinstance(value, str):
                value = value.encode()
            if isinstance(value, list):
                value = b"".join(varint(v) for v in value)
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def packet(*pairs):
    return message((1, message(*pairs)))


BEGIN, END, INSTANT, COUNTER = 1, 2, 3, 4
CLEARED, NEEDS = 1, 2
BOOT = 1_000_000_000
SHOP, MAIN, WORKER, QUEUE, THREAD_TIME, REQUEST_1, REQUEST_2, RATE = range(11, 19)


def clock(number, ns, **more):
    return (1, message((1, number), (2, ns), *[(int(k[1:]), v) for k, v in more.items()]))


def event(kind, *pairs):
    return (11, message((9, kind), *pairs))


def sequence_events():
    """A writer with a clock of its own in microseconds that counts on, names by number, defaults."""
    seq = (10, 2)

    def timed(delta, *pairs):
        return packet(seq, (8, delta), (13, NEEDS), *pairs)

    out = packet(seq, (13, CLEARED), (42, 1), (6, message(
        clock(64, 1_000_000, f3=1, f4=1000), clock(3, 900_000_000))))
    out += packet(seq, (13, NEEDS), (59, message((58, 64), (11, message((11, MAIN), (31, THREAD_TIME))))))
    out += timed(10, event(BEGIN, (10, 1), (3, [1, 2]), (12, [500])), (12, message(
        (1, message((1, 1), (2, "shop"))), (1, message((1, 2), (2, "http"))),
        (2, message((1, 1), (2, "checkout"))), (3, message((1, 1), (2, "user"))),
        (29, message((1, 7), (2, "ann"))))))
    nested = message((10, "cart"), (11, message((10, "items"), (12, message((4, 1))), (12, message((4, 2))))),
                     (11, message((10, "empty"), (6, ""))))
    old = message((10, "old"), (8, message((1, 1), (2, "b"), (2, "a"), (3, message((5, -3))),
                                          (3, message((1, 2), (4, message((7, 1))), (4, message((8, "x"))))))))
    out += timed(5, event(BEGIN, (23, b"caf\xe9 query"), (4, message((1, 1), (17, 7))), (4, nested), (4, old),
                          (4, message((10, "p"), (7, 0xdeadbeef))), (4, message((10, "ratio"), (5, 0.25))),
                          (4, message((10, "big"), (3, 2**64 - 1))), (4, message((10, "ok"), (2, 1))),
                          (47, F64(900)), (12, [20])))
    out += timed(15, event(END, (4, message((10, "rows"), (4, 12))), (12, [30])))
    out += timed(1, event(INSTANT, (23, "cached")))
    out += timed(4, event(END))
    out += timed(0, event(COUNTER, (11, QUEUE), (30, 3)))
    out += timed(10, event(COUNTER, (11, QUEUE), (30, -1)))
    out += timed(0, event(COUNTER, (11, RATE), (44, 2.5)))
    # Requests overlap: two tracks of one name.
    out += timed(5, event(BEGIN, (11, REQUEST_1), (23, "GET /cart")))
    out += timed(5, event(BEGIN, (11, REQUEST_2), (23, "GET /price")))
    out += timed(5, event(BEGIN, (11, REQUEST_1), (23, "inside")))
    out += timed(5, event(END, (11, REQUEST_1)))
    out += timed(5, event(END, (11, REQUEST_1)))
    out += timed(5, event(END, (11, REQUEST_2)))
    # What a writer says with letters.
    legacy = [(11, message((23, "X"), (6, message((2, ord("X")), (3, 40))))),
              (11, message((23, "b"), (22, "c"), (6, message((2, ord("b")), (6, 5))))),
              (11, message((23, "b"), (22, "c"), (6, message((2, ord("e")), (6, 5))))),
              (11, message((23, "s"), (22, "c"), (6, message((2, ord("s")), (6, 6))))),
              (11, message((23, "s"), (22, "c"), (6, message((2, ord("f")), (6, 6), (12, 1))))),
              (11, message((23, "?"), (6, message((2, ord("O"))))))]
    for data in legacy:
        out += timed(10, data)
    return out


def descriptors():
    def track(*pairs):
        return packet((10, 1), (60, message(*pairs)))

    process = message((1, 100), (6, "shop"))
    return (track((1, SHOP), (3, process)) +
            track((1, MAIN), (5, SHOP), (4, message((1, 100), (2, 101), (5, "main")))) +
            track((1, QUEUE), (5, SHOP), (2, "queue"), (8, message((3, 3), (4, 1024)))) +
            track((1, RATE), (2, "rate"), (8, message((6, "1/s")))) +
            track((1, THREAD_TIME), (5, MAIN), (8, message((1, 1), (5, 1)))) +
            track((1, REQUEST_1), (5, SHOP), (2, "requests")) +
            track((1, REQUEST_2), (5, SHOP), (2, "requests")) +
            track((1, 90), (5, 91), (2, "circle")) + track((1, 91), (5, 90), (2, "circle")))


def worker():
    """Events of a track that is described after them, in a compressed packet."""
    def timed(ns, *pairs):
        return packet((10, 3), (8, BOOT + ns), *pairs)

    late = packet((10, 3), (60, message((1, WORKER), (5, SHOP), (4, message((1, 100), (2, 102), (5, "worker"))))))
    return packet((50, zlib.compress(
        timed(20_000, event(BEGIN, (11, WORKER), (23, "price"), (47, F64(900)))) +
        timed(60_000, event(END, (11, WORKER), (48, F64(900)))) +
        timed(70_000, event(INSTANT, (11, 90), (23, "round"))) +
        timed(80_000, event(INSTANT, (23, "nowhere"))) + late)))


def switch(ns, tid, prev, state, following, comm="x"):
    return (2, message((1, BOOT + ns), (2, tid), (4, message(
        (1, "prev"), (2, prev), (4, state), (5, comm), (6, following)))))


def kernel():
    def bundle(cpu, *pairs):
        return packet((10, 4), (1, message((1, cpu), *pairs)))

    tree = packet((10, 4), (2, message((1, message((1, 100), (2, 1), (3, "/usr/bin/shop"))),
                                       (2, message((1, 101), (3, 100), (2, "main"))),
                                       (2, message((1, 103), (3, 100), (2, "pool"))))))
    stats = packet((10, 4), (8, BOOT + 100_000), (9, message((1, message((1, 100), (3, 2048), (10, -900))))))
    # The bundle of one CPU comes before the earlier one of another.
    out = bundle(1, switch(30_000, 0, 0, 0, 103, "pool"), switch(90_000, 103, 103, 0x100, 0),
                 (2, message((1, BOOT + 40_000), (2, 103), (3, message((1, 1), (2, "B|100|job\n"))))),
                 (2, message((1, BOOT + 50_000), (2, 103), (3, message((2, "E|100\n"))))),
                 (2, message((1, BOOT + 55_000), (2, 103), (36, message((1, 9), (2, "nvme0"))))),
                 (2, message((1, BOOT + 57_000), (2, 103), (37, message((1, 9), (2, 1))))),
                 (2, message((1, BOOT + 58_000), (2, 103), (200, message((1, 1))))))
    out += bundle(0, switch(5_000, 101, 101, 1, 0),
                  (2, message((1, BOOT + 20_000), (2, 0), (20, message((1, "pool"), (2, 103), (5, 1))))),
                  (2, message((1, BOOT + 21_000), (2, 0), (11, message((1, 950_000), (2, 0))))),
                  (2, message((1, BOOT + 22_000), (2, 0), (13, message((1, 2**32 - 1), (2, 0))))))
    out += bundle(0, (4, message(
        (5, "main"), (5, "swapper/0"),
        (1, [BOOT + 60_000, 30_000]), (2, [0, 2]), (3, [101, 0]), (4, [120, 120]), (6, [0, 1]),
        (7, [BOOT + 59_000]), (8, [101]), (9, [0]), (10, [120]), (11, [0]), (12, [0x08]))))
    return tree + stats + out


def trace():
    start = packet((10, 1), (6, message(clock(6, BOOT), clock(1, 1_700_000_000_000_000_000),
                                        clock(3, 900_000_000), (2, 6))))
    info = packet((10, 1), (45, message((1, message((1, "Linux"), (3, "6.1.0"), (4, "x86_64"))), (4, "v40"))))
    frames = b"".join(packet((10, 5), (8, BOOT + ns), (76, message((number, message(*pairs))))) for ns, number, pairs in (
        (0, 1, ((1, 1), (2, 70), (3, 100))), (0, 4, ((1, 2), (2, 71), (3, 70), (4, 100), (5, "cart"), (9, 16))),
        (16_000, 5, ((1, 1),)), (30_000, 5, ((1, 2),)), (31_000, 5, ((1, 3),))))
    other = frames + packet((10, 1), (8, BOOT), (57, message((1, 1)))) + packet((10, 1), (36, b"\x82\x47\x7a\x76"))
    return start + info + descriptors() + sequence_events() + worker() + kernel() + other


def odd():
    def timed(ns, *pairs):
        return packet((10, 7), (8, BOOT + ns), *pairs)

    out = timed(0, (13, NEEDS), event(BEGIN, (10, 1)))           # needs what was lost
    out += timed(1, (13, CLEARED), event(BEGIN, (10, 5), (11, 77)))  # a name that was never sent
    out += timed(2, event(END, (11, 77)), (42, 1))               # packets lost before
    out += timed(3, event(END, (11, 77)))                        # nothing is open
    out += timed(4, (58, 70), event(INSTANT, (11, 77), (23, "clock")))
    out += packet((10, 7), (8, 2**64 - 1), event(INSTANT, (11, 77), (23, "end of time")))
    out += timed(5, (60, message((1, 78), (2, "c"), (8, b"")))) + timed(6, event(BEGIN, (11, 78), (23, "x")))
    out += timed(7, (11, b"\x08"))                               # an event without its value
    deep = message((6, "bottom"))
    for _ in range(80):
        deep = message((10, "d"), (11, deep))
    out += timed(8, event(INSTANT, (23, "deep"), (4, deep), (4, message((10, "long"), (6, "x" * 20_000)))))
    out += packet((50, b"x\x9cnot zlib")) + packet((50, zlib.compress(packet((50, zlib.compress(b""))))))
    out += timed(9, (1, message((1, 70_000), (2, b"\x08\x01")))) + timed(10, (1, message((1, 0), (4, message((1, [1, 2]))))))
    out += message((3, 1))                                       # no packet
    return out + timed(11, event(INSTANT, (23, "cut")))[:-3]


if __name__ == "__main__":
    for name, data in (("features.pftrace", trace()), ("bad-odd.pftrace", odd())):
        with open(sys.argv[1] + "/" + name, "wb") as file:
            file.write(data)
