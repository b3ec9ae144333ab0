#!/usr/bin/env python3
"""Writes a trace in Chrome's JSON: make_chrome_trace.py FILE MEGABYTES

Nine in ten events are complete slices, nested up to six deep on twelve threads of three processes and written
when they end, as Chrome does; a third of them has arguments. The rest are begins and ends, asynchronous
slices, counters, arrows and instants. The same numbers make the same file.
"""
import random
import sys

NAMES = ["ThreadControllerImpl::RunTask", "RunMicrotasks", "V8.GCScavenger", "FunctionCall", "Layout",
         "UpdateLayerTree", "Paint", "EvaluateScript", "XHRReadyStateChange", "TimerFire"] + [
             "Handle%s%d" % (what, i) for what in ("Request", "Reply", "Timer") for i in range(60)]
CATEGORIES = ["toplevel", "devtools.timeline", "v8,devtools.timeline", "blink", "cc"]


def main(path, megabytes):
    chance = random.Random(7)
    out = open(path, "w", buffering=1 << 22)
    size = out.write('{"traceEvents":[\n')
    threads = [(1000 + t // 4, 2000 + t) for t in range(12)]
    for pid, tid in threads:
        size += out.write('{"args":{"name":"worker %d"},"cat":"__metadata","name":"thread_name","ph":"M",'
                          '"pid":%d,"tid":%d,"ts":0},\n' % (tid, pid, tid))
    clock = [chance.randrange(1000) + 5_000_000_000 for _ in threads]
    serial = 0
    limit = megabytes * 1_000_000
    while size < limit:
        lines = []
        for _ in range(2000):
            place = chance.randrange(12)
            pid, tid = threads[place]
            where = '"pid":%d,"tid":%d' % (pid, tid)
            depth = chance.randrange(1, 7)
            begin = clock[place]
            length = chance.randrange(40, 400)
            clock[place] += length + chance.randrange(50)
            serial += 1
            for level in range(depth - 1, -1, -1):
                name = NAMES[chance.randrange(len(NAMES))]
                category = CATEGORIES[(serial + level) % 5]
                args = ""
                if (serial + level) % 3 == 0:
                    args = '"frame":"%X","size":%d' % (serial, chance.randrange(100000))
                lines.append('{"args":{%s},"cat":"%s","dur":%d,"name":"%s","ph":"X",%s,"ts":%d}'
                             % (args, category, length - 5 * level, name, where, begin + 2 * level))
            end = begin + length
            kind = serial % 12
            if kind == 0:
                lines.append('{"cat":"toplevel","name":"Session","ph":"B",%s,"ts":%d},\n'
                             '{"cat":"toplevel","name":"Session","ph":"E",%s,"ts":%d}' % (where, end, where, end + 20))
                clock[place] += 30
            elif kind == 1:
                lines.append('{"cat":"net","id":"0x%x","name":"Fetch","ph":"b",%s,"ts":%d,"args":{}},\n'
                             '{"cat":"net","id":"0x%x","name":"Fetch","ph":"e",%s,"ts":%d,"args":{}}'
                             % (serial, where, begin, serial, where, end + 1000))
            elif kind == 2:
                lines.append('{"cat":"memory","name":"heap","ph":"C",%s,"ts":%d,"args":{"used":%d,"free":%d}}'
                             % (where, end, serial * 7 % 1000003, serial * 11 % 1000003))
            elif kind == 3:
                other = '"pid":%d,"tid":%d' % threads[(place + 1) % 12]
                lines.append('{"cat":"flow","id":%d,"name":"post","ph":"s",%s,"ts":%d},\n'
                             '{"bp":"e","cat":"flow","id":%d,"name":"post","ph":"f",%s,"ts":%d}'
                             % (serial, where, begin + 1, serial, other, end))
            elif kind == 4:
                lines.append('{"cat":"mark","name":"Mark","ph":"I","s":"t",%s,"ts":%d}' % (where, begin + 1))
        size += out.write(",\n".join(lines))
        size += out.write(",\n")
    out.write('{"cat":"mark","name":"End","ph":"I","s":"t","pid":1000,"tid":2000,"ts":%d}\n' % max(clock))
    out.write('],"metadata":{"product":"made by make_chrome_trace.py"}}\n')


main(sys.argv[1], int(sys.argv[2]))
