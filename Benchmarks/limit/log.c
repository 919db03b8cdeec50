#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static MDB_env *environment;
static MDB_dbi events, streams, commands, chain;
static int head_file;

static uint64_t newest(MDB_txn *transaction) {
    MDB_cursor *cursor;
    MDB_val key, value;
    check(mdb_cursor_open(transaction, events, &cursor), "mdb_cursor_open");
    int code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
    if (code != MDB_NOTFOUND) check(code, "events");
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : get64(key.mv_data);
}

uint64_t log_open(const char *directory) {
    char path[4096];
    MDB_txn *transaction;
    check(mdb_env_create(&environment), "mdb_env_create");
    check(mdb_env_set_maxdbs(environment, 32), "mdb_env_set_maxdbs");
    check(mdb_env_set_mapsize(environment, 1ul << 38), "mdb_env_set_mapsize");
    check(mdb_env_open(environment, directory, MDB_NOTLS, 0640), directory);
    check(mdb_txn_begin(environment, NULL, 0, &transaction), "mdb_txn_begin");
    check(mdb_dbi_open(transaction, "events", MDB_CREATE, &events), "events");
    check(mdb_dbi_open(transaction, "streams", MDB_CREATE, &streams), "streams");
    check(mdb_dbi_open(transaction, "commands", MDB_CREATE, &commands), "commands");
    check(mdb_dbi_open(transaction, "chain", MDB_CREATE, &chain), "chain");
    uint64_t position = newest(transaction);
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
    snprintf(path, sizeof path, "%s/head", directory);
    head_file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (head_file < 0) die("cannot make %s", path);
    return position;
}

MDB_txn *log_begin(unsigned flags) {
    MDB_txn *transaction;
    check(mdb_txn_begin(environment, NULL, flags, &transaction), "mdb_txn_begin");
    return transaction;
}

int log_find(MDB_txn *transaction, const void *name, size_t size) {
    MDB_val key = {size, (void *)name}, value;
    int code = mdb_get(transaction, streams, &key, &value);
    if (code == MDB_NOTFOUND) return 0;
    check(code, "mdb_get");
    return 1;
}

size_t log_name(unsigned char room[NAME_ROOM], const struct StreamOf *stream, uint64_t round) {
    memcpy(room, stream->name, stream->name_size);
    if (!round) return stream->name_size;
    return stream->name_size + (size_t)snprintf((char *)room + stream->name_size, 32, "/%llu", (unsigned long long)round);
}

static void put(MDB_txn *transaction, MDB_dbi table, MDB_val key, MDB_val value, unsigned flags) {
    check(mdb_put(transaction, table, &key, &value, flags), "mdb_put");
}

// The command field: whose key (8), fingerprint (16), key. Its row: whose key and key; fingerprint and position.
static void remember(MDB_txn *transaction, const unsigned char *field, uint16_t size, uint64_t position, uint64_t round) {
    unsigned char name[NAME_ROOM], remembered[24];
    size_t prefix = round ? 16 : 8;
    memcpy(remembered, field + 8, 16);
    put64(remembered + 16, position);
    memcpy(name, field, 8);
    put64(name + 8, round);
    memcpy(name + prefix, field + 24, size - 24u);
    put(transaction, commands, (MDB_val){prefix + size - 24u, name}, (MDB_val){24, remembered}, 0);
}

void log_append(MDB_txn *transaction, struct Next next, uint64_t position) {
    const struct Record *record = next.record;
    unsigned char key[8], head[24] = {0}, name[NAME_ROOM];
    const unsigned char *place = record_streams(record);
    put64(key, position);
    put64(head + 8, position);
    head[16] = record->bytes[1];
    for (int left = record_streams_count(record); left; left--) {
        struct StreamOf stream;
        place = record_stream(place, &stream);
        memcpy(head, stream.version, 8);
        size_t size = log_name(name, &stream, next.round);
        put(transaction, streams, (MDB_val){size, name}, (MDB_val){24, head}, 0);
    }
    uint16_t command = get16(record->bytes + 4);
    if (command) remember(transaction, place, command, position, next.round);
    put(transaction, events, (MDB_val){8, key}, (MDB_val){record->size, (void *)record->bytes}, MDB_APPEND);
}

static void move_chain(MDB_txn *transaction, uint64_t old, uint64_t position) {
    unsigned char key[8], hash[32] = {0};
    MDB_val name = {8, key};
    put64(key, old);
    int code = mdb_del(transaction, chain, &name, NULL);
    if (code != MDB_NOTFOUND) check(code, "mdb_del");
    put64(key, position);
    put(transaction, chain, name, (MDB_val){32, hash}, 0);
}

void log_commit(MDB_txn *transaction, uint64_t old, uint64_t position) {
    move_chain(transaction, old, position);
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
}

void log_head(uint64_t position) {
    char text[32];
    int size = snprintf(text, sizeof text, "%020llu\n", (unsigned long long)position);
    if (pwrite(head_file, text, (size_t)size, 0) != size) die("cannot write the head file");
}
