// Records of a log, taken out of it with what their commit wrote beside them.
#pragma once
#include "common.h"

struct Record {
    uint64_t position;
    int64_t time;
    const unsigned char *bytes;
    uint32_t size;
};

struct Records {
    struct Record *list;
    size_t count;
};

// Reads up to `limit` records from position `from` on into memory.
struct Records records_read(const char *log, uint64_t from, uint64_t limit);

// How many of the records from `index` on were committed together: those of one time, at most `limit`. All events of a
// commit have one time, in milliseconds; commits within one millisecond are taken for one.
size_t records_batch(const struct Records *records, size_t index, size_t limit);
