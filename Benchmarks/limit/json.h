// Writes JSON at the end of a buffer that grows.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct Buffer {
    char *bytes;
    size_t size, capacity;
};

// Makes room for `more` bytes behind the end.
void buffer_reserve(struct Buffer *buffer, size_t more);

void json_number(struct Buffer *buffer, uint64_t value);

// A string of UTF-8, with its quotes.
void json_string(struct Buffer *buffer, const void *bytes, size_t size);

// Milliseconds since 1970 UTC as RFC 3339, with its quotes.
void json_time(struct Buffer *buffer, int64_t milliseconds);

// A number to the base of 36, without quotes.
void json_base36(struct Buffer *buffer, uint64_t value);

// Bytes in hexadecimal, without quotes.
void json_hex(struct Buffer *buffer, const unsigned char *bytes, size_t size);

static inline void json_bytes(struct Buffer *buffer, const char *text, size_t size) {
    buffer_reserve(buffer, size);
    memcpy(buffer->bytes + buffer->size, text, size);
    buffer->size += size;
}

// A string literal as it stands.
#define json_literal(buffer, text) json_bytes(buffer, text, sizeof(text) - 1)
