// The limit of durable commands over HTTP: a bare epoll loop that appends a record for each request.
//
//     limit-write MODE LOG DIRECTORY PORT FROM [ROUND]
//
// MODE is `lmdb` or `journal`, as writer.h says. LOG is where the records come from, data/log; DIRECTORY is empty, or
// holds a copy of an aged log. Each request takes the next of the records from position FROM on. All requests that a
// round of the loop found share one batch; each is answered 201 once it is on the disk.
//
// Nothing of a request matters but its end. Left out are whose key it has, parsing, deciding, and read models.
#include "loop.h"
#include "writer.h"

static void handle(void *context, const struct Request *request, struct Answer *answer) {
    (void)request;
    (void)context;
    json_literal(answer->body, "{\"result\":true}");
    answer->status = 201;
    answer->position = writer_add();
}

static void commit(void *context) {
    (void)context;
    writer_commit();
}

int main(int count, char **arguments) {
    if (count != 6 && count != 7) die("usage: limit-write MODE LOG DIRECTORY PORT FROM [ROUND]");
    uint64_t round = count > 6 ? number(arguments[6], 0) : 0;
    writer_open(arguments[1], arguments[3], arguments[2], number(arguments[5], 1), round);
    loop_run((int)number(arguments[4], 1), handle, commit, NULL);
}
