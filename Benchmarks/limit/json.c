#include "json.h"

#include "common.h"

void buffer_reserve(struct Buffer *buffer, size_t more) {
    if (buffer->capacity - buffer->size >= more) return;
    buffer->capacity = 2 * buffer->capacity + more;
    buffer->bytes = allocate(buffer->bytes, buffer->capacity);
}

static void digits(struct Buffer *buffer, uint64_t value, unsigned base) {
    char text[64];
    int start = sizeof text;
    do {
        text[--start] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % base];
        value /= base;
    } while (value);
    json_bytes(buffer, text + start, sizeof text - (size_t)start);
}

void json_number(struct Buffer *buffer, uint64_t value) { digits(buffer, value, 10); }

void json_base36(struct Buffer *buffer, uint64_t value) { digits(buffer, value, 36); }

// Whether one of eight bytes is a quote, a backslash or below 0x20.
static int needs_escape(uint64_t word) {
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    uint64_t quotes = word ^ (ones * '"'), backslashes = word ^ (ones * '\\');
    uint64_t found = ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes);
    return (found & highs) != 0;
}

void json_string(struct Buffer *buffer, const void *bytes, size_t size) {
    buffer_reserve(buffer, 6 * size + 2);
    const unsigned char *source = bytes;
    char *target = buffer->bytes + buffer->size;
    *target++ = '"';
    for (size_t index = 0; index < size;) {
        uint64_t word;
        if (index + 8 <= size && (memcpy(&word, source + index, 8), !needs_escape(word))) {
            memcpy(target, &word, 8);
            target += 8;
            index += 8;
            continue;
        }
        unsigned char byte = source[index++];
        if (byte == '"' || byte == '\\') {
            *target++ = '\\';
            *target++ = (char)byte;
        } else if (byte == '\n') {
            *target++ = '\\';
            *target++ = 'n';
        } else if (byte < 0x20) {
            memcpy(target, "\\u00", 4);
            target[4] = "01"[byte >> 4];
            target[5] = "0123456789abcdef"[byte & 15];
            target += 6;
        } else {
            *target++ = (char)byte;
        }
    }
    *target++ = '"';
    buffer->size = (size_t)(target - buffer->bytes);
}

static void fixed(char *target, unsigned value, int width) {
    while (width--) {
        target[width] = (char)('0' + value % 10);
        value /= 10;
    }
}

void json_time(struct Buffer *buffer, int64_t milliseconds) {
    int64_t day = milliseconds / 86400000, rest = milliseconds % 86400000;
    if (rest < 0) rest += 86400000, day--;
    // Days to year, month and day of the proleptic Gregorian calendar, in eras of 400 years that begin in March.
    int64_t shifted = day + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    unsigned of_era = (unsigned)(shifted - era * 146097);
    unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned month = (5 * of_year + 2) / 153, date = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    unsigned year = (unsigned)(year_of_era + era * 400) + (month <= 2), second = (unsigned)(rest / 1000);
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    fixed(text + 1, year, 4);
    fixed(text + 6, month, 2);
    fixed(text + 9, date, 2);
    fixed(text + 12, second / 3600, 2);
    fixed(text + 15, second / 60 % 60, 2);
    fixed(text + 18, second % 60, 2);
    fixed(text + 21, (unsigned)(rest % 1000), 3);
    json_bytes(buffer, text, sizeof text - 1);
}

void json_hex(struct Buffer *buffer, const unsigned char *bytes, size_t size) {
    buffer_reserve(buffer, 2 * size);
    for (size_t index = 0; index < size; index++) {
        buffer->bytes[buffer->size++] = "0123456789abcdef"[bytes[index] >> 4];
        buffer->bytes[buffer->size++] = "0123456789abcdef"[bytes[index] & 15];
    }
}
