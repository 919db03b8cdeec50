// What all programs of this folder need: errors that end the program, clocks, big-endian numbers.
#pragma once
#include <lmdb.h>
#include <stddef.h>
#include <stdint.h>

// Ends the program with a message on standard error.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Ends the program if an LMDB call failed.
void check(int code, const char *call);

// Seconds of a clock that never goes back.
double seconds(void);

// Seconds of processor time that this process used so far.
double cpu_seconds(void);

// A number from a command line, at least `least`.
uint64_t number(const char *text, uint64_t least);

// An allocation that succeeds.
void *allocate(void *old, size_t size);

static inline uint64_t get64(const void *bytes) {
    uint64_t value;
    __builtin_memcpy(&value, bytes, 8);
    return __builtin_bswap64(value);
}

static inline uint32_t get32(const void *bytes) {
    uint32_t value;
    __builtin_memcpy(&value, bytes, 4);
    return __builtin_bswap32(value);
}

static inline uint16_t get16(const void *bytes) {
    uint16_t value;
    __builtin_memcpy(&value, bytes, 2);
    return __builtin_bswap16(value);
}

static inline void put64(void *bytes, uint64_t value) {
    value = __builtin_bswap64(value);
    __builtin_memcpy(bytes, &value, 8);
}

static inline void put32(void *bytes, uint32_t value) {
    value = __builtin_bswap32(value);
    __builtin_memcpy(bytes, &value, 4);
}
