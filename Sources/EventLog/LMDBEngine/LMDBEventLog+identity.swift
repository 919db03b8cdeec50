import LMDB

extension LMDBEventLog {
    /// Reads a log's identity and head, or makes it a log if it is empty and `mayCreate` says so.
    static func identify(
        _ environment: Environment, _ tables: LogTables, mayCreate: Bool
    ) throws -> (identity: [UInt8], head: LogHead) {
        if let known = try identify(environment, tables) { return known }
        guard mayCreate else { throw LogCorruption.tablesAreGone(from: environment.path) }
        var generator = SystemRandomNumberGenerator()
        let identity = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try environment.write { transaction in
            for (key, value) in [(text("format"), text(LogTables.format)), (text("identity"), identity)] {
                try key.withUnsafeBytes { key in
                    try value.withUnsafeBytes { try transaction.put(tables.meta, key, $0) }
                }
            }
        }
        return (identity, LogHead())
    }

    /// Reads a log's identity and head; `nil` where there is nothing at all yet.
    static func identify(_ environment: Environment, _ tables: LogTables) throws -> (identity: [UInt8], head: LogHead)?
    {
        let known = try environment.read { transaction in
            let format = try text("format").withUnsafeBytes { try transaction.get(tables.meta, $0) }.map { Array($0) }
            let identity = try text("identity").withUnsafeBytes { try transaction.get(tables.meta, $0) }.map {
                Array($0)
            }
            return (format: format, identity: identity, head: try transaction.logHead(tables))
        }
        if let format = known.format, format != text(LogTables.format) {
            throw LogCorruption(
                position: 0,
                problem: "its format is \"\(String(decoding: format, as: UTF8.self))\", this martlet reads "
                    + "\"\(LogTables.format)\"; use the martlet that wrote it")
        }
        if known.format != nil, let identity = known.identity { return (identity, known.head) }
        guard known.format == nil, known.identity == nil, known.head.position == 0 else {
            throw LogCorruption.tablesAreGone(from: environment.path)
        }
        return nil
    }

    private static func text(_ string: String) -> [UInt8] { Array(string.utf8) }
}

extension LogError {
    /// Sorts an error of the writer's transaction.
    init(_ error: any Error) {
        switch error {
        case let error as LogError: self = error
        case let error as LMDBError where error.isCorruption:
            self = .corrupt(LogCorruption(position: 0, problem: "\(error); restore a backup"))
        case let error as LMDBError: self = .storage(error)
        case let error as LogCorruption: self = .corrupt(error)
        default: self = .corrupt(LogCorruption(position: 0, problem: "\(error)"))
        }
    }
}
