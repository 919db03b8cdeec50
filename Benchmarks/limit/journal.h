// A journal: a batch is durable once its frame is, by one write and one fdatasync into room that was zeroed beforehand.
//
// Frames are as long as docs/storage-format.md says, without checksum and chain. Two files of 32 MiB take turns, as if
// each next one had been made ready by somebody else; the frames of the older one are in the tables by then.
#pragma once
#include "records.h"

// Makes the files in a directory and writes their room, which takes a moment.
void journal_open(const char *directory);

// Takes a record into the frame that is being filled.
void journal_add(const struct Record *record);

// Writes the frame. Once it returns, all of it is on the disk.
void journal_flush(void);
