#pragma once
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

// Whether the processor has an instruction for CRC32C that martlet_crc32c knows.
static inline int martlet_has_crc32c(void) {
#if defined(__x86_64__)
    unsigned int a, b, c = 0, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
#else
    return 0;
#endif
}

// Adds bytes to a CRC32C by that instruction. For a few bytes this is far quicker than the library, which prepares for
// many, and leaves the wide registers in a state that slows down what comes after.
#if defined(__x86_64__)
__attribute__((target("sse4.2")))
#endif
static inline uint32_t martlet_crc32c(const uint8_t *bytes, size_t count, uint32_t state) {
#if defined(__x86_64__)
    uint64_t wide = state;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    state = (uint32_t)wide;
    for (; count; count--) state = __builtin_ia32_crc32qi(state, *bytes++);
#endif
    return state;
}

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
