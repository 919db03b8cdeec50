/// The formats of a log's tables, by the name that a log has for its own.
enum LogFormat: String, CaseIterable {
    /// Without a hash chain.
    case first = "martlet-log 1"
    /// With a hash chain.
    case second = "martlet-log 2"

    /// What is written.
    static let newest = second

    /// - Throws: ``LogCorruption`` that says who can read it.
    init(_ bytes: [UInt8]) throws(LogCorruption) {
        let name = String(decoding: bytes, as: UTF8.self)
        guard let format = Self(rawValue: name) else {
            let known = Self.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " and ")
            throw LogCorruption(
                position: 0,
                problem: "its format is \"\(name)\", this martlet reads \(known); use the martlet that wrote it")
        }
        self = format
    }
}
