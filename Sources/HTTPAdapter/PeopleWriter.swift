internal import Bytes
internal import HTTPServer
internal import Microblog
internal import Projections

/// Writes accounts with their names, with commas between them: `{"id":1,"name":"Ada"}`.
///
/// Names are looked up a few dozen at a time, see ``ViewSnapshot/withNames(of:_:)``.
struct PeopleWriter: ~Copyable {
    private let opening: StaticString
    private let snapshot: ViewSnapshot
    private let waiting: UnsafeMutableBufferPointer<AccountID>
    private var count = 0
    private var isFirst = true

    /// Lends a writer, and writes all that was added to it.
    ///
    /// - Parameter opening: what stands before an account's id, such as `{"id":`.
    @inline(__always)
    static func write(
        _ opening: StaticString, _ snapshot: ViewSnapshot, to buffer: inout ResponseBuffer,
        _ body: (inout PeopleWriter, inout ResponseBuffer) throws -> Void
    ) throws {
        try withUnsafeTemporaryAllocation(of: AccountID.self, capacity: ViewSnapshot.namesAtOnce) { waiting in
            var writer = PeopleWriter(opening, snapshot, waiting)
            try body(&writer, &buffer)
            try writer.flush(to: &buffer)
        }
    }

    private init(
        _ opening: StaticString, _ snapshot: ViewSnapshot, _ waiting: UnsafeMutableBufferPointer<AccountID>
    ) {
        self.opening = opening
        self.snapshot = snapshot
        self.waiting = waiting
    }

    /// Adds an account.
    @inline(__always)
    mutating func add(_ account: AccountID, to buffer: inout ResponseBuffer) throws {
        waiting.initializeElement(at: count, to: account)
        count += 1
        if count == waiting.count { try flush(to: &buffer) }
    }

    private mutating func flush(to buffer: inout ResponseBuffer) throws {
        let accounts = UnsafeBufferPointer(rebasing: waiting[..<count])
        try snapshot.withNames(of: accounts) { account, name in
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            Self.write(opening, account, name, to: &buffer)
        }
        count = 0
    }

    /// Writes one account by itself.
    static func write(
        _ opening: StaticString, _ account: AccountID, _ snapshot: ViewSnapshot, to buffer: inout ResponseBuffer
    ) throws {
        try snapshot.withName(of: account) { write(opening, account, $0, to: &buffer) }
    }

    @inline(__always)
    private static func write(
        _ opening: StaticString, _ account: AccountID, _ name: AccountName, to buffer: inout ResponseBuffer
    ) {
        let field: StaticString = ",\"name\":"
        let room = opening.utf8CodeUnitCount + Decimal.longest + field.utf8CodeUnitCount + name.count
        buffer.appendUnchecked(room: room + AccountName.margin) { target in
            target.update(from: opening.utf8Start, count: opening.utf8CodeUnitCount)
            var end = opening.utf8CodeUnitCount
            end += Decimal.write(account.rawValue, to: target + end)
            (target + end).update(from: field.utf8Start, count: field.utf8CodeUnitCount)
            end += field.utf8CodeUnitCount
            name.write(to: target + end)
            end += name.count
            target[end] = UInt8(ascii: "}")
            return end + 1
        }
    }
}

extension ResponseBuffer {
    /// Appends the name of an account, with its quotes.
    mutating func append(_ name: AccountName) {
        appendUnchecked(room: name.count + AccountName.margin) { target in
            name.write(to: target)
            return name.count
        }
    }
}
