#include "views.h"

#include <string.h>

static const char *const names[TABLES] = {"keys",  "accounts", "edges",  "authors",       "by_time", "by_likes",
                                          "posts", "likes",    "likers", "follow_counts", "meta"};

void views_open(struct Views *views, const char *directory) {
    check(mdb_env_create(&views->environment), "mdb_env_create");
    check(mdb_env_set_maxdbs(views->environment, 32), "mdb_env_set_maxdbs");
    check(mdb_env_set_maxreaders(views->environment, 510), "mdb_env_set_maxreaders");
    check(mdb_env_open(views->environment, directory, MDB_RDONLY | MDB_NOTLS, 0640), directory);
    MDB_txn *transaction;
    check(mdb_txn_begin(views->environment, NULL, MDB_RDONLY, &transaction), "mdb_txn_begin");
    for (int table = 0; table < TABLES; table++) {
        check(mdb_dbi_open(transaction, names[table], 0, &views->tables[table]), names[table]);
    }
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
}

void snapshot_init(struct Snapshot *snapshot, const struct Views *views) {
    snapshot->views = views;
    check(mdb_txn_begin(views->environment, NULL, MDB_RDONLY, &snapshot->transaction), "mdb_txn_begin");
    for (int table = 0; table < TABLES; table++) {
        check(mdb_cursor_open(snapshot->transaction, views->tables[table], &snapshot->cursors[table]),
              "mdb_cursor_open");
    }
    mdb_txn_reset(snapshot->transaction);
}

void snapshot_begin(struct Snapshot *snapshot) {
    check(mdb_txn_renew(snapshot->transaction), "mdb_txn_renew");
    for (int table = 0; table < TABLES; table++) {
        check(mdb_cursor_renew(snapshot->transaction, snapshot->cursors[table]), "mdb_cursor_renew");
    }
}

void snapshot_end(struct Snapshot *snapshot) { mdb_txn_reset(snapshot->transaction); }

int snapshot_get(struct Snapshot *snapshot, enum Table table, const void *key, size_t size, MDB_val *value) {
    MDB_val wanted = {size, (void *)key};
    int code = mdb_cursor_get(snapshot->cursors[table], &wanted, value, MDB_SET);
    if (code == MDB_NOTFOUND) return 0;
    check(code, names[table]);
    return 1;
}

int snapshot_below(struct Snapshot *snapshot, enum Table table, const void *key, size_t size, MDB_val *found,
                   MDB_val *value) {
    *found = (MDB_val){size, (void *)key};
    int code = mdb_cursor_get(snapshot->cursors[table], found, value, MDB_SET_RANGE);
    if (code != MDB_NOTFOUND) check(code, names[table]);
    code = mdb_cursor_get(snapshot->cursors[table], found, value, code == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
    if (code == MDB_NOTFOUND) return 0;
    check(code, names[table]);
    return 1;
}
