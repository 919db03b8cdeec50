import ContractChecks
import Testing

/// Somebody who speaks to a server over one connection, of either transport, and checks that every answer keeps to the
/// contract.
final class APIClient {
    let wire: Wire
    var key: String?
    /// The account's id.
    let id: Int
    let name: String
    private var connection: WireConnection?

    init(_ wire: Wire, key: String?, id: Int = 0, name: String = "") {
        self.wire = wire
        self.key = key
        self.id = id
        self.name = name
    }

    /// The same account over another connection, or somebody else with another key.
    func another(key: String? = nil) -> APIClient { APIClient(wire, key: key ?? self.key, id: id, name: name) }

    /// Sends one request and checks its answer.
    ///
    /// - Parameter headers: further lines, each ended by CRLF.
    @discardableResult
    func call(
        _ method: String, _ target: String, body: [UInt8]? = nil, headers: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try send(method, target, body: body, headers: headers, sourceLocation: sourceLocation)()
    }

    /// Sends one request.
    ///
    /// - Returns: what waits for its answer, and checks it.
    func send(
        _ method: String, _ target: String, body: [UInt8]? = nil, headers: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> () throws -> Answer {
        let connection = try connection ?? wire.connect()
        self.connection = connection
        let keyLine = key.map { "api-key: \($0)\r\n" } ?? ""
        let receive = try connection.send(method, target, keyLine + headers, body: body)
        return { [self] in
            let answer = try receive()
            if answer["Connection"]?.lowercased() == "close" { self.connection = nil }
            let faults = answer.faults(isHead: method == "HEAD")
            #expect(faults.isEmpty, "\(method) \(target.prefix(200))", sourceLocation: sourceLocation)
            return answer
        }
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
