import LMDB

extension LMDBEventLog {
    /// Reads what a log says of itself, and makes it a log first if it is empty and `mayCreate` says so.
    static func identify(_ environment: Environment, _ tables: LogTables, mayCreate: Bool) throws -> LogState {
        if let state = try LogState.read(environment) { return state }
        guard mayCreate else { throw LogCorruption.tablesAreGone(from: environment.path) }
        var generator = SystemRandomNumberGenerator()
        let identity = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try environment.write { transaction in
            try transaction.putFormat(tables)
            try transaction.putMeta("identity", identity, tables)
        }
        return try identify(environment, tables, mayCreate: false)
    }
}

extension LogError {
    /// Sorts an error of the writer's transaction.
    init(_ error: any Error) {
        switch error {
        case let error as LogError: self = error
        case let error as LMDBError where error.isCorruption: self = .corrupt(LogCorruption(page: error))
        case let error as LMDBError: self = .storage(error)
        case let error as LogCorruption: self = .corrupt(error)
        default: self = .corrupt(LogCorruption(position: 0, problem: "\(error)"))
        }
    }
}
