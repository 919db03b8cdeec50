#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static MDB_env *environment;
static MDB_dbi events, streams, commands, chain;
static int head_file;

void log_open(const char *directory) {
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
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
    snprintf(path, sizeof path, "%s/head", directory);
    head_file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (head_file < 0) die("cannot make %s", path);
}

MDB_txn *log_begin(void) {
    MDB_txn *transaction;
    check(mdb_txn_begin(environment, NULL, 0, &transaction), "mdb_txn_begin");
    return transaction;
}

static void put(MDB_txn *transaction, MDB_dbi table, MDB_val key, MDB_val value, unsigned flags) {
    check(mdb_put(transaction, table, &key, &value, flags), "mdb_put");
}

void log_append(MDB_txn *transaction, const struct Record *record, uint64_t position, uint64_t round) {
    unsigned char key[8], head[24] = {0}, name[512];
    const unsigned char *stream = record->bytes + 32;
    put64(key, position);
    head[16] = record->bytes[1];
    put64(head + 8, position);
    for (int left = record->bytes[3]; left; left--) {
        uint16_t size = get16(stream + 8);
        int prefix = round ? snprintf((char *)name, 32, "%llu/", (unsigned long long)round) : 0;
        memcpy(name + prefix, stream + 10, size);
        memcpy(head, stream, 8);
        MDB_val stream_name = {(size_t)prefix + size, name}, old;
        int code = mdb_get(transaction, streams, &stream_name, &old);
        if (code != MDB_NOTFOUND) check(code, "mdb_get");
        put(transaction, streams, stream_name, (MDB_val){24, head}, 0);
        stream += 10 + size;
    }
    uint16_t command = get16(record->bytes + 4);
    if (command) {
        unsigned char remembered[24];
        memcpy(remembered, stream + 8, 16);
        put64(remembered + 16, position);
        size_t prefix = round ? 16 : 8;
        memcpy(name, stream, 8);
        put64(name + 8, round);
        memcpy(name + prefix, stream + 24, command - 24u);
        put(transaction, commands, (MDB_val){prefix + command - 24u, name}, (MDB_val){24, remembered}, 0);
    }
    put(transaction, events, (MDB_val){8, key}, (MDB_val){record->size, (void *)record->bytes}, MDB_APPEND);
}

static void move_chain(MDB_txn *transaction, uint64_t old, uint64_t position) {
    unsigned char key[8], hash[32] = {0};
    MDB_val name = {8, key};
    put64(key, old);
    int code = mdb_del(transaction, chain, &name, NULL);
    if (code != MDB_NOTFOUND) check(code, "mdb_del");
    put64(key, position);
    put(transaction, chain, name, (MDB_val){32, hash}, MDB_APPEND);
}

static void write_head(uint64_t position) {
    char text[32];
    int size = snprintf(text, sizeof text, "%020llu\n", (unsigned long long)position);
    if (pwrite(head_file, text, (size_t)size, 0) != size) die("cannot write the head file");
}

void log_commit(MDB_txn *transaction, uint64_t old, uint64_t position) {
    move_chain(transaction, old, position);
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
    write_head(position);
}
