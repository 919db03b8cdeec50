// Records of a log, taken out of its tables with what their commit wrote beside them.
#pragma once
#include "common.h"

struct Record {
    uint64_t position;
    const unsigned char *bytes;
    uint32_t size;
};

struct Records {
    struct Record *list;
    size_t count;
};

// The next record to write. When all were taken they come again, and `round` then tells their names apart.
struct Next {
    const struct Record *record;
    uint64_t round;
};

// A stream of a record: its name, and the version that the record has in it (8 bytes).
struct StreamOf {
    const unsigned char *version, *name;
    uint16_t name_size;
};

// Reads up to `limit` records from position `from` on into memory.
struct Records records_read(const char *log, uint64_t from, uint64_t limit);

// Where the first stream of a record stands: layout 1 has a shorter header than layout 2.
const unsigned char *record_streams(const struct Record *record);

// Takes the stream at `bytes`, and returns where the next one stands.
const unsigned char *record_stream(const unsigned char *bytes, struct StreamOf *stream);

static inline int record_streams_count(const struct Record *record) { return record->bytes[3]; }
