// Lets readers come back: between two visits of all of them something is written, and only the visits are measured.
//
//     visits PORT SECONDS PID BETWEEN FILE
//
// Requests of kind 0 in FILE are the visits, one for each reader; those of kind 1 come in between, BETWEEN at a time, in
// order, and again from the first. In a round these are sent at once and answered, which makes them visible; then every
// reader asks at once, each over a connection of its own. Prints one JSON object: time and processor time of the process
// PID during the visits alone.
#include "client.h"
#include "common.h"
#include "histogram.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

static struct WireRequests visits, between;
static struct Client **clients;
static struct Histogram times;
static uint64_t refused, lost;
static int epoll;

static void take(struct WireRequests *list, struct WireRequest request) {
    list->list = allocate(list->list, (list->count + 1) * sizeof *list->list);
    list->list[list->count++] = request;
}

static double processor(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time)) die("the server is gone");
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// Sends `count` requests at once, each over its connection, and reads all answers.
static void send_all(const struct WireRequests *list, size_t from, size_t count, int is_measured) {
    uint64_t start = nanoseconds();
    for (size_t index = 0; index < count; index++) {
        client_send(clients[index], &list->list[(from + index) % list->count], start);
    }
    while (count) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 10000);
        if (ready <= 0) die("no answer in 10 s");
        for (int index = 0; index < ready; index++) {
            struct Client *client = events[index].data.ptr;
            enum Progress progress = client_receive(client);
            if (progress == WAITING) continue;
            count--;
            if (progress == LOST) lost++;
            else if (!client_succeeded(client)) refused++;
            if (progress == ANSWERED && is_measured) histogram_add(&times, nanoseconds() - client->due);
        }
    }
}

int main(int count, char **arguments) {
    if (count != 6) die("usage: visits PORT SECONDS PID BETWEEN FILE");
    double limit = strtod(arguments[2], NULL), elapsed = 0, server = 0, sender = 0;
    size_t each = number(arguments[4], 0), next = 0, rounds = 0;
    clockid_t clock;
    if (clock_getcpuclockid((pid_t)number(arguments[3], 1), &clock)) die("there is no process %s", arguments[3]);
    struct WireRequests all = requests_read(arguments[5]);
    for (size_t index = 0; index < all.count; index++) take(all.list[index].kind ? &between : &visits, all.list[index]);
    if (!visits.count || (each && !between.count)) die("%s has no visits, or nothing between them", arguments[5]);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    size_t connections = visits.count > each ? visits.count : each;
    clients = allocate(NULL, connections * sizeof *clients);
    for (size_t index = 0; index < connections; index++) clients[index] = client_new((int)number(arguments[1], 1), epoll);

    for (double end = seconds() + limit; seconds() < end; rounds++) {
        if (each) send_all(&between, next, each, 0);
        next = (next + each) % (each ? between.count : 1);
        double start = seconds(), start_server = processor(clock), start_sender = cpu_seconds();
        send_all(&visits, 0, visits.count, rounds > 0);
        if (!rounds) continue;  // The first visit is nobody's return.
        elapsed += seconds() - start;
        server += processor(clock) - start_server;
        sender += cpu_seconds() - start_sender;
    }
    printf("{\"rounds\":%zu,\"visits\":%zu,\"seconds\":%.6f,\"server_cpu_seconds\":%.6f,\"sender_cpu_seconds\":%.6f,"
           "\"refused\":%llu,\"lost\":%llu,\"all\":",
           rounds, rounds ? (rounds - 1) * visits.count : 0, elapsed, server, sender, (unsigned long long)refused,
           (unsigned long long)lost);
    histogram_print(&times, stdout);
    printf("}\n");
}
