#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { USED = 8 << 20, ROOM = 12 << 20, PIECE = 1 << 20, FRAME_HEADER = 72 };

static int files[2], current;
static off_t place;
static unsigned char *frame;
static size_t size = FRAME_HEADER, room;
static uint64_t frames;

void journal_open(const char *directory) {
    room = PIECE;
    frame = allocate(NULL, room);
    memset(frame, 0, room);
    for (int index = 0; index < 2; index++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/journal-%d", directory, index);
        files[index] = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
        if (files[index] < 0) die("cannot make %s: %s", path, strerror(errno));
        for (off_t at = 0; at < ROOM; at += PIECE) {
            if (pwrite(files[index], frame, PIECE, at) != PIECE) die("cannot write %s", path);
        }
        if (fsync(files[index])) die("fsync: %s", strerror(errno));
    }
}

void journal_add(const struct Record *record) {
    while (size + 16 + record->size > room) frame = allocate(frame, room *= 2);
    put32(frame + size, record->size);
    memcpy(frame + size + 4, record->bytes, record->size);
    size += 4 + record->size;
}

int journal_flush(void) {
    for (; size % 8; size++) frame[size] = 0;
    if (size > ROOM - USED) die("a frame of %zu bytes is too large", size);
    put32(frame + 4, (uint32_t)size);
    put64(frame + 8, ++frames);
    if (pwrite(files[current], frame, size, place) != (ssize_t)size) die("pwrite: %s", strerror(errno));
    if (fdatasync(files[current])) die("fdatasync: %s", strerror(errno));
    place += (off_t)size;
    size = FRAME_HEADER;
    if (place < USED) return 0;
    current = !current;
    place = 0;
    return 1;
}
