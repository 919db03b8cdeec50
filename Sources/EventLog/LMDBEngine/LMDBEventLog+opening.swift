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

    /// Brings a log of an older format to the newest one, in one transaction.
    ///
    /// - Throws: ``LogCorruption`` where a record is missing or damaged: the hash chain would vouch for it.
    static func upgrade(_ environment: Environment, _ tables: LogTables, _ state: LogState) throws {
        guard state.format == .first else { return }
        var chain = ChainHead(position: 0, hash: ChainHash(identity: state.identity))
        var milestones: [ChainHead] = []
        try environment.readLog { moment in
            _ = try moment.lendRecords(after: 0, limit: .max, until: state.head.position) { record in
                chain.append(record)
                if chain.isMilestone { milestones.append(chain) }
            }
        }
        try environment.write { transaction in
            // An upgrade that was cut off left the table, and anybody may have left anything in it.
            try transaction.clear(tables.chain)
            for milestone in milestones { try transaction.putMilestone(milestone, tables) }
            try transaction.moveChainHead(from: 0, to: chain, tables)
            try transaction.putFormat(tables)
        }
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
