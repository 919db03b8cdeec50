// A connection of a sender: one request at a time, and its answer read to the end.
#pragma once
#include "requests.h"

enum { HEADER_ROOM = 8192 };

enum Progress { WAITING, ANSWERED, LOST };

struct Client {
    int socket, port, epoll;
    uint8_t kind;
    uint64_t due;
    size_t header_size, body_left, body_size;
    int has_header;
    char header[HEADER_ROOM];
};

// Nanoseconds of a clock that never goes back.
uint64_t nanoseconds(void);

// Connects to a port of 127.0.0.1, and lets the epoll tell of answers.
struct Client *client_new(int port, int epoll);

// Sends a request that was due at some time.
void client_send(struct Client *client, const struct WireRequest *request, uint64_t due);

// Reads what has come. A connection that was lost is made anew.
enum Progress client_receive(struct Client *client);

// Whether the answer was a 2xx.
int client_succeeded(const struct Client *client);
