#include "http_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/throw_exception.hpp>
#include <cstdlib>
#include <exception>
#include <new>

// Beast throws in constructors and setters that are not used here. Without exceptions Boost wants these to be defined.
namespace boost {
void throw_exception(std::exception const &) { std::abort(); }
void throw_exception(std::exception const &, boost::source_location const &) { std::abort(); }
}  // namespace boost

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

namespace {

// Framing around content may take this much more than usual: 16 bytes a chunk, and as much again as the content.
// Else tiny chunks with long extensions would cost far more than the bytes that they carry (as net/http of Go counts).
constexpr std::uint64_t most_excess = 16 * 1024;
// The longest line of a chunk, and the longest trailer with its chunk line.
constexpr std::size_t longest_chunk_line = 4 * 1024;
constexpr std::size_t longest_trailer = 8 * 1024;

martlet_fault fault_of(error_code const &code) {
    if (code == http::error::bad_method || code == http::error::bad_target) return martlet_fault_request_line;
    if (code == http::error::bad_version) return martlet_fault_version;
    if (code == http::error::bad_field) return martlet_fault_field_name;
    if (code == http::error::bad_line_ending) return martlet_fault_line_ending;
    if (code == http::error::bad_content_length) return martlet_fault_content_length;
    if (code == http::error::bad_transfer_encoding) return martlet_fault_transfer_encoding;
    if (code == http::error::bad_chunk || code == http::error::bad_chunk_extension) return martlet_fault_chunk;
    if (code == http::error::buffer_overflow) return martlet_fault_too_many_fields;
    return martlet_fault_field_value;
}

class Message final : public http::basic_parser<true> {
   public:
    explicit Message(martlet_head &head) : head_(head) {
        eager(false);
        header_limit(UINT32_MAX);
        // Bodies are bounded by who takes them. Without any limit Beast 1.74 refuses each length.
        body_limit(UINT64_MAX);
    }

    // Where the head begins in memory while it is parsed; the bytes of a body have no places.
    char const *base = nullptr;
    std::size_t head_count = 0;
    martlet_chunks content{};
    bool is_in_body = false;
    bool is_refused = false;
    // Whether the line of a chunk comes next, and whether it is the last chunk's.
    bool is_at_line = true;
    bool is_last = false;
    bool has_chunks = false;
    std::uint64_t excess = 0;

   private:
    martlet_head &head_;

    bool is_inside(string_view text) const {
        return text.empty() || (text.data() >= base && text.data() + text.size() <= base + head_count);
    }

    martlet_span span(string_view text) const {
        if (text.empty()) return {0, 0};
        return {static_cast<std::uint32_t>(text.data() - base), static_cast<std::uint32_t>(text.size())};
    }

    void on_request_impl(http::verb, string_view method, string_view target, int version, error_code &) override {
        head_.method = span(method);
        head_.target = span(target);
        head_.minor_version = static_cast<std::uint32_t>(version % 10);
    }

    void on_field_impl(http::field, string_view name, string_view value, error_code &code) override {
        // Trailers are checked and dropped: nothing here needs them, and merged into the head they would forge it.
        if (is_in_body) return;
        if (head_.field_count == martlet_most_fields) {
            code = http::error::buffer_overflow;
            return;
        }
        // A folded value was put together elsewhere. It is refused: not all readers put it together.
        if (!is_inside(value)) {
            code = http::error::bad_line_ending;
            return;
        }
        head_.fields[head_.field_count++] = {span(name), span(value)};
    }

    void on_chunk_header_impl(std::uint64_t size, string_view extension, error_code &code) override {
        excess += extension.size() + 8;
        std::uint64_t const usual = size > most_excess ? most_excess * 2 : 16 + size * 2;
        excess -= excess < usual ? excess : usual;
        if (excess > most_excess) code = http::error::bad_chunk_extension;
        is_last = size == 0;
        is_at_line = is_last;
        has_chunks = true;
    }

    std::size_t on_chunk_body_impl(std::uint64_t left, string_view bytes, error_code &code) override {
        is_at_line = left == bytes.size();
        if (!content.receive(content.context, bytes.data(), bytes.size())) {
            is_refused = true;
            code = http::error::end_of_stream;
        }
        return bytes.size();
    }

    std::size_t on_body_impl(string_view bytes, error_code &) override { return bytes.size(); }
    void on_response_impl(int, string_view, int, error_code &) override {}
    void on_header_impl(error_code &) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const &, error_code &) override {}
    void on_finish_impl(error_code &) override {}
};

}  // namespace

struct martlet_parser {
    martlet_head head;
    alignas(Message) unsigned char place[sizeof(Message)];
    Message *message;

    Message &begin() {
        if (message) message->~Message();
        head.field_count = 0;
        message = new (place) Message(head);
        return *message;
    }
};

// What can be said of the line of a chunk before Beast reads it. It begins behind the end of the last chunk.
struct ChunkLine {
    martlet_fault fault = martlet_fault_none;
    // Whether all of it is there: for the last chunk, with the trailer and its empty line.
    bool is_whole = false;

