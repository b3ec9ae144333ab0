@0xb2c4f0a1d95e7736;
# The payload of one chunk: columns of up to 65,536 rows. FORMAT.md describes how it is stored.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("flamewright::wire");

struct Column {
  id @0 :UInt16;        # which column, by the record's schema; unknown ids are skipped
  encoding @1 :UInt8;   # 0 constant, 1 offset, 2 delta, 3 bytes
  width @2 :UInt8;      # bytes per row in `data`, 0 to 8
  base @3 :Int64;       # constant: the value; offset: added to every row; delta: the first value
  data @4 :Data;        # byte planes: all lowest bytes, then all second bytes ...; or raw bytes
}

struct ChunkMessage {
  rows @0 :UInt32;
  columns @1 :List(Column);
}
