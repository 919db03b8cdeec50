// A bare HTTP server: one epoll loop a thread, each with a listening socket of its own (SO_REUSEPORT).
#pragma once
#include "json.h"

// A request, as far as it was looked at: no method, no version, no check of anything. A body must be announced by
// `Content-Length` and is passed over.
struct Request {
    const char *target, *key;
    size_t target_size, key_size;
};

struct Answer {
    struct Buffer *body;
    uint64_t position;
    int status;
};

// Answers a request; `body` is empty at first.
typedef void Handler(void *context, const struct Request *request, struct Answer *answer);

// Called once all requests of a round of the loop were handled; their answers are sent only when it returns. A round
// without requests ends after a quarter of a second.
typedef void RoundEnd(void *context);

// Serves on 127.0.0.1 for ever. Without `end` each answer is sent at once.
void loop_run(int port, Handler *handler, RoundEnd *end, void *context);
