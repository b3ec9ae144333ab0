@0xd1a7c39be5f04826;
# What travels between a program and its import-worker: frames of a 32-bit little-endian length
# (a multiple of 8) and one of these messages as a flat Cap'n Proto array. Both ends come from the
# same build, so there are no versions; but the receiver of ToParent trusts nothing.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("flamewright::workerwire");

struct Request {               # program -> worker, once, before the sandbox closes
  memoryLimit @0 :UInt64;      # RLIMIT_AS; 0: none
  cpuSeconds @1 :UInt64;       # RLIMIT_CPU
  union {
    import @2 :ImportRequest;
    symbols @3 :SymbolRequest;
  }
}

struct ImportRequest {
  fileName @0 :Text;           # a hint
  formatId @1 :Text;           # empty: detect
  strict @2 :Bool;
}

struct SymbolRequest {
  directories @0 :List(Text);
  useSystem @1 :Bool;
  kallsyms @2 :Text;
  home @3 :Text;
  readable @4 :List(Text);     # what Landlock lets the worker read below
  runningKernel @5 :Text;      # build id
}

struct Query {                 # program -> symbol worker, one part of a query
  module @0 :Module;
  addresses @1 :List(UInt64);
  returnAddress @2 :List(Bool);
  last @3 :Bool;
}

struct Module {
  name @0 :Data;
  buildId @1 :Data;
  kind @2 :UInt8;
  pid @3 :Int64;
  base @4 :UInt64;
}

struct Track {
  kind @0 :UInt8;
  name @1 :Data;
  pid @2 :Int64;
  tid @3 :Int64;
  parent @4 :UInt32;
}

struct Measure {
  name @0 :Data;
  unit @1 :UInt8;
  rows @2 :UInt64;
  total @3 :Int64;
  samples @4 :Int64;
}

struct Note {
  severity @0 :UInt8;
  code @1 :Data;
  count @2 :UInt64;
  firstOffset @3 :UInt64;
  detail @4 :Data;
}

struct Pair {
  key @0 :Data;
  value @1 :Data;
}

struct Chunk {
  kind @0 :UInt8;
  begin @1 :Int64;
  end @2 :Int64;
  firstRow @3 :UInt64;
  rows @4 :UInt32;
  payload @5 :Data;
}

# A change of the capture's meta data: rows that are new, names that changed, and the small lists
# anew. A large change is cut into parts; only the last one counts as a new state.
struct MetaPart {
  modules @0 :List(Module);    # appended
  tracks @1 :List(Track);      # appended
  renames @2 :List(Rename);
  last @3 :Bool;               # the rest is only looked at when this is set
  measures @4 :List(Measure);
  notes @5 :List(Note);
  provenance @6 :List(Pair);
  hasWallOffset @7 :Bool;
  wallOffsetNs @8 :Int64;
  hasDuration @9 :Bool;
  durationNs @10 :Int64;
  buildIds @11 :List(BuildId); # of modules that were sent before theirs was known
}

struct BuildId {
  module @0 :UInt32;
  buildId @1 :Data;
}

struct Rename {
  track @0 :UInt32;
  name @1 :Data;
}

struct Progress {
  done @0 :UInt64;             # of the descriptor's bytes, for people
  rawBytesRead @1 :UInt64;
}

struct Failure {
  code @0 :UInt8;
  message @1 :Data;
  context @2 :Data;
  hasOffset @3 :Bool;
  offset @4 :UInt64;
}

struct End {
  chunks @0 :UInt64;
  rawBytesRead @1 :UInt64;
}

# One part of the answer to a query. `text` grows over the parts of one answer; frames refer to it
# by index + 1, 0 being the empty text.
struct Answer {
  text @0 :List(Data);
  ends @1 :List(UInt32);
  functions @2 :List(UInt32);
  files @3 :List(UInt32);
  lines @4 :List(UInt32);
  sources @5 :List(UInt8);
  last @6 :Bool;               # the rest is only looked at when this is set
  usedFile @7 :Data;
  notes @8 :List(Note);
}

struct ToParent {
  union {
    hello @0 :Data;            # which layers of isolation are active
    format @1 :Data;
    chunk @2 :Chunk;
    meta @3 :MetaPart;
    progress @4 :Progress;
    failure @5 :Failure;
    end @6 :End;
    answer @7 :Answer;
  }
}
