#include "loop.h"

#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_ROOM = 4096, IDLE_MILLISECONDS = 250 };

struct Connection {
    int socket, is_blocked;
    size_t received, sent;
    struct Buffer output;
    char input[REQUEST_ROOM];
};

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) {
        die("cannot listen on port %d: %s", port, strerror(errno));
    }
    return listener;
}

static void watch(int epoll, int operation, int descriptor, void *owner, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = owner};
    if (epoll_ctl(epoll, operation, descriptor, &event)) die("epoll_ctl: %s", strerror(errno));
}

static void accept_all(int epoll, int listener) {
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), yes = 1;
        if (client < 0) return;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct Connection *connection = allocate(NULL, sizeof *connection);
        memset(connection, 0, offsetof(struct Connection, input));
        connection->socket = client;
        watch(epoll, EPOLL_CTL_ADD, client, connection, EPOLLIN);
    }
}

static void drop(struct Connection *connection) {
    close(connection->socket);
    free(connection->output.bytes);
    free(connection);
}

static void answer(struct Connection *connection, size_t size, struct Buffer *body, Handler *handler, void *context) {
    struct Request request = {0};
    char *input = connection->input, *space = memchr(input, ' ', size);
    if (space) {
        request.target = space + 1;
        char *end = memchr(space + 1, ' ', size - (size_t)(space + 1 - input));
        request.target_size = end ? (size_t)(end - request.target) : 0;
    }
    char *key = memmem(input, size, "api-key: ", 9);
    if (key) {
        request.key = key + 9;
        request.key_size = (size_t)((char *)memchr(key, '\r', size - (size_t)(key - input)) - request.key);
    }
    body->size = 0;
    struct Answer made = {.body = body, .status = 200};
    handler(context, &request, &made);
    char header[200];
    int length = snprintf(header, sizeof header,
                          "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nMartlet-Position: %llu\r\n"
                          "Content-Length: %zu\r\n\r\n",
                          made.status, made.status < 300 ? "OK" : "Error", (unsigned long long)made.position,
                          body->size);
    json_bytes(&connection->output, header, (size_t)length);
    json_bytes(&connection->output, body->bytes, body->size);
}

// Sends what is left; 0 if the connection is lost.
static int send_rest(int epoll, struct Connection *connection) {
    struct Buffer *output = &connection->output;
    while (connection->sent < output->size) {
        ssize_t count = send(connection->socket, output->bytes + connection->sent, output->size - connection->sent,
                             MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) {
            connection->is_blocked = 1;
            watch(epoll, EPOLL_CTL_MOD, connection->socket, connection, EPOLLIN | EPOLLOUT);
            return 1;
        }
        if (count < 0) return 0;
        connection->sent += (size_t)count;
    }
    output->size = connection->sent = 0;
    if (connection->is_blocked) watch(epoll, EPOLL_CTL_MOD, connection->socket, connection, EPOLLIN);
    connection->is_blocked = 0;
    return 1;
}

// How many bytes the body has. Only a request that posts something is asked, so that reads do not pay for it.
static size_t body_size(const char *header, size_t size) {
    if (header[0] != 'P') return 0;
    char *length = memmem(header, size, "Content-Length: ", 16);
    return length ? strtoull(length + 16, NULL, 10) : 0;
}

static int receive(struct Connection *connection, struct Buffer *body, Handler *handler, void *context) {
    ssize_t count = recv(connection->socket, connection->input + connection->received,
                         sizeof connection->input - connection->received, 0);
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return 0;
    connection->received += (size_t)count;
    for (;;) {
        char *end = memmem(connection->input, connection->received, "\r\n\r\n", 4);
        if (!end) return connection->received < sizeof connection->input;
        size_t size = (size_t)(end + 4 - connection->input);
        size += body_size(connection->input, size);
        if (size > connection->received) return size <= sizeof connection->input;
        answer(connection, size, body, handler, context);
        connection->received -= size;
        memmove(connection->input, connection->input + size, connection->received);
    }
}

void loop_run(int port, Handler *handler, RoundEnd *end, void *context) {
    int listener = listen_on(port), epoll = epoll_create1(EPOLL_CLOEXEC);
    struct Buffer body = {0};
    struct epoll_event events[512];
    watch(epoll, EPOLL_CTL_ADD, listener, NULL, EPOLLIN);
    for (;;) {
        int count = epoll_wait(epoll, events, 512, end ? IDLE_MILLISECONDS : -1), live = 0;
        for (int index = 0; index < count; index++) {
            struct Connection *connection = events[index].data.ptr;
            if (!connection) {
                accept_all(epoll, listener);
                continue;
            }
            int lives = 1;
            if (events[index].events & ~(uint32_t)EPOLLOUT) lives = receive(connection, &body, handler, context);
            if (lives && !end && connection->output.size) lives = send_rest(epoll, connection);
            if (lives) events[live++].data.ptr = connection;
            else drop(connection);
        }
        if (!end) continue;
        end(context);
        for (int index = 0; index < live; index++) {
            struct Connection *connection = events[index].data.ptr;
            if (connection->output.size && !send_rest(epoll, connection)) drop(connection);
        }
    }
}
