internal import CCurl

/// Where a server is: `https://birds.example.org`, `http://127.0.0.1:8080`, with a path in front of its own if a proxy
/// needs one.
public struct ServerAddress: Sendable, CustomStringConvertible {
    /// The address, without a slash at its end.
    public let description: String

    /// Reads an address; `nil` unless it has a scheme, `http` or `https`, and a host, and neither a user, a query nor a
    /// fragment.
    public init?(_ text: String) {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK else { return nil }
        func part(_ part: CURLUPart) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard let scheme = part(CURLUPART_SCHEME), ["http", "https"].contains(scheme), part(CURLUPART_HOST) != nil,
            part(CURLUPART_USER) == nil, part(CURLUPART_QUERY) == nil, part(CURLUPART_FRAGMENT) == nil,
            let url = part(CURLUPART_URL)
        else { return nil }
        description = String(url.reversed().drop { $0 == "/" }.reversed())
    }
}
