internal import HTTPServer

/// A content coding (RFC 9110, section 8.4.1) in which a document can be sent.
enum ContentCoding {
    /// As it is.
    case identity
    /// Compressed with gzip.
    case gzip
}

/// What an `Accept-Encoding` header says (RFC 9110, section 12.5.3).
struct AcceptedCodings {
    /// Weights in thousandths; `nil` for what the header does not name.
    private var gzip: Int?
    private var identity: Int?
    private var others: Int?

    /// Reads the header; one that is absent accepts everything, and identity is sent then.
    init(_ header: String?) {
        for element in header?.split(separator: ",") ?? [] {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false)
            let weight = Self.weight(parts.dropFirst())
            switch parts[0].trimmed.lowercased() {
            // A coding that is named twice counts as it is named first.
            case "gzip", "x-gzip": gzip = gzip ?? weight
            case "identity": identity = identity ?? weight
            case "*": others = others ?? weight
            default: break
            }
        }
    }

    /// The better of two codings of a document; `nil` when the client takes neither.
    var best: ContentCoding? {
        let compressed = gzip ?? others ?? 0
        // What is not named is acceptable as it is, but a coding that is named is wished for.
        let plain = identity ?? (others == 0 ? 0 : others)
        if compressed > 0, compressed >= plain ?? 0 { return .gzip }
        return plain == 0 ? nil : .identity
    }

    /// A weight `q=0.5`, 1 if there is none; one that cannot be read counts as 0, since it asks for less than 1.
    private static func weight(_ parameters: ArraySlice<Substring>) -> Int {
        for parameter in parameters {
            let sides = parameter.trimmed.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, sides[0].lowercased() == "q" else { continue }
            guard let weight = Double(String(sides[1])), (0...1).contains(weight) else { return 0 }
            return Int((weight * 1000).rounded())
        }
        return 1000
    }
}

extension Exchange {
    /// Refuses a body that is compressed or changed in another way: nothing here decodes one.
    ///
    /// - Throws: 415, with the header that says what is accepted.
    func checkContentEncoding() throws(APIError) {
        guard let coding = header("Content-Encoding") else { return }
        let codings = coding.split(separator: ",").map { $0.trimmed.lowercased() }
        guard let unknown = codings.first(where: { !$0.isEmpty && $0 != "identity" }) else { return }
        var error = APIError(
            415, "unsupported_content_encoding",
            "the body has the Content-Encoding \"\(unknown.prefix(64))\"; send it as it is, without one")
        error.acceptedEncoding = "identity"
        throw error
    }
}

/// Entity tags in a request (RFC 9110, section 13.1.2).
enum EntityTags {
    /// Whether the value of `If-None-Match` names a tag, compared weakly; `*` names all.
    static func matches(_ tags: String, _ tag: String) -> Bool {
        tags.split(separator: ",").contains { candidate in
            let candidate = candidate.trimmed
            return candidate == "*" || candidate == tag || candidate == "W/" + tag
        }
    }
}
