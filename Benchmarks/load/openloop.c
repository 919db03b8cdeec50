// Sends requests at a constant rate, whether or not earlier ones are answered, and measures each from the moment at
// which it was due. So a server that stalls for 100 ms is charged with every request that fell due meanwhile, which a
// closed loop (wrk) would not have sent ("coordinated omission").
//
//     openloop PORT CONNECTIONS RATE SECONDS FILE
//
// A connection carries one request at a time; a request that is due while all are busy waits, and its wait counts.
// The requests of FILE are sent in order, and again from the first when they are used up. Requests that fell due are
// still answered for up to 5 s after the end. Prints one JSON object.
#include "client.h"
#include "common.h"
#include "histogram.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

enum { DRAIN_SECONDS = 5 };

static struct Histogram all, kinds[KINDS];
static struct WireRequests requests;
static struct Client **idle;
static size_t idle_count, busy_count;
static uint64_t started, answered, refused, lost, body_bytes;
static int epoll;

static void send_next(uint64_t due) {
    busy_count++;
    client_send(idle[--idle_count], &requests.list[started++ % requests.count], due);
}

static void receive(struct Client *client) {
    enum Progress progress = client_receive(client);
    if (progress == WAITING) return;
    busy_count--;
    idle[idle_count++] = client;
    if (progress == LOST) {
        lost++;
        return;
    }
    uint64_t latency = nanoseconds() - client->due;
    histogram_add(&all, latency);
    histogram_add(&kinds[client->kind], latency);
    answered++;
    body_bytes += client->body_size;
    if (!client_succeeded(client)) refused++;
}

static void wait_for_answers(uint64_t until) {
    struct epoll_event events[256];
    uint64_t now = nanoseconds(), left = until > now ? until - now : 0;
    struct timespec timeout = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    int count = epoll_pwait2(epoll, events, 256, &timeout, NULL);
    for (int index = 0; index < count; index++) {
        receive(events[index].data.ptr);
    }
}

static void print(uint64_t due, double elapsed, double rate) {
    printf("{\"due\":%llu,\"answered\":%llu,\"refused\":%llu,\"lost\":%llu,\"unanswered\":%llu,\"asked_rate\":%.1f,"
           "\"rate\":%.1f,\"seconds\":%.3f,\"body_bytes\":%llu,\"sender_cpu_seconds\":%.3f,\"all\":",
           (unsigned long long)due, (unsigned long long)answered, (unsigned long long)refused,
           (unsigned long long)lost, (unsigned long long)(due - answered - lost), rate, (double)answered / elapsed,
           elapsed, (unsigned long long)body_bytes, cpu_seconds());
    histogram_print(&all, stdout);
    printf(",\"kinds\":{");
    const char *comma = "";
    for (int kind = 0; kind < KINDS; kind++) {
        if (!kinds[kind].count) continue;
        printf("%s\"%d\":", comma, kind);
        histogram_print(&kinds[kind], stdout);
        comma = ",";
    }
    printf("}}\n");
}

int main(int count, char **arguments) {
    if (count != 6) die("usage: openloop PORT CONNECTIONS RATE SECONDS FILE");
    int port = (int)number(arguments[1], 1);
    size_t connections = number(arguments[2], 1);
    double rate = strtod(arguments[3], NULL), length = strtod(arguments[4], NULL);
    if (rate <= 0 || length <= 0) die("rate and seconds must be more than 0");
    requests = requests_read(arguments[5]);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    idle = allocate(NULL, connections * sizeof *idle);
    for (; idle_count < connections; idle_count++) idle[idle_count] = client_new(port, epoll);

    uint64_t total = (uint64_t)(rate * length), start = nanoseconds() + 10000000;
    uint64_t end = start + (uint64_t)(length * 1e9), give_up = end + DRAIN_SECONDS * 1000000000ull, now;
    double interval = 1e9 / rate;
    while ((now = nanoseconds()) < give_up && (started < total || busy_count)) {
        uint64_t due = start + (uint64_t)((double)started * interval);
        while (started < total && idle_count && due <= now) {
            send_next(due);
            due = start + (uint64_t)((double)started * interval);
        }
        wait_for_answers(started < total && idle_count ? due : give_up);
    }
    now = nanoseconds();
    print(total, (double)((now > end ? now : end) - start) * 1e-9, rate);
}
