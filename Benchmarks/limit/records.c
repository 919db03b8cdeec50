#include "records.h"

#include <string.h>

struct Records records_read(const char *log, uint64_t from, uint64_t limit) {
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi table;
    MDB_cursor *cursor;
    check(mdb_env_create(&environment), "mdb_env_create");
    check(mdb_env_set_maxdbs(environment, 32), "mdb_env_set_maxdbs");
    check(mdb_env_set_maxreaders(environment, 510), "mdb_env_set_maxreaders");
    check(mdb_env_open(environment, log, MDB_RDONLY | MDB_NOTLS, 0640), log);
    check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), "mdb_txn_begin");
    check(mdb_dbi_open(transaction, "events", 0, &table), "events");
    check(mdb_cursor_open(transaction, table, &cursor), "mdb_cursor_open");
    struct Records records = {0};
    size_t room = 0;
    unsigned char first[8];
    put64(first, from);
    MDB_val key = {sizeof first, first}, value;
    for (int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); code == MDB_SUCCESS && records.count < limit;
         code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        if (records.count == room) {
            room = 2 * room + 1024;
            records.list = allocate(records.list, room * sizeof *records.list);
        }
        unsigned char *bytes = allocate(NULL, value.mv_size);
        memcpy(bytes, value.mv_data, value.mv_size);
        records.list[records.count++] =
            (struct Record){get64(key.mv_data), bytes, (uint32_t)value.mv_size};
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(transaction);
    mdb_env_close(environment);
    if (!records.count) die("%s has no records from position %llu on", log, (unsigned long long)from);
    return records;
}

const unsigned char *record_streams(const struct Record *record) {
    switch (record->bytes[0]) {
        case 1: return record->bytes + 32;
        case 2: return record->bytes + 40;
        default: die("the record at position %llu has layout %d", (unsigned long long)record->position, record->bytes[0]);
    }
}

const unsigned char *record_stream(const unsigned char *bytes, struct StreamOf *stream) {
    *stream = (struct StreamOf){bytes, bytes + 10, get16(bytes + 8)};
    return bytes + 10 + stream->name_size;
}
