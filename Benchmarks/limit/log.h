// A fresh log of the tables of Martlet's, to which records of another log are appended. One log a program.
//
// A commit writes what docs/storage-format.md says a commit writes: `events`, `streams`, `commands` for records that
// have an idempotency key, the newest row of `chain`, and the head file; with full sync. Each stream is looked up, as
// deciding must. Left out: hashing the chain (its row holds zeros), the CRC32C (the record's own is kept), deciding.
#pragma once
#include "records.h"

// Makes the log in an empty directory.
void log_open(const char *directory);

MDB_txn *log_begin(void);

// Writes one record's rows. When records come again, `round` stands before their names, so that these stay new.
void log_append(MDB_txn *transaction, const struct Record *record, uint64_t position, uint64_t round);

// Ends a commit that moved the head from position `old` to `position`. Once it returns, all of it is on the disk.
void log_commit(MDB_txn *transaction, uint64_t old, uint64_t position);
