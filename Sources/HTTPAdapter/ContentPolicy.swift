internal import HTTPServer
internal import Hashing

/// Header lines that tell browsers what an answer may not do.
enum ContentPolicy {
    /// The lines that all JSON of the API begins with. It is not to be taken for anything else, nor kept: it shows what
    /// only the owner of a key may see.
    static let json: StaticString =
        "Content-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"

    /// What a page of the front end may load if the operator says nothing else: its own files, and pictures and films
    /// that a script has made, so that an upload can be shown first. Styles may stand in the page, since frameworks put
    /// them there; scripts may not.
    static let frontEnd = """
        default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; \
        style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; \
        frame-ancestors 'none'
        """

    /// An uploaded file that is opened as a page shows itself and does nothing: no script runs, and its origin is not
    /// ours. The parts of it that are allowed are what browsers need to show a picture or a film by itself.
    static let media: StaticString =
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"

    /// A policy for a page that holds its one script and its one style itself: just these two, by their hashes, and
    /// requests to the server that the page came from.
    static func ofPage(_ page: [UInt8]) -> String {
        """
        default-src 'none'; script-src \(source(of: "script", in: page)); style-src \(source(of: "style", in: page)); \
        connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """
    }

    /// Adds the lines of a page.
    static func describePage(_ response: inout Response, policy: String) {
        response.add("Content-Security-Policy", string: policy)
        response.add("Referrer-Policy", "no-referrer")
    }

    /// The hash of the text between the first tag of that name and its end, as a policy writes it.
    private static func source(of tag: String, in page: [UInt8]) -> String {
        let parts = String(decoding: page, as: UTF8.self).split(separator: "<\(tag)>", maxSplits: 1)
        guard parts.count == 2, let text = parts[1].split(separator: "</\(tag)>", maxSplits: 1).first else {
            preconditionFailure("the page has no <\(tag)> without attributes")
        }
        var hash = SHA256()
        text.withCString { hash.update(UnsafeRawBufferPointer(start: $0, count: text.utf8.count)) }
        return "'sha256-\(base64(hash.finish()))'"
    }

    /// Base64 with padding (RFC 4648, section 4).
    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let piece = bytes[start..<min(start + 3, bytes.count)]
            let value = piece.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - piece.count))
            for place in 0..<4 { text.append(place <= piece.count ? digits[value >> (18 - 6 * place) & 63] : "=") }
        }
        return text
    }
}
