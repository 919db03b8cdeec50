// The limit of the feed page: Martlet's own read models behind a bare epoll loop.
//
//     limit-feed GENERATION PORT LOOPS
//
// GENERATION is the directory of the views in use, e.g. data/views/1. The same request gives the same body as Martlet
// gives; headers that nobody compares (Date, Link) are left out, and nothing of the request is checked but its key.
#include "common.h"
#include "loop.h"
#include "page.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct Views views;
static int port;

static uint64_t parameter(const struct Request *request, const char *name, uint64_t otherwise) {
    char *found = memmem(request->target, request->target_size, name, strlen(name));
    return found ? strtoull(found + strlen(name), NULL, 10) : otherwise;
}

static void place(const struct Request *request, struct PageRequest *page) {
    char *found = memmem(request->target, request->target_size, "cursor=", 7);
    if (!found) return;
    char *end;
    page->has_place = 1;
    page->place.likes = (uint32_t)strtoull(found + 9, &end, 36);
    page->place.post = strtoull(end + 1, NULL, 36);
}

static void handle(void *context, const struct Request *request, struct Answer *answer) {
    struct Pages *pages = context;
    struct PageRequest page = {
        .order = memmem(request->target, request->target_size, "sort=newest", 11) ? NEWEST : POPULAR,
        .limit = parameter(request, "limit=", 100),
        .likes = parameter(request, "likes=", 1000),
    };
    place(request, &page);
    snapshot_begin(&pages->snapshot);
    uint64_t caller = page_caller(pages, request->key, request->key_size);
    if (caller) page_write(pages, caller, &page, answer->body);
    else answer->status = 401;
    answer->position = page_position(pages);
    snapshot_end(&pages->snapshot);
}

static void *serve(void *unused) {
    (void)unused;
    struct Pages pages = {0};
    snapshot_init(&pages.snapshot, &views);
    loop_run(port, handle, NULL, &pages);
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4) die("usage: limit-feed GENERATION PORT LOOPS");
    if (sodium_init() < 0) die("libsodium cannot be initialised");
    views_open(&views, arguments[1]);
    port = (int)number(arguments[2], 1);
    for (uint64_t loops = number(arguments[3], 1); loops > 1; loops--) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, NULL)) die("no thread");
    }
    serve(NULL);
}
