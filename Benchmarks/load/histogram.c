#include "histogram.h"

static unsigned bucket_of(uint64_t value) {
    if (value < 64) return (unsigned)value;
    unsigned shift = 57u - (unsigned)__builtin_clzll(value);
    unsigned bucket = 64 * shift + (unsigned)(value >> shift);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

// The greatest value of a bucket, in microseconds.
static double bound_of(unsigned bucket) {
    if (bucket < 128) return bucket / 1000.0;
    unsigned shift = bucket / 64 - 1;
    return (double)((((uint64_t)(bucket % 64 + 64) + 1) << shift) - 1) / 1000.0;
}

void histogram_add(struct Histogram *histogram, uint64_t nanoseconds) {
    histogram->counts[bucket_of(nanoseconds)]++;
    histogram->count++;
}

static double percentile(const struct Histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)(share * (double)histogram->count + 0.999999), seen = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen && seen >= wanted) return bound_of(bucket);
    }
    return 0;
}

void histogram_print(const struct Histogram *histogram, FILE *output) {
    fprintf(output, "{\"count\":%llu,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f,\"buckets\":[",
            (unsigned long long)histogram->count, percentile(histogram, 0.5), percentile(histogram, 0.99),
            percentile(histogram, 0.999), percentile(histogram, 1));
    const char *comma = "";
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        if (!histogram->counts[bucket]) continue;
        fprintf(output, "%s[%.3f,%llu]", comma, bound_of(bucket), (unsigned long long)histogram->counts[bucket]);
        comma = ",";
    }
    fprintf(output, "]}");
}
