// The limit of appending: the bytes of a log's own records, appended to a fresh log of the same tables with full sync.
//
//     limit-append LOG DIRECTORY BATCH SECONDS [FROM [COUNT]]
//
// LOG is the log's environment, data/log; DIRECTORY must be empty. BATCH is how many records a commit takes; 0 takes the
// batches in which they were committed once. Records from position FROM (1) on are taken, at most COUNT (200000), and
// again from the first when they are used up, at further positions. It ends after SECONDS.
//
// What a commit writes, and what is left out of it, is in log.h; of HTTP there is nothing here.
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right) {
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

int main(int count, char **arguments) {
    if (count < 5 || count > 7) die("usage: limit-append LOG DIRECTORY BATCH SECONDS [FROM [COUNT]]");
    uint64_t size = number(arguments[3], 0), from = count > 5 ? number(arguments[5], 1) : 1;
    double limit = strtod(arguments[4], NULL);
    struct Records records = records_read(arguments[1], from, count > 6 ? number(arguments[6], 1) : 200000);
    log_open(arguments[2]);

    uint64_t position = 0, round = 0, commits = 0, room = 0;
    double *times = NULL, start = seconds(), start_cpu = cpu_seconds(), now = start;
    for (size_t index = 0; now - start < limit;) {
        size_t batch = records_batch(&records, index, SIZE_MAX);
        if (size) batch = size < records.count - index ? size : records.count - index;
        MDB_txn *transaction = log_begin();
        for (size_t end = index + batch; index < end; index++) {
            log_append(transaction, &records.list[index], ++position, round);
        }
        log_commit(transaction, position - batch, position);
        if (commits == room) {
            room = 2 * room + 1024;
            times = allocate(times, room * sizeof *times);
        }
        double before = now;
        now = seconds();
        times[commits++] = now - before;
        if (index == records.count) {
            index = 0, round++;
        }
    }
    double elapsed = now - start, cpu = cpu_seconds() - start_cpu;
    qsort(times, commits, sizeof *times, by_value);
    printf("{\"events\":%llu,\"commits\":%llu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"batch\":%.2f,"
           "\"commit_p50\":%.6f,\"commit_p99\":%.6f,\"commit_p999\":%.6f}\n",
           (unsigned long long)position, (unsigned long long)commits, elapsed, cpu, (double)position / (double)commits,
           times[commits / 2], times[commits * 99 / 100], times[commits * 999 / 1000]);
}
