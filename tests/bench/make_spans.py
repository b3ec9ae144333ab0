#!/usr/bin/env python3
"""Writes traces as the OpenTelemetry Collector's file exporter does: JSON lines of OTLP.

    make_spans.py FILE MEGABYTES

A shop of six services: each trace has a request, calls between services and queries. Seeded: the same
arguments make the same file.
"""
import json
import random
import sys

SERVICES = ["frontend", "checkout", "pricing", "stock", "payment", "mail"]
ROUTES = ["GET /", "GET /products/{id}", "GET /search", "POST /cart", "POST /checkout", "GET /orders/{id}"]
QUERIES = ["SELECT id, sku, name, price_cents FROM products WHERE id = $1",
           "SELECT category, pct FROM discounts WHERE category = ANY($1)",
           "UPDATE stock SET reserved = reserved + $1 WHERE sku = $2",
           "INSERT INTO orders (id, customer, total_cents) VALUES ($1, $2, $3)"]
SPANS_PER_LINE = 200


def text(key, value):
    return '{"key":"%s","value":{"stringValue":"%s"}}' % (key, value)


def integer(key, value):
    return '{"key":"%s","value":{"intValue":"%d"}}' % (key, value)


def span(rng, trace, own, parent, name, kind, begin, length, attributes, failed):
    events = ""
    if failed:
        events = ('{"timeUnixNano":"%d","name":"exception","attributes":[%s,%s]}' %
                  (begin + length // 2, text("exception.type", "TimeoutError"),
                   text("exception.message", "upstream took too long")))
    return ('{"traceId":"%s","spanId":"%s","parentSpanId":"%s","flags":257,"name":"%s","kind":%d,'
            '"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[%s],"events":[%s],"status":{%s}}' %
            (trace, own, parent, name, kind, begin, begin + length, ",".join(attributes), events,
             '"code":2,"message":"upstream took too long"' if failed else ""))


def trace_spans(rng, now):
    """[(service, span)]"""
    trace, out = "%032x" % rng.getrandbits(128), []
    new_id = lambda: "%016x" % rng.getrandbits(64)
    route = rng.choice(ROUTES)
    failed = rng.random() < 0.01
    root, total = new_id(), rng.randrange(5, 400) * 1_000_000
    method, path = route.split(" ")
    out.append((0, span(rng, trace, root, "", route, 2, now, total,
                        [text("http.request.method", method), text("url.scheme", "http"), text("http.route", path),
                         integer("http.response.status_code", 503 if failed else 200),
                         text("network.peer.address", "10.0.%d.%d" % (rng.randrange(256), rng.randrange(256))),
                         text("user_agent.original", "k6/1.0 (https://k6.io/)")], failed)))
    for _ in range(rng.randrange(1, 4)):
        service, call, inner = rng.randrange(1, len(SERVICES)), new_id(), new_id()
        begin, length = now + rng.randrange(total // 2), rng.randrange(1, max(2, total // 2))
        out.append((0, span(rng, trace, call, root, "POST", 3, begin, length,
                            [text("http.request.method", "POST"), text("server.address", SERVICES[service]),
                             integer("server.port", 8080), integer("http.response.status_code", 200)], False)))
        out.append((service, span(rng, trace, inner, call, "POST /" + SERVICES[service], 2, begin + length // 10,
                                  length * 8 // 10,
                                  [text("http.request.method", "POST"), text("http.route", "/" + SERVICES[service]),
                                   integer("http.response.status_code", 200)], False)))
        for _ in range(rng.randrange(0, 4)):
            out.append((service, span(rng, trace, new_id(), inner, "pg.query:SELECT shop", 3, begin + length // 5,
                                      max(1, length // 8),
                                      [text("db.system.name", "postgresql"), text("db.query.text", rng.choice(QUERIES)),
                                       text("server.address", "db"), integer("server.port", 5432)], False)))
    return out


def line(service, spans):
    resource = ",".join([text("service.name", SERVICES[service]), text("service.namespace", "shop"),
                         text("service.version", "1.0.0"), text("service.instance.id", SERVICES[service] + "-1"),
                         integer("process.pid", 4000 + service)])
    return ('{"resourceSpans":[{"resource":{"attributes":[%s]},"scopeSpans":[{"scope":{"name":'
            '"@opentelemetry/instrumentation-http","version":"0.208.0"},"spans":[%s]}]}]}\n' %
            (resource, ",".join(spans)))


def main():
    path, limit = sys.argv[1], int(sys.argv[2]) * 1_000_000
    rng = random.Random(7)
    now, written, spans = 1_767_603_600_000_000_000, 0, 0
    waiting = [[] for _ in SERVICES]
    with open(path, "w") as out:
        while written < limit:
            now += rng.randrange(1, 4_000_000)
            for service, one in trace_spans(rng, now):
                waiting[service].append(one)
                spans += 1
            for service, some in enumerate(waiting):
                if len(some) >= SPANS_PER_LINE:
                    text_line = line(service, some)
                    json.loads(text_line) if written == 0 else None
                    out.write(text_line)
                    written += len(text_line)
                    some.clear()
    print("%d spans made" % spans)


main()
