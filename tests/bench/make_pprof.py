#!/usr/bin/env python3
"""Writes a large pprof profile: make_pprof.py OUT.pb.gz [SAMPLES] [SEED]. Deterministic."""
import gzip
import random
import sys


def varint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def message(field, body):
    return varint(field << 3 | 2) + varint(len(body)) + body


def packed(field, values):
    return message(field, b"".join(varint(v) for v in values))


def main():
    target = sys.argv[1]
    samples = int(sys.argv[2]) if len(sys.argv) > 2 else 400_000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 42)
    functions = 5000
    strings = ["", "samples", "count", "cpu", "nanoseconds", "/opt/shop/bin/shop"]
    index = {text: i for i, text in enumerate(strings)}

    def intern(text):
        if text not in index:
            index[text] = len(strings)
            strings.append(text)
        return index[text]

    body = [message(1, number(1, 1) + number(2, 2)), message(1, number(1, 3) + number(2, 4)),
            message(3, number(1, 1) + number(2, 0x400000) + number(3, 0x4000000) + number(5, 5))]
    for i in range(1, functions + 1):
        body.append(message(4, number(1, i) + message(4, number(1, i) + number(2, rng.randrange(1, 900))) +
                            number(2, 1) + number(3, 0x400000 + 64 * i)))
        body.append(message(5, number(1, i) + number(2, intern("shop.(*Part%d).method%d" % (i % 97, i))) +
                            number(4, intern("shop/part%d.go" % (i % 97)))))
    # Stacks share their outer frames, as real ones do.
    trunks = [[rng.randrange(1, functions + 1) for _ in range(rng.randrange(8, 40))] for _ in range(300)]
    for _ in range(samples):
        trunk = rng.choice(trunks)
        leaves = [rng.randrange(1, functions + 1) for _ in range(rng.randrange(1, 6))]
        count = rng.randrange(1, 9)
        body.append(message(2, packed(1, leaves + trunk) + packed(2, [count, count * 10_000_000])))
    body.extend(message(6, text.encode()) for text in strings)
    body.append(number(9, 1_700_000_000_000_000_000) + number(10, 60_000_000_000))
    with gzip.GzipFile(target, "wb", mtime=0) as out:
        out.write(b"".join(body))


main()
