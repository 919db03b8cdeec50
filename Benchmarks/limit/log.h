// The tables of a log as Martlet has them: fresh, or a copy of an aged one. One log a program.
//
// A commit writes what docs/storage-format.md says that a transaction writes: `events`, `streams`, `commands` for records
// that have an idempotency key, the newest row of `chain`; with full sync. Left out: hashing the chain (its row holds
// zeros), the CRC32C (the record's own is kept), sealing, deciding.
#pragma once
#include "records.h"

enum { NAME_ROOM = 512 };

// Opens the log in a directory, or makes it there, and returns the position of its newest record.
uint64_t log_open(const char *directory);

MDB_txn *log_begin(unsigned flags);

// Looks up the head of a stream, as deciding must; 0 if there is none.
int log_find(MDB_txn *transaction, const void *name, size_t size);

// Writes a record's rows at a position.
void log_append(MDB_txn *transaction, struct Next next, uint64_t position);

// Ends a commit that moved the head from position `old` to `position`. Once it returns, all of it is on the disk.
void log_commit(MDB_txn *transaction, uint64_t old, uint64_t position);

// Tells readers how far the log is on the disk, in the head file.
void log_head(uint64_t position);

// A stream's name as it is stored. From round 1 on the number of the round stands behind it, so that the name is new
// and its row has the same neighbours. Returns its size.
size_t log_name(unsigned char room[NAME_ROOM], const struct StreamOf *stream, uint64_t round);
