#include "page.h"

#include <sodium.h>

static int is_above(struct Rank left, struct Rank right) {
    return left.likes != right.likes ? left.likes > right.likes : left.post > right.post;
}

uint64_t page_caller(struct Pages *pages, const void *key, size_t size) {
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, key, size, NULL, 0);
    MDB_val value;
    return snapshot_get(&pages->snapshot, KEYS, hash, sizeof hash, &value) ? get64(value.mv_data) : 0;
}

uint64_t page_position(struct Pages *pages) {
    MDB_val value;
    return snapshot_get(&pages->snapshot, META, "position", 8, &value) ? get64(value.mv_data) : 0;
}

// The author's best post below a place; 0 if there is none.
static int next_of(struct Pages *pages, enum Order order, uint64_t author, struct Rank place, struct Rank *next) {
    unsigned char key[20];
    MDB_val found, value;
    put64(key, author);
    if (order == POPULAR) {
        put32(key + 8, place.likes);
        put64(key + 12, place.post);
        if (!snapshot_below(&pages->snapshot, BY_LIKES, key, 20, &found, &value)) return 0;
        if (get64(found.mv_data) != author) return 0;
        *next = (struct Rank){get64((char *)found.mv_data + 12), get32((char *)found.mv_data + 8)};
    } else {
        put64(key + 8, place.post);
        if (!snapshot_below(&pages->snapshot, BY_TIME, key, 16, &found, &value)) return 0;
        if (get64(found.mv_data) != author) return 0;
        *next = (struct Rank){get64((char *)found.mv_data + 8), 0};
    }
    return 1;
}

static void add(struct Pages *pages, const struct PageRequest *request, uint64_t author) {
    unsigned char key[8];
    MDB_val row;
    put64(key, author);
    if (!snapshot_get(&pages->snapshot, AUTHORS, key, 8, &row)) return;
    const char *bytes = row.mv_data;
    struct Rank first = {get64(bytes), 0};
    if (request->order == POPULAR) first = (struct Rank){get64(bytes + 8), get32(bytes + 16)};
    if (request->has_place && !is_above(request->place, first)) {
        if (!next_of(pages, request->order, author, request->place, &first)) return;
    }
    if (pages->count == pages->capacity) {
        pages->capacity = 2 * pages->capacity + 64;
        pages->heap = allocate(pages->heap, pages->capacity * sizeof *pages->heap);
    }
    pages->heap[pages->count++] = (struct Candidate){first, author};
}

static void sink(struct Pages *pages, size_t parent) {
    struct Candidate *heap = pages->heap, moving = heap[parent];
    for (;;) {
        size_t child = 2 * parent + 1;
        if (child >= pages->count) break;
        if (child + 1 < pages->count && is_above(heap[child + 1].rank, heap[child].rank)) child++;
        if (!is_above(heap[child].rank, moving.rank)) break;
        heap[parent] = heap[child];
        parent = child;
    }
    heap[parent] = moving;
}

// A name stands in its account's row alone, so each is looked up.
static void write_name(struct Pages *pages, uint64_t account, struct Buffer *buffer) {
    unsigned char key[8];
    MDB_val row;
    put64(key, account);
    if (!snapshot_get(&pages->snapshot, ACCOUNTS, key, 8, &row)) {
        die("there is no account %llu", (unsigned long long)account);
    }
    const unsigned char *bytes = row.mv_data;
    size_t start = 10 + (size_t)bytes[9];
    json_string(buffer, bytes + start, row.mv_size - start);
}

static void write_like(struct Pages *pages, struct Buffer *buffer, MDB_val row) {
    uint64_t account = get64(row.mv_data);
    json_literal(buffer, "{\"user_id\":");
    json_number(buffer, account);
    json_literal(buffer, ",\"name\":");
    write_name(pages, account, buffer);
    json_literal(buffer, "}");
}

// The caller's own like first, then the newest.
static void write_likes(struct Pages *pages, uint64_t post, uint64_t own, size_t limit, struct Buffer *buffer) {
    unsigned char key[16];
    MDB_val found, row;
    size_t written = 0;
    put64(key, post);
    if (own) {
        put64(key + 8, own);
        if (snapshot_get(&pages->snapshot, LIKES, key, 16, &row)) write_like(pages, buffer, row), written++;
    }
    put64(key + 8, UINT64_MAX);
    int there = snapshot_below(&pages->snapshot, LIKES, key, 16, &found, &row);
    for (; there && written < limit && get64(found.mv_data) == post;) {
        if (get64((char *)found.mv_data + 8) != own) {
            if (written++) json_literal(buffer, ",");
            write_like(pages, buffer, row);
        }
        int code = mdb_cursor_get(pages->snapshot.cursors[LIKES], &found, &row, MDB_PREV);
        if (code == MDB_NOTFOUND) break;
        check(code, "likes");
    }
}