    // Beast waits for ever for the end of a line, takes a line feed between quotes, and asserts wrongly when the last
    // chunk's line comes without its trailer. So it is given whole lines only.
    ChunkLine(char const *bytes, std::size_t count, std::size_t gap) {
        if (count <= gap) return;
        char const *const line = bytes + gap;
        std::size_t const left = count - gap;
        auto const end = find(line, '\n', left < longest_chunk_line ? left : longest_chunk_line);
        if (!end) {
            if (left >= longest_chunk_line) fault = martlet_fault_chunk_line;
            return;
        }
        if (end == line || end[-1] != '\r') {
            fault = martlet_fault_chunk;
            return;
        }
        char const *digit = line;
        while (*digit == '0') ++digit;
        bool const is_last = digit != line && (*digit == '\r' || *digit == ';' || *digit == ' ' || *digit == '\t');
        if (!is_last) {
            is_whole = true;
            return;
        }
        // The trailer ends at the first empty line.
        char const *const stop = line + (left < longest_trailer ? left : longest_trailer);
        for (auto start = end + 1; auto next = find(start, '\n', static_cast<std::size_t>(stop - start)); start = next + 1) {
            // Beast would put folded lines together.
            if (next == start || next[-1] != '\r' || *start == ' ' || *start == '\t') {
                fault = martlet_fault_trailer;
                return;
            }
            if (next == start + 1) {
                is_whole = true;
                return;
            }
        }
        if (left >= longest_trailer) fault = martlet_fault_trailer;
    }

   private:
    static char const *find(char const *start, char byte, std::size_t count) {
        return static_cast<char const *>(std::memchr(start, byte, count));
    }
};

// Whether the bytes are `HTTP/` digit `.` digit CR LF.
static bool is_version(char const *bytes, std::size_t count) {
    auto const is_digit = [](char byte) { return byte >= '0' && byte <= '9'; };
    return count >= 10 && std::memcmp(bytes, "HTTP/", 5) == 0 && is_digit(bytes[5]) && bytes[6] == '.' &&
           is_digit(bytes[7]) && bytes[8] == '\r' && bytes[9] == '\n';
}

extern "C" {

martlet_parser *martlet_parser_new(void) {
    auto parser = static_cast<martlet_parser *>(std::malloc(sizeof(martlet_parser)));
    if (parser) {
        parser->message = nullptr;
        parser->head.field_count = 0;
    }
    return parser;
}

void martlet_parser_free(martlet_parser *parser) {
    if (!parser) return;
    if (parser->message) parser->message->~Message();
    std::free(parser);
}

martlet_fault martlet_parser_head(martlet_parser *parser, char *bytes, size_t count) {
    // The version is looked at first: what Beast does not know of it is an error of another kind, or none.
    auto const line_feed = static_cast<char *>(std::memchr(bytes, '\n', count));
    std::size_t const line = line_feed ? static_cast<std::size_t>(line_feed + 1 - bytes) : 0;
    if (line >= 10 && is_version(bytes + line - 10, 10)) {
        char *const version = bytes + line - 10;
        if (version[5] != '1') return martlet_fault_unsupported_version;
        // RFC 9110, 2.5: a higher minor version is processed as the highest one known.
        if (version[7] > '1') version[7] = '1';
    }
    Message &message = parser->begin();
    message.base = bytes;
    message.head_count = count;
    error_code code;
    std::size_t const used = message.put(boost::asio::const_buffer(bytes, count), code);
    if (code && !(code == http::error::need_more && message.is_header_done())) {
        return code == http::error::need_more ? martlet_fault_line_ending : fault_of(code);
    }
    if (used != count || !message.is_header_done()) return martlet_fault_line_ending;
    parser->head.keeps_alive = message.keep_alive();
    return martlet_fault_none;
}

const martlet_head *martlet_parser_parsed(const martlet_parser *parser) { return &parser->head; }

size_t martlet_parser_chunks(martlet_parser *parser, const char *bytes, size_t count, martlet_chunks content,
                             martlet_fault *fault, int *is_complete) {
    Message &message = *parser->message;
    message.is_in_body = true;
    message.content = content;
    *fault = martlet_fault_none;
    *is_complete = 0;
    std::size_t used = 0;
    // One step a turn, a line or a piece of content, so that the result does not depend on how the bytes were cut.
    while (used < count && *fault == martlet_fault_none) {
        std::size_t const left = count - used;
        if (message.is_at_line) {
            ChunkLine const line(bytes + used, left, message.has_chunks ? 2 : 0);
            *fault = line.fault;
            if (!line.is_whole) break;
        }
        error_code code;
        used += message.put(boost::asio::const_buffer(bytes + used, left), code);
        *is_complete = message.is_done();
        if (*is_complete || message.is_refused) break;
        if (code) *fault = message.is_last ? martlet_fault_trailer : martlet_fault_chunk;
    }
    return used;
}

}  // extern "C"
