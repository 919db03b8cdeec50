// Sends requests at a constant rate, whether or not earlier ones are answered, and measures each from the moment at
// which it was due. So a server that stalls for 100 ms is charged with every request that fell due meanwhile, which a
// closed loop (wrk) would not have sent ("coordinated omission").
//
//     openloop PORT CONNECTIONS RATE SECONDS FILE
//
// A connection carries one request at a time; a request that is due while all are busy waits, and its wait counts.
// The requests of FILE are sent in order, and again from the first when they are used up. Requests that fell due are
// still answered for up to 5 s after the end. Prints one JSON object.
#include "common.h"
#include "histogram.h"
#include "requests.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER_ROOM = 8192, DRAIN_SECONDS = 5 };

struct Connection {
    int socket;
    uint8_t kind;
    uint64_t due;
    size_t header_size, body_left;
    int has_header;
    char header[HEADER_ROOM];
};

static struct Histogram all, kinds[KINDS];
static struct WireRequests requests;
static struct Connection **idle;
static size_t idle_count, busy_count;
static uint64_t started, answered, refused, lost, body_bytes;
static int port, epoll;

static uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void connect_to_server(struct Connection *connection) {
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection->socket, (struct sockaddr *)&address, sizeof address)) {
        die("cannot connect to port %d: %s", port, strerror(errno));
    }
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->socket, &event)) die("epoll_ctl: %s", strerror(errno));
}

static void send_next(uint64_t due) {
    struct Connection *connection = idle[--idle_count];
    const struct WireRequest *request = &requests.list[started++ % requests.count];
    connection->kind = request->kind;
    connection->due = due;
    connection->header_size = connection->body_left = 0;
    connection->has_header = 0;
    busy_count++;
    // Requests are far smaller than a socket's buffer, so one call takes all; a connection that is lost shows when its
    // answer is read.
    (void)!send(connection->socket, request->bytes, request->size, MSG_NOSIGNAL);
}

static void finish(struct Connection *connection) {
    uint64_t latency = nanoseconds() - connection->due;
    histogram_add(&all, latency);
    histogram_add(&kinds[connection->kind], latency);
    answered++;
    if (connection->header[9] != '2') refused++;
    busy_count--;
    idle[idle_count++] = connection;
}

static void fail(struct Connection *connection) {
    lost++;
    busy_count--;
    close(connection->socket);
    connect_to_server(connection);
    idle[idle_count++] = connection;
}

// Reads the length of the body out of a whole header.
static size_t content_length(char *header) {
    for (char *line = header; (line = strstr(line, "\r\n")); ) {
        line += 2;
        if (!strncasecmp(line, "content-length:", 15)) return strtoull(line + 15, NULL, 10);
    }
    return 0;
}

static void receive(struct Connection *connection) {
    static char scratch[1 << 18];
    ssize_t count;
    if (connection->has_header) {
        count = recv(connection->socket, scratch, sizeof scratch, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0 || (size_t)count > connection->body_left) return fail(connection);
        connection->body_left -= (size_t)count;
    } else {
        char *end = connection->header + connection->header_size;
        count = recv(connection->socket, end, HEADER_ROOM - 1 - connection->header_size, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return fail(connection);
        connection->header_size += (size_t)count;
        end[count] = 0;
        char *blank = strstr(connection->header, "\r\n\r\n");
        if (!blank) {
            if (connection->header_size == HEADER_ROOM - 1) fail(connection);
            return;
        }
        size_t body = connection->header_size - (size_t)(blank + 4 - connection->header);
        blank[2] = 0;
        size_t length = content_length(connection->header);
        if (body > length) return fail(connection);
        connection->has_header = 1;
        connection->body_left = length - body;
        body_bytes += length;
    }
    if (!connection->body_left) finish(connection);
}

static void wait_for_answers(uint64_t until) {
    struct epoll_event events[256];
    uint64_t now = nanoseconds(), left = until > now ? until - now : 0;
    struct timespec timeout = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    int count = epoll_pwait2(epoll, events, 256, &timeout, NULL);
    for (int index = 0; index < count; index++) {
        struct Connection *connection = events[index].data.ptr;
        receive(connection);
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
    port = (int)number(arguments[1], 1);
    size_t connections = number(arguments[2], 1);
    double rate = strtod(arguments[3], NULL), length = strtod(arguments[4], NULL);
    if (rate <= 0 || length <= 0) die("rate and seconds must be more than 0");
    requests = requests_read(arguments[5]);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    idle = allocate(NULL, connections * sizeof *idle);
    for (; idle_count < connections; idle_count++) {
        idle[idle_count] = allocate(NULL, sizeof **idle);
        connect_to_server(idle[idle_count]);
    }

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
