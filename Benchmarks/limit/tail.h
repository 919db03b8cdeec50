// What is in the journal and not in the tables yet: its records, and the names of their streams, which deciding asks for
// before it asks the tables. One thread fills a tail, another brings the tables up to it meanwhile.
#pragma once
#include "log.h"

struct Name {
    const unsigned char *bytes;
    uint64_t round, hash;
    uint16_t size;
};

struct Tail {
    struct Next *list;
    size_t count, room;
    struct Name *names;
    size_t names_count, slots;
    uint64_t first;
};

// Whether a stream of this round is among those of the tail.
int tail_has(const struct Tail *tail, const struct StreamOf *stream, uint64_t round);

// Takes the next record and the names of its streams; the first one stands at `position`.
void tail_add(struct Tail *tail, struct Next next, uint64_t position);

// Forgets all of it and keeps the room.
void tail_clear(struct Tail *tail);
