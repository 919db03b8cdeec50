#include "tail.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const struct StreamOf *stream, uint64_t round) {
    uint64_t hash = 0xcbf29ce484222325 ^ round * 0x9e3779b97f4a7c15;
    for (uint16_t index = 0; index < stream->name_size; index++) hash = (hash ^ stream->name[index]) * 0x100000001b3;
    return hash ^ hash >> 32;
}

// The slot of a name, or the empty one where it would stand.
static struct Name *slot_of(const struct Tail *tail, const struct Name *name) {
    for (size_t place = name->hash & (tail->slots - 1);; place = (place + 1) & (tail->slots - 1)) {
        struct Name *found = &tail->names[place];
        if (!found->bytes) return found;
        if (found->hash == name->hash && found->round == name->round && found->size == name->size &&
            !memcmp(found->bytes, name->bytes, name->size)) {
            return found;
        }
    }
}

static struct Name name_of(const struct StreamOf *stream, uint64_t round) {
    return (struct Name){stream->name, round, hash_of(stream, round), stream->name_size};
}

int tail_has(const struct Tail *tail, const struct StreamOf *stream, uint64_t round) {
    if (!tail->names_count) return 0;
    struct Name name = name_of(stream, round);
    return slot_of(tail, &name)->bytes != NULL;
}

static void grow(struct Tail *tail) {
    struct Name *old = tail->names;
    size_t old_slots = tail->slots;
    tail->slots = old_slots ? 2 * old_slots : 1 << 16;
    tail->names = allocate(NULL, tail->slots * sizeof *tail->names);
    memset(tail->names, 0, tail->slots * sizeof *tail->names);
    for (size_t index = 0; index < old_slots; index++) {
        if (old[index].bytes) *slot_of(tail, &old[index]) = old[index];
    }
    free(old);
}

void tail_add(struct Tail *tail, struct Next next, uint64_t position) {
    if (!tail->count) tail->first = position;
    if (tail->count == tail->room) {
        tail->room = 2 * tail->room + 4096;
        tail->list = allocate(tail->list, tail->room * sizeof *tail->list);
    }
    tail->list[tail->count++] = next;
    const unsigned char *place = record_streams(next.record);
    for (int left = record_streams_count(next.record); left; left--) {
        struct StreamOf stream;
        place = record_stream(place, &stream);
        if (2 * tail->names_count >= tail->slots) grow(tail);
        struct Name name = name_of(&stream, next.round), *slot = slot_of(tail, &name);
        if (!slot->bytes) *slot = name, tail->names_count++;
    }
}

void tail_clear(struct Tail *tail) {
    if (tail->names_count) memset(tail->names, 0, tail->slots * sizeof *tail->names);
    tail->count = tail->names_count = 0;
}
