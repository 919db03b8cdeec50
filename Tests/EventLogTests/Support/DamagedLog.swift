import EventLog
import Foundation
import LMDB

/// Checks a log, with room for a few entries only, so that what is sorted goes through files.
func check(
    _ directory: String, expecting chain: ChainHash? = nil, findingsLimit: Int = 100
) throws -> LogCheckReport {
    try LogCheck.run(
        LogReader(directory: directory, forCheck: true), expectedChain: chain, memory: 0,
        scratch: FileManager.default.temporaryDirectory.path(), findingsLimit: findingsLimit)
}

/// A record whose checksum was made good after its bytes were changed.
func signed(_ record: [UInt8], at position: Position) -> [UInt8] {
    ReferenceRecord.signed(Array(record.dropLast(4)), at: position)
}

extension Environment {
    /// The record at a position.
    func record(_ position: Position) throws -> [UInt8] {
        try value("events", ReferenceRecord.bigEndian(position, 8))!
    }

    /// Puts a record in the place of another.
    func put(_ record: [UInt8], at position: Position) throws {
        try put("events", ReferenceRecord.bigEndian(position, 8), record)
    }
}

/// The whole of a log's data file, to be damaged again and again.
struct DataFile {
    let path: String
    let bytes: Data

    init(_ directory: String) throws {
        path = directory + "/data.mdb"
        bytes = try Data(contentsOf: URL(filePath: path))
    }

    /// Writes it as it was.
    func restore() throws { try bytes.write(to: URL(filePath: path)) }
}
