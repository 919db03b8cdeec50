/// The format of a log's tables, by the name that a log has for its own.
enum LogFormat {
    /// What is written, and all that is read.
    static let name = "martlet-log 2"

    /// - Throws: ``LogCorruption`` that names the format of a log that this program does not read.
    static func check(_ bytes: [UInt8]) throws(LogCorruption) {
        let found = String(decoding: bytes, as: UTF8.self)
        guard found == name else {
            throw LogCorruption(
                position: 0,
                problem: "its format is \"\(found)\", this martlet reads \"\(name)\"; use the martlet that wrote it")
        }
    }
}
