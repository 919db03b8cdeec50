internal import Bytes
internal import LMDB
internal import Microblog

/// Names of accounts in memory, in the form of every answer: a JSON string with its quotes.
///
/// A name stands once, in the account's row; lists hold ids. A page with full lists of likes shows hundreds of names,
/// so names are remembered here, by account. The memory is an array of buckets. A bucket is one cache line with two
/// slots of 32 bytes each: account (8), length (1), name. A name of more than 23 bytes takes the whole bucket. A name
/// of more than 55 bytes is looked up each time. A full bucket forgets its older name.
///
/// It belongs to one reader, so it needs no lock. Its names are right for the moment that was read last. Each change of
/// a name has a row in the table `account_changes`. When a newer moment comes, the names that changed since are
/// forgotten; after very many changes all names are, since a page should not wait for a long look at the table.
final class NameCache {
    private typealias Bucket = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    /// Allocated with the first name.
    private var memory: UnsafeMutableRawPointer?
    /// How many bits of a hash name a bucket.
    private let bits: UInt64
    /// The snapshot for which the names are true, by the reader's count.
    private var snapshotCount: UInt64 = 0
    /// The newest change of a name that they know.
    private var change: UInt64 = 0
    /// After more changes than this, all names are forgotten.
    private let changesAtOnce: Int
    /// A name that was looked up is written here.
    private var scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
    private var scratchCapacity = 64
    /// The sum of what ``touch(_:)`` read, so that the compiler does not remove the reads.
    private var touched: UInt64 = 0

    private static let bucketSize = 64
    /// The longest names that fit into a slot, and into a bucket.
    static let slotRoom = 23
    static let bucketRoom = 55

    /// - Parameters:
    ///   - memory: the most bytes to use, rounded down to a power of two; at least one bucket.
    ///   - changesAtOnce: the most changes that are looked at one by one.
    init(memory: Int, changesAtOnce: Int = 4_096) {
        self.changesAtOnce = changesAtOnce
        let buckets = max(1, memory / Self.bucketSize)
        bits = UInt64(Int.bitWidth - 1 - buckets.leadingZeroBitCount)
    }

    deinit {
        memory?.deallocate()
        scratch.deallocate()
    }

    /// Makes the names right for a snapshot: forgets the names that changed since the last one.
    @inline(__always)
    func follow(_ snapshot: ViewSnapshot) throws {
        if snapshotCount != snapshot.pages.snapshotCount { try forgetChanges(snapshot) }
    }

    /// Loads the buckets of accounts into the processor's cache, all at once. So it waits for memory once and not for
    /// each bucket.
    @inline(__always)
    func touch(_ accounts: UnsafeBufferPointer<AccountID>) {
        guard let memory else { return }
        var sum: UInt64 = 0
        for account in accounts { sum &+= bucket(of: account.rawValue, memory).pointee.0 }
        touched = sum
    }

    /// Lends a name. Call ``follow(_:)`` before it, once for each snapshot.
    ///
    /// - Throws: ``ViewCorruption`` when there is no such account.
    @inline(__always)
    func withName<Result>(
        of account: AccountID, _ snapshot: ViewSnapshot, _ body: (AccountName) throws -> Result
    ) throws -> Result {
        if let memory {
            let bucket = bucket(of: account.rawValue, memory)
            if bucket.pointee.0 == account.rawValue { return try body(Self.name(UnsafeRawPointer(bucket))) }
            if bucket.pointee.4 == account.rawValue, !Self.isLong(bucket) {
                return try body(Self.name(UnsafeRawPointer(bucket) + 32))
            }
        }
        return try body(lookUp(account, snapshot))
    }

    @inline(__always)
    private func bucket(of account: UInt64, _ memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Bucket> {
        // Fibonacci hashing: neighbouring ids spread over all buckets (Knuth 3, 6.4). Shifting by all bits gives 0.
        let index = Int(truncatingIfNeeded: (account &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits))
        return (memory + index &* Self.bucketSize).assumingMemoryBound(to: Bucket.self)
    }

    @inline(__always)
    private static func name(_ slot: UnsafeRawPointer) -> AccountName {
        AccountName(start: slot + 9, count: Int(slot.load(fromByteOffset: 8, as: UInt8.self)))
    }

    /// Whether a bucket's first name takes all of it.
    @inline(__always)
    private static func isLong(_ bucket: UnsafeMutablePointer<Bucket>) -> Bool {
        UnsafeRawPointer(bucket).load(fromByteOffset: 8, as: UInt8.self) > slotRoom
    }

    /// Reads a name from the account's row, and remembers it if it fits.
    @inline(never)
    private func lookUp(_ account: AccountID, _ snapshot: ViewSnapshot) throws -> AccountName {
        guard let row = try snapshot.account(account) else {
            throw ViewCorruption(table: "accounts", key: "\(account)")
        }
        let room = JSONString.room(for: row.name.count)
        if room > scratchCapacity {
            scratch.deallocate()
            scratch = .allocate(capacity: room)
            scratchCapacity = room
        }
        let count = JSONString.write(row.name, .numbered, to: scratch)
        let name = AccountName(start: scratch, count: count)
        if count <= Self.bucketRoom { remember(account.rawValue, name) }
        return name
    }

    private func remember(_ account: UInt64, _ name: AccountName) {
        let bucket = bucket(of: account, allocated())
        let first = UnsafeMutableRawPointer(bucket)
        if name.count > Self.slotRoom || Self.isLong(bucket) {
            // The second slot has, or had, bytes of a long name.
            bucket.pointee.4 = 0
        } else {
            (first + 32).copyMemory(from: first, byteCount: 32)
        }
        bucket.pointee.0 = account
        first.storeBytes(of: UInt8(name.count), toByteOffset: 8, as: UInt8.self)
        (first + 9).copyMemory(from: name.start, byteCount: name.count)
    }

    private func allocated() -> UnsafeMutableRawPointer {
        if let memory { return memory }
        // One more bucket, because a name is copied in words that may reach beyond its end: see ``AccountName``.
        let size = Self.bucketSize << Int(bits) + Self.bucketSize
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Self.bucketSize)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        self.memory = memory
        return memory
    }

    @inline(never)
    private func forgetChanges(_ snapshot: ViewSnapshot) throws {
        try snapshot.pages.withCursor(snapshot.tables.accounts.changes) { cursor in
            var newest = change
            var changes = 0
            var row = try cursor.last()
            while let (key, value) = row {
                guard key.count == 8, value.count == 8 else {
                    throw ViewCorruption(table: "account_changes", key: "a change")
                }
                let position = key.bigEndianUInt64(at: 0)
                guard position > change else { break }
                newest = max(newest, position)
                changes += 1
                if changes > changesAtOnce {
                    memory?.deallocate()
                    memory = nil
                }
                // Whoever remembers nothing needs no more than the newest change.
                guard memory != nil else { break }
                forget(value.bigEndianUInt64(at: 0))
                row = try cursor.previous()
            }
            change = newest
        }
        snapshotCount = snapshot.pages.snapshotCount
    }

    private func forget(_ account: UInt64) {
        guard let memory else { return }
        let bucket = bucket(of: account, memory)
        let isWhole = Self.isLong(bucket)
        if bucket.pointee.0 == account {
            // The length is cleared too. A free slot must not look like a long name, and the bytes of a long name must
            // not look like an account.
            (bucket.pointee.0, bucket.pointee.1) = (0, 0)
            if isWhole { bucket.pointee.4 = 0 }
        }
        if bucket.pointee.4 == account, !isWhole { bucket.pointee.4 = 0 }
    }
}
