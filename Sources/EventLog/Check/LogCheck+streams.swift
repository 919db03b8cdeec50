import Hashing
import LMDB
import Sorting

extension LogCheck {
    /// Goes through the rows of all streams.
    func checkStreamRows(_ pages: borrowing LogPages) throws {
        guard var cursor = try pages.cursor("streams") else { return }
        let total = try pages.rows("streams")
        do {
            while let row = try cursor.next() {
                let name = hash(row.key)
                try sorter.add(name.high, name.low & StreamEntry.secondMask, StreamEntry.row(row.value, hash))
                report.streams += 1
                if report.streams % Self.stride == 0 { tell(.streams, report.streams, of: total) }
            }
            tell(.streams, report.streams, of: total)
            areStreamRowsKnown = true
            if report.streams != total {
                try add(.table("streams", problem: "it has \(report.streams) rows, and says that it has \(total)"))
            }
        } catch let error as LMDBError where error.isCorruption {
            try add(.table("streams", problem: "\(error)"))
        }
    }

    /// Compares each stream's events with each other and with its row.
    func compareStreams(_ pages: borrowing LogPages) throws {
        let total = report.streams
        var streams = StreamComparison()
        var extra: [StreamComparison.Key] = []
        var done = 0
        try sorter.drain { entry in
            let key = StreamComparison.Key(high: entry.first, low: entry.second)
            if key != streams.key {
                try finish(streams, &extra, pages)
                streams = StreamComparison(key: key)
                done += 1
                if done % Self.stride == 0 { tell(.versions, done, of: total) }
            }
            if StreamEntry.isRow(entry.payload) {
                streams.row = entry.payload
            } else {
                streams.version += 1
                if !StreamEntry.isVersion(streams.version, entry.payload) {
                    try explainVersion(entry.payload, &streams, pages)
                }
                streams.newest = entry.payload
            }
        }
        try finish(streams, &extra, pages)
        if !extra.isEmpty { try explainExtraRows(Set(extra), pages) }
        tell(.versions, total, of: total)
    }

    /// Looks at a stream whose events have all been seen.
    private func finish(
        _ stream: StreamComparison, _ extra: inout [StreamComparison.Key], _ pages: borrowing LogPages
    ) throws {
        guard let newest = stream.newest else {
            // With this many findings the check ends anyway.
            if stream.row != nil, extra.count < findingsLimit + unknown.count { extra.append(stream.key) }
            return
        }
        let expected = StreamHead(
            version: stream.version, position: StreamEntry.position(newest), type: StreamEntry.type(newest))
        if let row = stream.row, expected.withBytes({ StreamEntry.row($0, hash) }) == row { return }
        guard stream.row != nil || areStreamRowsKnown else { return }
        guard let (name, _) = try self.name(of: stream.key, at: expected.position, pages) else { return }
        // A row of another size is as good as none; so is one behind a page that is damaged, which was found already.
        let head = try? pages.head(of: name)
        // A later event of the stream is not known: then the row may be right.
        if let head, head.position > expected.position, isUnknown(head.position...head.position) { return }
        try add(.streamHead(name, stored: head, expected: expected))
    }

    private func explainVersion(
        _ entry: UInt64, _ stream: inout StreamComparison, _ pages: borrowing LogPages
    ) throws {
        let position = StreamEntry.position(entry)
        guard let (name, found) = try name(of: stream.key, at: position, pages) else { return }
        let previous = stream.newest.map(StreamEntry.position) ?? 0
        // The versions in between may belong to events that are not known.
        if !(found > stream.version && isUnknown((previous + 1)...position)) {
            try add(.version(position, stream: name, expected: stream.version, found: found))
        }
        stream.version = found
    }

    /// Names the streams of rows that no event belongs to, of which only hashes are known.
    private func explainExtraRows(_ keys: Set<StreamComparison.Key>, _ pages: borrowing LogPages) throws {
        guard var cursor = try pages.cursor("streams") else { return }
        while let row = try cursor.next() {
            let name = hash(row.key)
            guard keys.contains(StreamComparison.Key(high: name.high, low: name.low & StreamEntry.secondMask)) else {
                continue
            }
            guard 1...StreamName.longest ~= row.key.count else {
                try add(.table("streams", problem: "it has a key of \(row.key.count) bytes"))
                continue
            }
            let stream = StreamName(Array(row.key))
            let head = try? StreamHead(row.value, of: stream)
            if let head, isUnknown(head.position...head.position) { continue }
            try add(.streamHead(stream, stored: head, expected: nil))
        }
    }

    /// The stream with a key, among those of the event at a position.
    private func name(
        of key: StreamComparison.Key, at position: Position, _ pages: borrowing LogPages
    ) throws -> (StreamName, Version)? {
        var found: (StreamName, Version)?
        try pages.withRecord(at: position) { record in
            record.withStreams { name, version in
                let value = hash(name)
                if StreamComparison.Key(high: value.high, low: value.low & StreamEntry.secondMask) == key {
                    found = (StreamName(Array(name)), version)
                }
            }
        }
        return found
    }
}

/// What has been seen of one stream.
struct StreamComparison {
    /// A hash of the stream's name.
    struct Key: Hashable {
        let high: UInt64
        let low: UInt64
    }

    var key = Key(high: 0, low: 0)
    var version: Version = 0
    var newest: UInt64?
    var row: UInt64?
}

/// How events and rows of streams are packed into the third number of a sorted entry. The first two numbers are a hash
/// of the stream's name, of 96 bits: the fewer bits differ, the quicker the sort is.
///
/// An event: zero, position (39 bits), a trace of the version (16), type (8). A row: one, 63 bits of a hash of its
/// value.
enum StreamEntry {
    static let limit: Position = 1 << 39
    static let secondMask: UInt64 = 0xFFFF_FFFF
    private static let rowFlag: UInt64 = 1 << 63

    @inline(__always)
    static func event(at position: Position, _ version: Version, _ type: UInt8) -> UInt64 {
        position << 24 | UInt64(trace(version)) << 8 | UInt64(type)
    }

    @inline(__always)
    static func row(_ value: UnsafeRawBufferPointer, _ hash: KeyedHash) -> UInt64 { hash(value).low | rowFlag }

    @inline(__always)
    static func isRow(_ entry: UInt64) -> Bool { entry & rowFlag != 0 }

    @inline(__always)
    static func position(_ entry: UInt64) -> Position { entry >> 24 }

    @inline(__always)
    static func isVersion(_ version: Version, _ entry: UInt64) -> Bool {
        UInt16(truncatingIfNeeded: entry >> 8) == trace(version)
    }

    @inline(__always)
    static func type(_ entry: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: entry) }

    /// Sixteen bits that change with every single bit of a version.
    @inline(__always)
    private static func trace(_ version: Version) -> UInt16 {
        UInt16(truncatingIfNeeded: version ^ version >> 16 ^ version >> 32 ^ version >> 48)
    }
}
