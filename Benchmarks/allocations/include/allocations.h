// Counts how often the whole process takes memory from the heap. A program that links this has its own malloc, calloc,
// realloc, posix_memalign, aligned_alloc and memalign: they count and hand on to those of the C library. The Swift runtime
// and all libraries call them too, because the dynamic linker looks into the program first.
//
// Not to be run with a sanitizer, which needs a malloc of its own.
#pragma once
#include <stdint.h>

// Begins or ends counting. What has been counted is kept. Until it begins, a call costs one read of a variable more.
void allocations_set_counting(int counts);

// How many times memory was taken while it was counted, in all threads.
uint64_t allocations_count(void);

// Begins or ends noting where memory is taken from. Each place is a whole stack of calls.
void allocations_set_tracing(int traces);

// Prints a line for each stack that was noted: how often, then the calls from the inside out, each as FILE+OFFSET. If there
// was no room for some stacks, a last line says how often, and "lost".
void allocations_print_stacks(void);
