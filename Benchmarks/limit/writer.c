#include "writer.h"

#include "journal.h"
#include "tail.h"

#include <pthread.h>
#include <string.h>

enum { RECORDS = 200000, APPLY_COUNT = 20000, WAITING_LIMIT = 50000 };
static const double APPLY_SECONDS = 0.25;

static struct Records records;
static size_t next;
static uint64_t round_number, position, committed;
static int has_journal;
static MDB_txn *transaction;

// Of the journal. `filling` belongs to the thread that takes batches, `applying` to the other one while `is_busy`; while
// it is applied nobody changes it, so that both may look names up in it.
static struct Tail tails[2], *filling = &tails[0], *applying = &tails[1];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_busy;
static double applied_at;

static void *apply_all(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        while (!is_busy) pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
        MDB_txn *write = log_begin(0);
        uint64_t last = applying->first - 1;
        for (size_t index = 0; index < applying->count; index++) log_append(write, applying->list[index], ++last);
        log_commit(write, applying->first - 1, last);
        pthread_mutex_lock(&lock);
        is_busy = 0;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

void writer_open(const char *mode, const char *directory, const char *source, uint64_t from, uint64_t round) {
    has_journal = !strcmp(mode, "journal");
    if (!has_journal && strcmp(mode, "lmdb")) die("\"%s\" is neither lmdb nor journal", mode);
    records = records_read(source, from, RECORDS);
    round_number = round;
    position = committed = log_open(directory);
    if (!has_journal) return;
    journal_open(directory);
    transaction = log_begin(MDB_RDONLY);
    applied_at = seconds();
    pthread_t thread;
    if (pthread_create(&thread, NULL, apply_all, NULL)) die("no thread");
}

static void look_up(struct Next one) {
    const unsigned char *place = record_streams(one.record);
    for (int left = record_streams_count(one.record); left; left--) {
        struct StreamOf stream;
        unsigned char name[NAME_ROOM];
        place = record_stream(place, &stream);
        if (has_journal && (tail_has(filling, &stream, one.round) || tail_has(applying, &stream, one.round))) continue;
        log_find(transaction, name, log_name(name, &stream, one.round));
    }
}

uint64_t writer_add(void) {
    struct Next one = {&records.list[next], round_number};
    if (++next == records.count) next = 0, round_number++;
    if (!transaction) transaction = log_begin(0);
    look_up(one);
    position++;
    if (has_journal) {
        journal_add(one.record);
        tail_add(filling, one, position);
    } else {
        log_append(transaction, one, position);
    }
    return position;
}

// Hands what was filled to the other thread if it is idle, and forgets what that one brought into the tables. `must`:
// waits for it.
static void hand_over(int must) {
    pthread_mutex_lock(&lock);
    while (is_busy && must) pthread_cond_wait(&changed, &lock);
    if (!is_busy) {
        if (applying->count) {
            tail_clear(applying);
            mdb_txn_reset(transaction);
            check(mdb_txn_renew(transaction), "mdb_txn_renew");
        }
        if (filling->count && (must || filling->count >= APPLY_COUNT || seconds() - applied_at >= APPLY_SECONDS)) {
            struct Tail *full = filling;
            filling = applying;
            applying = full;
            applied_at = seconds();
            is_busy = 1;
            pthread_cond_broadcast(&changed);
        }
    }
    pthread_mutex_unlock(&lock);
}

void writer_commit(void) {
    if (position == committed) {
        if (has_journal && filling->count) hand_over(0);
        return;
    }
    if (has_journal) {
        int is_used_up = journal_flush();
        log_head(position);
        // All that the other file holds was handed over when this one began, so waiting for that lets it be used again.
        hand_over(is_used_up || filling->count >= WAITING_LIMIT);
    } else {
        log_commit(transaction, committed, position);
        log_head(position);
        transaction = NULL;
    }
    committed = position;
}

void writer_finish(void) {
    if (!has_journal) return;
    hand_over(1);
    pthread_mutex_lock(&lock);
    while (is_busy) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
