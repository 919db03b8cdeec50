import LMDB

extension LMDBEventLog {
    /// Reads what a log says of itself, and makes it a log first if it is empty and `mayCreate` says so.
    static func identify(_ environment: Environment, _ tables: LogTables, mayCreate: Bool) throws -> LogState {
        if let state = try environment.read({ try LogState($0, tables, in: environment.path) }) { return state }
        guard mayCreate else { throw LogCorruption.tablesAreGone(from: environment.path) }
        var generator = SystemRandomNumberGenerator()
        let identity = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return try environment.write { transaction in
            try transaction.putMeta("format", LogFormat.newest, tables)
            try transaction.putMeta("identity", identity, tables)
            return try LogState(transaction, tables, in: environment.path)!
        }
    }

    /// Brings a log of an older format to the newest one, in one transaction.
    ///
    /// - Throws: ``LogCorruption`` where a record is missing or damaged: the hash chain would vouch for it.
    static func upgrade(_ environment: Environment, _ tables: LogTables, _ state: LogState) throws {
        guard state.format == .first else { return }
        try environment.write { try $0.addChain(identity: state.identity, tables) }
    }
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
