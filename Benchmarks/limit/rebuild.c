// The limit of a rebuild: the same rows, sorted beforehand, appended to a fresh environment.
//
//     limit-rebuild GENERATION DIRECTORY [BATCH]
//
// Copies every row of every table of GENERATION into memory, which is not timed, then writes them with MDB_APPEND into
// DIRECTORY, which must be empty, with MDB_NOSYNC as Martlet's rebuild does; a commit ends every BATCH rows (100000).
// One thread. Decoding events, folding them and sorting are what is left out.
#include "common.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static char *rows, *rows_end;

// A row in memory: size of the key (2), size of the value (4), key, value. A key of size 0 ends a table.
static void remember(const MDB_val *key, const MDB_val *value) {
    uint16_t key_size = (uint16_t)key->mv_size;
    uint32_t value_size = (uint32_t)value->mv_size;
    memcpy(rows_end, &key_size, 2);
    memcpy(rows_end + 2, &value_size, 4);
    memcpy(rows_end + 6, key->mv_data, key_size);
    memcpy(rows_end + 6 + key_size, value->mv_data, value_size);
    rows_end += 6 + key_size + value_size;
}

static MDB_env *open_environment(const char *directory, unsigned flags, size_t map_size) {
    MDB_env *environment;
    check(mdb_env_create(&environment), "mdb_env_create");
    check(mdb_env_set_maxdbs(environment, 64), "mdb_env_set_maxdbs");
    if (map_size) check(mdb_env_set_mapsize(environment, map_size), "mdb_env_set_mapsize");
    check(mdb_env_open(environment, directory, flags | MDB_NOTLS, 0640), directory);
    return environment;
}

static int read_tables(MDB_env *environment, char names[64][64]) {
    MDB_envinfo information;
    check(mdb_env_info(environment, &information), "mdb_env_info");
    MDB_stat statistics;
    check(mdb_env_stat(environment, &statistics), "mdb_env_stat");
    // Rows in pages take more room than in memory, but for the six bytes of each.
    size_t room = 2 * (information.me_last_pgno + 1) * statistics.ms_psize + 4096;
    rows = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (rows == MAP_FAILED) die("no memory for %zu bytes", room);
    rows_end = rows;
    MDB_txn *transaction;
    MDB_dbi list, table;
    MDB_cursor *tables, *cursor;
    MDB_val name, key, value;
    int count = 0;
    check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), "mdb_txn_begin");
    check(mdb_dbi_open(transaction, NULL, 0, &list), "mdb_dbi_open");
    check(mdb_cursor_open(transaction, list, &tables), "mdb_cursor_open");
    while (mdb_cursor_get(tables, &name, &value, MDB_NEXT) == MDB_SUCCESS) {
        if (count == 64 || name.mv_size > 63) die("too many tables");
        snprintf(names[count], 64, "%.*s", (int)name.mv_size, (char *)name.mv_data);
        check(mdb_dbi_open(transaction, names[count], 0, &table), names[count]);
        check(mdb_cursor_open(transaction, table, &cursor), "mdb_cursor_open");
        while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) remember(&key, &value);
        mdb_cursor_close(cursor);
        remember(&(MDB_val){0}, &(MDB_val){0});
        count++;
    }
    mdb_cursor_close(tables);
    mdb_txn_abort(transaction);
    return count;
}

int main(int count, char **arguments) {
    static char names[64][64];
    if (count != 3 && count != 4) die("usage: limit-rebuild GENERATION DIRECTORY [BATCH]");
    uint64_t batch = count == 4 ? number(arguments[3], 1) : 100000, written = 0;
    MDB_env *source = open_environment(arguments[1], MDB_RDONLY, 0);
    int tables = read_tables(source, names);
    mdb_env_close(source);

    double start = seconds(), start_cpu = cpu_seconds();
    MDB_env *target = open_environment(arguments[2], MDB_NOSYNC, 1ul << 38);
    char *row = rows;
    for (int index = 0; index < tables; index++) {
        int is_complete = 0;
        while (!is_complete) {
            MDB_txn *transaction;
            MDB_dbi table;
            MDB_cursor *cursor;
            check(mdb_txn_begin(target, NULL, 0, &transaction), "mdb_txn_begin");
            check(mdb_dbi_open(transaction, names[index], MDB_CREATE, &table), names[index]);
            check(mdb_cursor_open(transaction, table, &cursor), "mdb_cursor_open");
            for (uint64_t left = batch; left; left--) {
                uint16_t key_size;
                uint32_t value_size;
                memcpy(&key_size, row, 2);
                memcpy(&value_size, row + 2, 4);
                MDB_val key = {key_size, row + 6}, value = {value_size, row + 6 + key_size};
                row += 6 + key_size + value_size;
                is_complete = !key_size;
                if (is_complete) break;
                check(mdb_cursor_put(cursor, &key, &value, MDB_APPEND), "mdb_cursor_put");
                written++;
            }
            mdb_cursor_close(cursor);
            check(mdb_txn_commit(transaction), "mdb_txn_commit");
        }
    }
    double end = seconds(), end_cpu = cpu_seconds();
    check(mdb_env_sync(target, 1), "mdb_env_sync");
    printf("{\"rows\":%llu,\"bytes\":%zu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"sync_seconds\":%.6f}\n",
           (unsigned long long)written, (size_t)(rows_end - rows), end - start, end_cpu - start_cpu, seconds() - end);
    mdb_env_close(target);
}
