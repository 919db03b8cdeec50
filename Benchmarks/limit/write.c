// The limit of durable commands over HTTP: a bare epoll loop that appends a record for each request.
//
//     limit-write LOG DIRECTORY PORT FROM
//
// LOG is the log's environment, data/log; DIRECTORY must be empty. Each request takes the next of the records from
// position FROM on, at most 200000, and again the first when they are used up, at further positions. All requests that
// a round of the loop found share one commit, as log.h says what that is; each is answered 201 once it is on the disk.
//
// Nothing of a request matters but its end. Left out are whose key it has, parsing, deciding, and read models.
#include "log.h"
#include "loop.h"

struct Writer {
    struct Records records;
    size_t next;
    uint64_t round, position, committed;
    MDB_txn *transaction;
};

static void handle(void *context, const struct Request *request, struct Answer *answer) {
    (void)request;
    struct Writer *writer = context;
    if (!writer->transaction) writer->transaction = log_begin();
    log_append(writer->transaction, &writer->records.list[writer->next], ++writer->position, writer->round);
    if (++writer->next == writer->records.count) writer->next = 0, writer->round++;
    json_literal(answer->body, "{\"result\":true}");
    answer->status = 201;
    answer->position = writer->position;
}

static void commit(void *context) {
    struct Writer *writer = context;
    if (!writer->transaction) return;
    log_commit(writer->transaction, writer->committed, writer->position);
    writer->transaction = NULL;
    writer->committed = writer->position;
}

int main(int count, char **arguments) {
    if (count != 5) die("usage: limit-write LOG DIRECTORY PORT FROM");
    struct Writer writer = {.records = records_read(arguments[1], number(arguments[4], 1), 200000)};
    log_open(arguments[2]);
    loop_run((int)number(arguments[3], 1), handle, commit, &writer);
}
