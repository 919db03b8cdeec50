// Martlet's read models, opened as its own program lays them out: docs/read-models.md gives the bytes.
#pragma once
#include "common.h"

enum Table { KEYS, ACCOUNTS, EDGES, AUTHORS, BY_TIME, BY_LIKES, POSTS, LIKES, LIKERS, FOLLOW_COUNTS, META, TABLES };

struct Views {
    MDB_env *environment;
    MDB_dbi tables[TABLES];
};

// A read transaction that is renewed for each request, with a cursor for each table.
struct Snapshot {
    MDB_txn *transaction;
    MDB_cursor *cursors[TABLES];
    const struct Views *views;
};

// Opens a generation's directory to read, beside the program that may be writing it.
void views_open(struct Views *views, const char *directory);

void snapshot_init(struct Snapshot *snapshot, const struct Views *views);

// Begins to read the newest moment.
void snapshot_begin(struct Snapshot *snapshot);

// Lets go of the moment; the pages that it lent may change from now on.
void snapshot_end(struct Snapshot *snapshot);

// The value at a key through the table's cursor, which is quick where keys come in order; 0 if there is none.
int snapshot_get(struct Snapshot *snapshot, enum Table table, const void *key, size_t size, MDB_val *value);

// Moves a table's cursor to the last row below a key; 0 if there is none.
int snapshot_below(struct Snapshot *snapshot, enum Table table, const void *key, size_t size, MDB_val *found,
                   MDB_val *value);
