// A page of the feed: the same reads as Martlet's, and the same JSON.
#pragma once
#include "json.h"
#include "views.h"

enum Order { POPULAR, NEWEST };

// A post's place in a feed: by likes, newest first among equals; by time `likes` is 0.
struct Rank {
    uint64_t post;
    uint32_t likes;
};

struct Candidate {
    struct Rank rank;
    uint64_t author;
};

// What one thread needs to make pages, used again for each.
struct Pages {
    struct Snapshot snapshot;
    struct Candidate *heap;
    size_t count, capacity;
};

struct PageRequest {
    enum Order order;
    size_t limit, likes;
    int has_place;
    struct Rank place;
};

// The account of an API key, or 0.
uint64_t page_caller(struct Pages *pages, const void *key, size_t size);

// Writes {"result":true,"tweets":[...],"next_cursor":...}.
void page_write(struct Pages *pages, uint64_t caller, const struct PageRequest *request, struct Buffer *buffer);

// The position of the log that the snapshot reflects.
uint64_t page_position(struct Pages *pages);
