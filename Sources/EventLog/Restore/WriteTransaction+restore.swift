import LMDB

/// The rows that follow from a record which is there already.
extension WriteTransaction {
    /// Makes a record the newest event of its streams.
    ///
    /// - Throws: ``LogRestoreError/versionGap(position:stream:expected:found:)``.
    borrowing func advanceStreams(_ record: RecordView, _ tables: LogTables) throws {
        try record.withStreams { name, version in
            let known =
                try get(tables.streams, name).map {
                    try StreamHead($0, of: StreamName(Array(name))).version
                } ?? 0
            guard version == known + 1 else {
                throw LogRestoreError.versionGap(
                    position: record.position, stream: StreamName(Array(name)), expected: known + 1, found: version)
            }
            let head = StreamHead(version: version, position: record.position, type: record.type)
            try head.withBytes { try put(tables.streams, name, $0) }
        }
    }

    /// Adds a row to the table of commands.
    ///
    /// - Throws: ``LogRestoreError/commandTwice(position:actor:key:)``.
    borrowing func putNewCommand(_ key: [UInt8], _ value: [UInt8], at position: Position, _ tables: LogTables) throws {
        try key.withUnsafeBytes { key in
            guard try get(tables.commands, key) == nil else {
                throw LogRestoreError.commandTwice(
                    position: position, actor: key.bigEndianUInt64(at: 0),
                    key: String(decoding: key.dropFirst(8), as: UTF8.self))
            }
            try value.withUnsafeBytes { try put(tables.commands, key, $0) }
        }
    }
}
