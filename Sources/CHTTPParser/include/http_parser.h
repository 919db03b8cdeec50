#pragma once
#include <stddef.h>
#include <stdint.h>

// The parser of Boost.Beast (basic_parser, header only) with a face in C: heads of requests, and bodies in chunks.
//
// It is as strict as RFC 9112 asks, and stricter where two readers could disagree. It copies nothing: what it finds are
// places in the bytes that it was given. One parser serves one message at a time, and any number one after the other.

#ifdef __cplusplus
extern "C" {
#endif

// A piece of the head, counted from its first byte.
typedef struct martlet_span {
    uint32_t start, count;
} martlet_span;

typedef struct martlet_field {
    martlet_span name, value;
} martlet_field;

// The most header lines of one request.
enum { martlet_most_fields = 100 };

// Why a message is refused.
typedef enum martlet_fault {
    martlet_fault_none = 0,
    martlet_fault_request_line,
    martlet_fault_version,
    martlet_fault_unsupported_version,
    martlet_fault_field_name,
    martlet_fault_field_value,
    martlet_fault_line_ending,
    martlet_fault_content_length,
    martlet_fault_transfer_encoding,
    martlet_fault_too_many_fields,
    martlet_fault_chunk,
    martlet_fault_chunk_line,
    martlet_fault_trailer,
} martlet_fault;

typedef struct martlet_head {
    martlet_span method, target;
    // 0 or 1: the digit behind "HTTP/1.".
    uint32_t minor_version;
    // Whether the connection may go on after the answer, as version and Connection say.
    uint32_t keeps_alive;
    uint32_t field_count;
    martlet_field fields[martlet_most_fields];
} martlet_head;

static inline const martlet_field *martlet_head_fields(const martlet_head *head) { return head->fields; }

typedef struct martlet_parser martlet_parser;

// NULL when there is no memory.
martlet_parser *martlet_parser_new(void);
void martlet_parser_free(martlet_parser *parser);

// Parses a whole head, up to and with the empty line. A second digit of the version above 1 is read as 1, in place.
martlet_fault martlet_parser_head(martlet_parser *parser, char *bytes, size_t count);

// The head that was parsed last.
const martlet_head *martlet_parser_parsed(const martlet_parser *parser);

// Takes the next bytes of the chunked body whose head this parser has parsed.
//
// Returns how many of the bytes it has used; what is left must come again, with more behind it, unless the body is
// complete. Each piece of content goes to `receive`, which says whether to go on; if not, the call ends and the piece
// counts as used.
typedef struct martlet_chunks {
    void *context;
    int (*receive)(void *context, const char *bytes, size_t count);
} martlet_chunks;

size_t martlet_parser_chunks(martlet_parser *parser, const char *bytes, size_t count, martlet_chunks content,
                             martlet_fault *fault, int *is_complete);

#ifdef __cplusplus
}
#endif
