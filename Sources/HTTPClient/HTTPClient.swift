internal import CCurl

/// Asks one server, over a connection that stays open. Blocks; not `Sendable`, as it has one request at a time.
///
/// Redirections are not followed: a key goes to the server that it was given for and to no other.
public final class HTTPClient {
    /// What can be done.
    public enum Method: Sendable {
        case get
        /// Without a body.
        case post
    }

    private let handle: UnsafeMutableRawPointer
    private let headers: UnsafeMutablePointer<curl_slist>?
    private let address: ServerAddress
    private let problem = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var received: [UInt8] = []

    /// Bodies above this size are not for us.
    private static let bodyLimit = 1 << 20
    private static let isStarted = martlet_curl_start() == CURLE_OK

    /// Prepares to ask; connects at the first request.
    ///
    /// - Parameters:
    ///   - key: goes into the header `api-key`; visible ASCII.
    ///   - agent: what the client calls itself.
    public init(_ address: ServerAddress, key: String, agent: String) {
        guard Self.isStarted, let handle = curl_easy_init() else { preconditionFailure("no memory for libcurl") }
        self.handle = handle
        self.address = address
        headers = curl_slist_append(nil, "api-key: \(key)")
        set(CURLOPT_USERAGENT, agent)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT, 10)
        set(CURLOPT_TIMEOUT, 60)
        Self.check(martlet_curl_set_headers(handle, headers))
        Self.check(martlet_curl_set_error_buffer(handle, problem))
        let context = Unmanaged.passUnretained(self).toOpaque()
        Self.check(
            martlet_curl_set_receiver(
                handle,
                { bytes, size, count, context in
                    let client = Unmanaged<HTTPClient>.fromOpaque(context!).takeUnretainedValue()
                    return client.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
                }, context))
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
        problem.deallocate()
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Parameter path: begins with a slash.
    /// - Throws: when the server cannot be reached, or does not answer to the end.
    public func send(_ method: Method, _ path: String) throws(HTTPClientError) -> HTTPAnswer {
        let url = "\(address)\(path)"
        set(CURLOPT_URL, url)
        switch method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .post:
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE, 0)
            set(CURLOPT_COPYPOSTFIELDS, "")
        }
        received = []
        problem[0] = 0
        let code = curl_easy_perform(handle)
        guard code == CURLE_OK else {
            let words = problem[0] == 0 ? curl_easy_strerror(code)! : UnsafePointer(problem)
            throw HTTPClientError(url: url, reason: String(cString: words))
        }
        return HTTPAnswer(status: martlet_curl_status(handle), body: received)
    }

    /// - Returns: how many bytes were taken; fewer than were given end the request.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard received.count + bytes.count <= Self.bodyLimit else { return 0 }
        received.append(contentsOf: bytes)
        return bytes.count
    }

    private func set(_ option: CURLoption, _ text: String) { Self.check(martlet_curl_set_text(handle, option, text)) }

    private func set(_ option: CURLoption, _ number: Int) {
        Self.check(martlet_curl_set_number(handle, option, number))
    }

    /// Options that this libcurl does not know, or memory that is not there: nothing that a caller could mend.
    private static func check(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl: \(String(cString: curl_easy_strerror(code)))")
    }
}
