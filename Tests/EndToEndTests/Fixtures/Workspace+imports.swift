import ContractChecks
import FoundationEssentials
import Glibc

extension Workspace {
    /// Has the program make up a community.
    ///
    /// - Returns: its file.
    func generate(_ commands: Int, seed: Int = 1, name: String = "community.jsonl") throws -> String {
        let made = try martlet("generate", "--commands", "\(commands)", "--seed", "\(seed)", "--pictures", "9")
        guard made.status == 0 else { throw Unexpected("\(made)") }
        return try write(name, made.output)
    }

    /// Imports a file into a data directory.
    func importFile(_ file: String, into data: String, _ more: String...) throws -> Outcome {
        try start(["import", "--data", data, file] + more).wait()
    }

    /// The digests of a data directory's read models.
    func digest(_ data: String) throws -> JSONValue {
        let outcome = try martlet("digest", "--data", data)
        guard outcome.status == 0, let json = outcome.json else { throw Unexpected("\(outcome)") }
        return json
    }

    /// The digests after the read models were built anew from the log.
    func rebuiltDigest(_ data: String) throws -> JSONValue {
        try FileManager.default.removeItem(atPath: data + "/views")
        return try digest(data)
    }

    /// The newest position that is durable in a data directory, as its head file tells while a process has it open.
    func head(of data: String) -> Int {
        let text = (try? Data(contentsOf: URL(filePath: data + "/log/head"))) ?? Data()
        return Int(String(decoding: text.prefix { $0 != 10 }, as: UTF8.self)) ?? 0
    }

    /// The events of a data directory.
    func export(_ data: String) throws -> [JSONValue] {
        let outcome = try martlet("export", "--data", data)
        guard outcome.status == 0 else { throw Unexpected("\(outcome)") }
        return try outcome.jsonLines.map { line in
            guard let line else { throw Unexpected("a line of the export is no JSON") }
            return line
        }
    }
}
