// The limit of appending: the bytes of a log's own records, appended to a fresh log of the same tables with full sync.
//
//     limit-append LOG DIRECTORY BATCH SECONDS [FROM [COUNT]]
//
// LOG is the log's environment, data/log; DIRECTORY must be empty. BATCH is how many records a commit takes; 0 takes the
// batches in which they were committed once. Records from position FROM (1) on are taken, at most COUNT (200000), and
// again from the first when they are used up, at further positions. It ends after SECONDS, or earlier with FROM, once
// all records went through.
//
// Each commit writes what docs/storage-format.md says a commit writes: `events`, `streams`, `commands` for records that
// have an idempotency key, the newest row of `chain`, and the head file. It also looks each stream up, as deciding must.
// Left out: hashing the chain (its row holds zeros), the CRC32C (the record's own is kept), deciding, all of HTTP.
#include "records.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static MDB_env *environment;
static MDB_dbi events, streams, commands, chain;
static int head_file;

static void open_log(const char *directory) {
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

static void put(MDB_txn *transaction, MDB_dbi table, MDB_val key, MDB_val value, unsigned flags) {
    check(mdb_put(transaction, table, &key, &value, flags), "mdb_put");
}

// Writes one record's rows. When records come again, `round` stands before their names, so that these stay new.
static void append(MDB_txn *transaction, const struct Record *record, uint64_t position, uint64_t round) {
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

static int by_value(const void *left, const void *right) {
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

int main(int count, char **arguments) {
    if (count < 5 || count > 7) die("usage: limit-append LOG DIRECTORY BATCH SECONDS [FROM [COUNT]]");
    uint64_t size = number(arguments[3], 0), from = count > 5 ? number(arguments[5], 1) : 1;
    double limit = strtod(arguments[4], NULL);
    struct Records records = records_read(arguments[1], from, count > 6 ? number(arguments[6], 1) : 200000);
    open_log(arguments[2]);

    uint64_t position = 0, round = 0, commits = 0, room = 0;
    double *times = NULL, start = seconds(), start_cpu = cpu_seconds(), now = start;
    for (size_t index = 0; now - start < limit;) {
        size_t batch = records_batch(&records, index, SIZE_MAX);
        if (size) batch = size < records.count - index ? size : records.count - index;
        MDB_txn *transaction;
        check(mdb_txn_begin(environment, NULL, 0, &transaction), "mdb_txn_begin");
        for (size_t end = index + batch; index < end; index++) {
            append(transaction, &records.list[index], ++position, round);
        }
        move_chain(transaction, position - batch, position);
        check(mdb_txn_commit(transaction), "mdb_txn_commit");
        write_head(position);
        if (commits == room) {
            room = 2 * room + 1024;
            times = allocate(times, room * sizeof *times);
        }
        double before = now;
        now = seconds();
        times[commits++] = now - before;
        if (index == records.count) {
            if (count > 5) break;
            index = 0, round++;
        }
    }
    double elapsed = now - start, cpu = cpu_seconds() - start_cpu;
    qsort(times, commits, sizeof *times, by_value);
    printf("{\"events\":%llu,\"commits\":%llu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"batch\":%.2f,"
           "\"commit_p50\":%.6f,\"commit_p99\":%.6f,\"commit_p999\":%.6f}\n",
           (unsigned long long)position, (unsigned long long)commits, elapsed, cpu, (double)position / (double)commits,
           times[commits / 2], times[commits * 99 / 100], times[commits * 999 / 1000]);
}
