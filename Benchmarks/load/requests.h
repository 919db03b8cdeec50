// Requests that were written to a file beforehand, so that sending one costs nothing but the sending.
//
// The file holds, one after another: kind (1 byte), size (4, little-endian), the request as it goes over the wire.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { KINDS = 16 };

struct WireRequest {
    const char *bytes;
    uint32_t size;
    uint8_t kind;
};

struct WireRequests {
    struct WireRequest *list;
    size_t count;
};

struct WireRequests requests_read(const char *path);
