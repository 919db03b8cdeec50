// A journal: a batch is durable once its frame is, by one write and one fdatasync into room that was zeroed beforehand.
//
// Frames are as long as docs/storage-format.md says, without checksum and chain. Two files take turns after 8 MiB each,
// as if each next one had been made ready by somebody else. They are small, since a virtual disk that has to take much
// at the start may be slow for a while after it.
#pragma once
#include "records.h"

// Makes the files in a directory and writes their room, which takes a moment.
void journal_open(const char *directory);

// Takes a record into the frame that is being filled.
void journal_add(const struct Record *record);

// Writes the frame. Once it returns, all of it is on the disk. 1 if the next frame begins the other file, whose frames
// must be in the tables by then.
int journal_flush(void);
