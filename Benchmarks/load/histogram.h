// Counts of latencies in buckets that are 1/64 wide of their value, from 1 ns to an hour.
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { HISTOGRAM_BUCKETS = 64 * 40 };

struct Histogram {
    uint64_t count, counts[HISTOGRAM_BUCKETS];
};

void histogram_add(struct Histogram *histogram, uint64_t nanoseconds);

// Prints {"count", "p50", "p99", "p999", "max", "buckets": [[upper bound, count], ...]}; times in microseconds.
void histogram_print(const struct Histogram *histogram, FILE *output);
