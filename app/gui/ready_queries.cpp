#include "app/gui/ready_queries.h"

#include <QtGlobal>

namespace flamewright {
namespace {

// Samples are summed up by stack first: far fewer stacks than samples are then joined. "shown" is
// the measure that the window shows first: the first one that has samples.
constexpr ReadyQuery kQueries[] = {
    {"functions", QT_TRANSLATE_NOOP("ReadyQueries", "Top functions by self value"),
     R"(-- Where the innermost function spent it: first measure of each capture
WITH shown AS (
  SELECT capture, min(id) AS measure FROM measure WHERE n > 0 GROUP BY capture),
leaf AS (
  SELECT s.capture, s.measure, s.stack, sum(s.value) AS self, sum(s.count) AS samples
  FROM shown w JOIN sample s ON s.capture = w.capture AND s.measure = w.measure
  GROUP BY s.capture, s.measure, s.stack)
SELECT l.capture, m.name AS measure, f.function, p.name AS module,
  sum(l.self) AS self, round(100.0 * sum(l.self) / m.total, 2) AS "self %",
  sum(l.samples) AS samples
FROM leaf l
JOIN measure m ON m.capture = l.capture AND m.id = l.measure
JOIN stack k ON k.capture = l.capture AND k.id = l.stack
LEFT JOIN frame f ON f.capture = k.capture AND f.id = k.frame
LEFT JOIN module p ON p.capture = k.capture AND p.id = f.module
GROUP BY l.capture, f.function, p.name
ORDER BY l.capture, self DESC, f.function
LIMIT 200)"},
    {"threads", QT_TRANSLATE_NOOP("ReadyQueries", "Samples per thread"),
     R"(-- What each process and thread took, by measure
SELECT s.capture, t.name AS thread, nullif(t.pid, -1) AS pid, nullif(t.tid, -1) AS tid, m.name AS measure,
  sum(s.count) AS samples, sum(s.value) AS value,
  round(100.0 * sum(s.value) / m.total, 2) AS "value %"
FROM sample s
JOIN measure m ON m.capture = s.capture AND m.id = s.measure
LEFT JOIN track t ON t.capture = s.capture AND t.id = s.track
GROUP BY s.capture, s.measure, s.track
ORDER BY s.capture, s.measure, value DESC)"},
    {"seconds", QT_TRANSLATE_NOOP("ReadyQueries", "Samples per second"),
     R"(-- By second since the capture began; NULL: samples without a time, as in pprof
SELECT s.capture, m.name AS measure, (s.time - c.begin_ns) / 1000000000 AS second,
  sum(s.count) AS samples, sum(s.value) AS value
FROM sample s
JOIN capture c ON c.id = s.capture
JOIN measure m ON m.capture = s.capture AND m.id = s.measure
GROUP BY s.capture, s.measure, second
ORDER BY s.capture, s.measure, second)"},
    {"captures", QT_TRANSLATE_NOOP("ReadyQueries", "Samples per capture"),
     R"(-- Totals by capture and measure
SELECT c.id AS capture, c.name, c.format,
  CASE c.role WHEN 1 THEN 'baseline' WHEN 2 THEN 'candidate' END AS role,
  m.name AS measure, m.samples, m.total AS value,
  (c.end_ns - c.begin_ns) / 1e9 AS seconds
FROM capture c
LEFT JOIN measure m ON m.capture = c.id
ORDER BY c.id, m.id)"},
    {"stacks", QT_TRANSLATE_NOOP("ReadyQueries", "Longest stacks"),
     R"(-- Sampled stacks with most frames (inlined ones not counted), and where they end
WITH RECURSIVE caller(capture, id, caller, frame) AS MATERIALIZED (
  SELECT capture, id, caller, frame FROM stack),
depth(capture, stack, frame, frames) AS (
  SELECT capture, id, frame, 1 FROM caller WHERE caller = 0
  UNION ALL
  SELECT d.capture, k.id, k.frame, d.frames + 1
  FROM depth d JOIN caller k ON k.capture = d.capture AND k.caller = d.stack),
sampled AS (
  SELECT capture, stack, sum(count) AS samples FROM sample GROUP BY capture, stack)
SELECT d.capture, d.stack, d.frames, s.samples, f.function AS innermost
FROM depth d
JOIN sampled s ON s.capture = d.capture AND s.stack = d.stack
LEFT JOIN frame f ON f.capture = d.capture AND f.id = d.frame
ORDER BY d.frames DESC, d.capture, d.stack
LIMIT 50)"},
    {"modules", QT_TRANSLATE_NOOP("ReadyQueries", "Modules"),
     R"(-- Programs and libraries, and what their own code took: first measure of each capture
WITH shown AS (
  SELECT capture, min(id) AS measure FROM measure WHERE n > 0 GROUP BY capture),
leaf AS (
  SELECT s.capture, s.measure, s.stack, sum(s.value) AS self, sum(s.count) AS samples
  FROM shown w JOIN sample s ON s.capture = w.capture AND s.measure = w.measure
  GROUP BY s.capture, s.measure, s.stack)
SELECT l.capture, p.name AS module, p.build_id, m.name AS measure,
  sum(l.self) AS self, round(100.0 * sum(l.self) / m.total, 2) AS "self %",
  sum(l.samples) AS samples
FROM leaf l
JOIN measure m ON m.capture = l.capture AND m.id = l.measure
LEFT JOIN stack k ON k.capture = l.capture AND k.id = l.stack
LEFT JOIN frame f ON f.capture = k.capture AND f.id = k.frame
LEFT JOIN module p ON p.capture = k.capture AND p.id = f.module
GROUP BY l.capture, p.id
ORDER BY l.capture, self DESC)"},
    {"notes", QT_TRANSLATE_NOOP("ReadyQueries", "Notes and lost events"),
     R"(-- What was skipped, lost or guessed while reading the captures
SELECT n.capture, c.name,
  CASE n.severity WHEN 0 THEN 'info' WHEN 1 THEN 'notice' WHEN 2 THEN 'data lost'
    ELSE 'error' END AS severity,
  n.code, n.count, n.first_offset, n.detail
FROM note n JOIN capture c ON c.id = n.capture
ORDER BY n.severity DESC, n.capture, n.count DESC)"},
    {"contents", QT_TRANSLATE_NOOP("ReadyQueries", "What is in this session"),
     R"(-- Rows of each capture, and what is known about its recording
SELECT id AS capture, name AS what, 'samples' AS key, samples AS value FROM capture
UNION ALL SELECT id, name, 'stacks', stacks FROM capture
UNION ALL SELECT id, name, 'stored bytes', stored_bytes FROM capture
UNION ALL SELECT capture, 'provenance', key, value FROM provenance
ORDER BY 1, 3)"},
};

} // namespace

std::span<const ReadyQuery> readyQueries()
{
    return kQueries;
}

} // namespace flamewright
