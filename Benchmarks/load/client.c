#include "client.h"

#include "common.h"

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

uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void connect_to_server(struct Client *client) {
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)client->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client->socket, (struct sockaddr *)&address, sizeof address)) {
        die("cannot connect to port %d: %s", client->port, strerror(errno));
    }
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->socket, &event)) die("epoll_ctl: %s", strerror(errno));
}

struct Client *client_new(int port, int epoll) {
    struct Client *client = allocate(NULL, sizeof *client);
    client->port = port;
    client->epoll = epoll;
    connect_to_server(client);
    return client;
}

void client_send(struct Client *client, const struct WireRequest *request, uint64_t due) {
    client->kind = request->kind;
    client->due = due;
    client->header_size = client->body_left = client->body_size = 0;
    client->has_header = 0;
    // Requests are far smaller than a socket's buffer, so one call takes all; a connection that is lost shows when its
    // answer is read.
    (void)!send(client->socket, request->bytes, request->size, MSG_NOSIGNAL);
}

int client_succeeded(const struct Client *client) { return client->header[9] == '2'; }

static enum Progress lose(struct Client *client) {
    close(client->socket);
    connect_to_server(client);
    return LOST;
}

// Reads the length of the body out of a whole header.
static size_t content_length(char *header) {
    for (char *line = header; (line = strstr(line, "\r\n")); ) {
        line += 2;
        if (!strncasecmp(line, "content-length:", 15)) return strtoull(line + 15, NULL, 10);
    }
    return 0;
}

enum Progress client_receive(struct Client *client) {
    static char scratch[1 << 18];
    ssize_t count;
    if (client->has_header) {
        count = recv(client->socket, scratch, sizeof scratch, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return WAITING;
        if (count <= 0 || (size_t)count > client->body_left) return lose(client);
        client->body_left -= (size_t)count;
    } else {
        char *end = client->header + client->header_size;
        count = recv(client->socket, end, HEADER_ROOM - 1 - client->header_size, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return WAITING;
        if (count <= 0) return lose(client);
        client->header_size += (size_t)count;
        end[count] = 0;
        char *blank = strstr(client->header, "\r\n\r\n");
        if (!blank) return client->header_size == HEADER_ROOM - 1 ? lose(client) : WAITING;
        size_t body = client->header_size - (size_t)(blank + 4 - client->header);
        blank[2] = 0;
        client->body_size = content_length(client->header);
        if (body > client->body_size) return lose(client);
        client->has_header = 1;
        client->body_left = client->body_size - body;
    }
    return client->body_left ? WAITING : ANSWERED;
}