static void write_attachments(struct Buffer *buffer, const unsigned char *bytes, size_t count) {
    static const char *const extensions[] = {"", "jpg", "png", "gif", "webp", "mp4"};
    for (size_t index = 0; index < count; index++, bytes += 33) {
        if (index) json_literal(buffer, ",");
        json_literal(buffer, "\"/media/");
        json_hex(buffer, bytes, 32);
        const char *extension = extensions[bytes[32] < 6 ? bytes[32] : 0];
        json_literal(buffer, ".");
        json_bytes(buffer, extension, strlen(extension));
        json_literal(buffer, "\"");
    }
}

static void write_tweet(struct Pages *pages, uint64_t caller, uint64_t id, size_t limit, struct Buffer *buffer) {
    unsigned char key[16];
    MDB_val row, like;
    put64(key, id);
    if (!snapshot_get(&pages->snapshot, POSTS, key, 8, &row)) die("there is no post %llu", (unsigned long long)id);
    const unsigned char *bytes = row.mv_data, *end = bytes + row.mv_size;
    const unsigned char *files = bytes + 29, *text = files + 33 * bytes[28];
    uint32_t likes = get32(bytes + 24);
    json_literal(buffer, "{\"id\":");
    json_number(buffer, id);
    json_literal(buffer, ",\"content\":");
    json_string(buffer, text, (size_t)(end - text));
    json_literal(buffer, ",\"attachments\":[");
    write_attachments(buffer, files, bytes[28]);
    json_literal(buffer, "],\"author\":{\"id\":");
    json_number(buffer, get64(bytes));
    json_literal(buffer, ",\"name\":");
    write_name(pages, get64(bytes), buffer);
    json_literal(buffer, "},\"likes\":[");
    uint64_t own = 0;
    put64(key + 8, caller);
    if (likes && snapshot_get(&pages->snapshot, LIKERS, key, 16, &like)) own = get64(like.mv_data);
    if (likes && limit) write_likes(pages, id, own, limit, buffer);
    json_literal(buffer, "],\"created_at\":");
    json_time(buffer, (int64_t)get64(bytes + 8));
    json_literal(buffer, ",\"likes_count\":");
    json_number(buffer, likes);
    if (own) json_literal(buffer, ",\"liked\":true,\"reply_to\":");
    else json_literal(buffer, ",\"liked\":false,\"reply_to\":");
    uint64_t replied = get64(bytes + 16);
    if (replied) json_number(buffer, replied);
    else json_literal(buffer, "null");
    json_literal(buffer, "}");
}

void page_write(struct Pages *pages, uint64_t caller, const struct PageRequest *request, struct Buffer *buffer) {
    pages->count = 0;
    add(pages, request, caller);
    unsigned char key[16];
    put64(key, caller);
    put64(key + 8, 0);
    MDB_val found = {sizeof key, key}, value;
    MDB_cursor *edges = pages->snapshot.cursors[EDGES];
    int code = mdb_cursor_get(edges, &found, &value, MDB_SET_RANGE);
    for (; code == MDB_SUCCESS && get64(found.mv_data) == caller;
         code = mdb_cursor_get(edges, &found, &value, MDB_NEXT)) {
        add(pages, request, get64((char *)found.mv_data + 8));
    }
    if (code != MDB_NOTFOUND) check(code, "edges");
    for (size_t index = pages->count / 2; index-- > 0;) sink(pages, index);

    json_literal(buffer, "{\"result\":true,\"tweets\":[");
    struct Rank last = {0, 0};
    size_t written = 0;
    for (; written < request->limit && pages->count; written++) {
        struct Candidate best = pages->heap[0];
        if (!next_of(pages, request->order, best.author, best.rank, &pages->heap[0].rank)) {
            pages->heap[0] = pages->heap[--pages->count];
        }
        if (pages->count) sink(pages, 0);
        if (written) json_literal(buffer, ",");
        write_tweet(pages, caller, best.rank.post, request->likes, buffer);
        last = best.rank;
    }
    json_literal(buffer, "],\"next_cursor\":");
    if (pages->count && written) {
        if (request->order == POPULAR) json_literal(buffer, "\"p-");
        else json_literal(buffer, "\"n-");
        json_base36(buffer, last.likes);
        json_literal(buffer, "-");
        json_base36(buffer, last.post);
        json_literal(buffer, "\"");
    } else {
        json_literal(buffer, "null");
    }
    json_literal(buffer, "}");
}
