#include "common.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

void check(int code, const char *call) {
    if (code != MDB_SUCCESS) die("%s: %s", call, mdb_strerror(code));
}

static double read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double seconds(void) { return read_clock(CLOCK_MONOTONIC); }

double cpu_seconds(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t number(const char *text, uint64_t least) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || value < least) {
        die("\"%s\" is not a number of at least %llu", text, (unsigned long long)least);
    }
    return value;
}

void *allocate(void *old, size_t size) {
    void *memory = realloc(old, size);
    if (!memory) die("no memory for %zu bytes", size);
    return memory;
}
