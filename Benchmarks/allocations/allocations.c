#define _GNU_SOURCE
#include "allocations.h"
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_int counting, tracing;
static atomic_uint_fast64_t count;

enum { DEPTH = 40, STACKS = 1 << 14, SKIPPED = 2 };

struct stack {
    uint64_t count;
    int depth;
    void *frames[DEPTH];
};

// Static, so that noting takes nothing from the heap.
static struct stack stacks[STACKS];
static uint64_t lost;
static atomic_flag stacks_taken = ATOMIC_FLAG_INIT;
static _Thread_local int is_noting;

static void add_stack(void **frames, int depth) {
    uint64_t hash = 14695981039346656037u;
    for (int i = 0; i < depth; i++) hash = (hash ^ (uint64_t)frames[i]) * 1099511628211u;
    while (atomic_flag_test_and_set_explicit(&stacks_taken, memory_order_acquire)) {}
    for (int probe = 0;; probe++) {
        if (probe == 64) {
            lost++;
            break;
        }
        struct stack *stack = &stacks[((hash >> 32) + (uint64_t)probe) % STACKS];
        if (stack->count == 0) {
            stack->depth = depth;
            memcpy(stack->frames, frames, (size_t)depth * sizeof *frames);
        } else if (stack->depth != depth || memcmp(stack->frames, frames, (size_t)depth * sizeof *frames) != 0) {
            continue;
        }
        stack->count++;
        break;
    }
    atomic_flag_clear_explicit(&stacks_taken, memory_order_release);
}

// `backtrace` may take memory itself.
static __attribute__((noinline)) void note_stack(void) {
    if (is_noting) return;
    is_noting = 1;
    void *frames[DEPTH + SKIPPED];
    int depth = backtrace(frames, DEPTH + SKIPPED);
    if (depth > SKIPPED) add_stack(frames + SKIPPED, depth - SKIPPED);
    is_noting = 0;
}

static inline __attribute__((always_inline)) void note(void) {
    if (!atomic_load_explicit(&counting, memory_order_relaxed)) return;
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    if (atomic_load_explicit(&tracing, memory_order_relaxed)) note_stack();
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note();
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    note();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    note();
    void *taken = __libc_memalign(alignment, size);
    if (taken == NULL) return ENOMEM;
    *memory = taken;
    return 0;
}

void allocations_set_counting(int counts) { atomic_store(&counting, counts); }

uint64_t allocations_count(void) { return atomic_load(&count); }

void allocations_set_tracing(int traces) {
    // The first call loads a library.
    void *frame;
    backtrace(&frame, 1);
    atomic_store(&tracing, traces);
}

void allocations_print_stacks(void) {
    for (int i = 0; i < STACKS; i++) {
        if (stacks[i].count == 0) continue;
        printf("%llu", (unsigned long long)stacks[i].count);
        for (int frame = 0; frame < stacks[i].depth; frame++) {
            Dl_info info;
            // The address is that of the instruction after the call.
            char *address = (char *)stacks[i].frames[frame] - 1;
            if (dladdr(address, &info) && info.dli_fbase != NULL) {
                printf(" %s+0x%tx", info.dli_fname, address - (char *)info.dli_fbase);
            } else {
                printf(" ?+0x0");
            }
        }
        putchar('\n');
    }
    if (lost > 0) printf("%llu lost\n", (unsigned long long)lost);
}
