#pragma once
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

// Makes one gzip member (RFC 1952) of some bytes. It is here because Swift cannot see through the arrays in the
// library's state, which is also too large for the stack of a small thread.
//
// Gives how many bytes it wrote; -1 when they do not fit or there is no memory.
static inline int64_t martlet_gzip(const uint8_t *bytes, uint32_t count, uint8_t *target, uint32_t room) {
    struct isal_zstream *stream = (struct isal_zstream *)malloc(sizeof *stream);
    uint8_t *level = (uint8_t *)malloc(ISAL_DEF_LVL3_DEFAULT);
    int64_t written = -1;
    if (stream && level) {
        isal_deflate_stateless_init(stream);
        stream->level = 3;
        stream->level_buf = level;
        stream->level_buf_size = ISAL_DEF_LVL3_DEFAULT;
        stream->gzip_flag = IGZIP_GZIP;
        stream->end_of_stream = 1;
        stream->flush = NO_FLUSH;
        stream->next_in = (uint8_t *)bytes;
        stream->avail_in = count;
        stream->next_out = target;
        stream->avail_out = room;
        if (isal_deflate_stateless(stream) == COMP_OK) written = stream->total_out;
    }
    free(level);
    free(stream);
    return written;
}
