// The limit of appending without HTTP: the records of a log, appended to a log of the same tables.
//
//     limit-append MODE LOG DIRECTORY BATCH SECONDS [FROM [ROUND]]
//
// MODE is `lmdb` or `journal`, as writer.h says. LOG is where the records come from, data/log; DIRECTORY is empty, or
// holds a copy of an aged log. BATCH is how many records a batch takes. Records from position FROM (1) on are taken.
// It ends after SECONDS. Processor time includes bringing the tables up to the end; rates do not.
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right) {
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

int main(int count, char **arguments) {
    if (count < 6 || count > 8) die("usage: limit-append MODE LOG DIRECTORY BATCH SECONDS [FROM [ROUND]]");
    uint64_t batch = number(arguments[4], 1), from = count > 6 ? number(arguments[6], 1) : 1;
    double limit = strtod(arguments[5], NULL);
    writer_open(arguments[1], arguments[3], arguments[2], from, count > 7 ? number(arguments[7], 0) : 0);

    uint64_t commits = 0, room = 0;
    double *times = NULL, start = seconds(), start_cpu = cpu_seconds(), now = start;
    while (now - start < limit) {
        for (uint64_t left = batch; left; left--) writer_add();
        writer_commit();
        if (commits == room) {
            room = 2 * room + 1024;
            times = allocate(times, room * sizeof *times);
        }
        double before = now;
        now = seconds();
        times[commits++] = now - before;
    }
    double elapsed = now - start;
    writer_finish();
    double cpu = cpu_seconds() - start_cpu;
    qsort(times, commits, sizeof *times, by_value);
    printf("{\"events\":%llu,\"commits\":%llu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"batch\":%.2f,"
           "\"commit_p50\":%.6f,\"commit_p99\":%.6f,\"commit_p999\":%.6f}\n",
           (unsigned long long)(batch * commits), (unsigned long long)commits, elapsed, cpu, (double)batch,
           times[commits / 2], times[commits * 99 / 100], times[commits * 999 / 1000]);
}
