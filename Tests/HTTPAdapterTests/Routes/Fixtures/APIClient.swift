import ContractChecks
import Testing

/// Somebody who speaks to a server over one connection, and looks at every answer whether it keeps to the contract.
final class APIClient {
    let port: UInt16
    var key: String?
    /// The account's id.
    let id: Int
    let name: String
    private var raw: RawClient?

    init(port: UInt16, key: String?, id: Int, name: String) {
        self.port = port
        self.key = key
        self.id = id
        self.name = name
    }

    /// The same account over another connection, or somebody else with another key.
    func another(key: String? = nil) -> APIClient { APIClient(port: port, key: key ?? self.key, id: id, name: name) }

    /// Sends one request and checks its answer.
    ///
    /// - Parameter headers: further lines, each ended by CRLF.
    @discardableResult
    func call(
        _ method: String, _ target: String, body: [UInt8]? = nil, headers: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        let client = try raw ?? RawClient(port: port, timeout: 60)
        raw = client
        let keyLine = key.map { "api-key: \($0)\r\n" } ?? ""
        let length = body.map { "Content-Length: \($0.count)\r\n" } ?? ""
        try client.send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(keyLine)\(length)\(headers)\r\n")
        if let body { try? client.send(body) }
        let response = try client.readResponse(isHead: method == "HEAD")
        if response["Connection"]?.lowercased() == "close" { raw = nil }
        let answer = Answer(status: response.status, headers: response.headers, body: response.body)
        let faults = answer.faults(isHead: method == "HEAD")
        #expect(faults.isEmpty, "\(method) \(target.prefix(200))", sourceLocation: sourceLocation)
        return answer
    }

    @discardableResult
    func get(
        _ target: String, headers: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try call("GET", target, headers: headers, sourceLocation: sourceLocation)
    }

    @discardableResult
    func post(
        _ target: String, _ body: String? = nil, headers: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try call(
            "POST", target, body: Array((body ?? "").utf8), headers: headers, sourceLocation: sourceLocation)
    }

    @discardableResult
    func put(
        _ target: String, headers: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try call("PUT", target, headers: headers, sourceLocation: sourceLocation)
    }

    @discardableResult
    func delete(
        _ target: String, headers: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try call("DELETE", target, headers: headers, sourceLocation: sourceLocation)
    }

    /// Sends a form to `/api/medias`.
    func upload(
        form: MultipartForm, headers: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try call(
            "POST", "/api/medias", body: form.body,
            headers: "Content-Type: \(MultipartForm.contentType)\r\n" + headers, sourceLocation: sourceLocation)
    }
}
