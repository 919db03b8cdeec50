import ContractChecks
import FoundationEssentials

extension Server {
    /// What `GET /admin/projectors` says, to the account `admin`.
    func projectors() throws -> JSONValue {
        let answer = try connect("key-admin").call("GET", "/admin/projectors")
        guard answer.status == 200, let json = answer.json else { throw Unexpected("\(answer.text)") }
        return json
    }

    /// Has the read models rebuilt and waits for the end.
    ///
    /// - Returns: what became of it.
    @discardableResult
    func rebuild() throws -> JSONValue? {
        let begun = try connect("key-admin").call("POST", "/admin/replay")
        guard begun.status == 202 else { throw Unexpected("\(begun.text)") }
        var rebuild: JSONValue?
        try wait(for: "the end of the rebuild") {
            rebuild = try projectors()["rebuild"]
            return rebuild?["state"] != .string("running")
        }
        return rebuild
    }

    /// Files below a path that the server has open or mapped although they were removed.
    func removedFiles(below path: String) -> [String] {
        let process = "/proc/\(process.id)"
        let maps = String(decoding: (try? Data(contentsOf: URL(filePath: process + "/maps"))) ?? Data(), as: UTF8.self)
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: process + "/fd")) ?? []
        let links = descriptors.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: process + "/fd/" + $0)
        }
        return (maps.split(separator: "\n").map { String($0) } + links).filter {
            $0.contains(path) && $0.hasSuffix("(deleted)")
        }
    }
}
