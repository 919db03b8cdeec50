// A log that takes batches, in one of two ways; each looks streams up as deciding must.
//
// `lmdb`: a batch is a transaction of the tables with full sync. `journal`: a batch is a frame of a journal, and a second
// thread brings the tables up behind it with full sync, every 250 ms or 20,000 events as Martlet's `--apply-interval`
// and `--apply-events`; what is not in the tables yet is looked up in memory.
#pragma once
#include "log.h"

// Opens the log in a directory; `mode` is `lmdb` or `journal`. It takes the records from position `from` of another log
// on, at most 200000 of them, and again the first when they are used up. `round` tells runs over one copy apart.
void writer_open(const char *mode, const char *directory, const char *source, uint64_t from, uint64_t round);

// Takes the next record into the batch that is being filled, and returns its position.
uint64_t writer_add(void);

// Ends the batch, if there is one. Once it returns, all of it is on the disk. To be called now and then without a batch,
// so that the tables are brought up to the end.
void writer_commit(void);

// Waits until the tables have all of it.
void writer_finish(void);
