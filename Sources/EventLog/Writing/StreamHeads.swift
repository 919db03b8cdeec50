internal import Bytes
internal import Glibc

/// Heads of streams by name, for as many as wait to get into the tables.
///
/// A dictionary would need an array for each name, and hash it bit by bit. Here all names lie in one block of memory;
/// the table has open addressing with linear probing, and nothing is ever taken out one by one.
struct StreamHeads {
    private struct Entry {
        let hash: UInt64
        let nameStart: UInt32
        let nameCount: UInt16
        var type: UInt8
        var version: Version
        var position: Position

        var head: StreamHead { StreamHead(version: version, position: position, type: type) }
    }

    private var names: [UInt8] = []
    private var entries: [Entry] = []
    /// The number of an entry, from 1; 0 for a free place. A power of two of them, at most three quarters full.
    private var slots = [UInt32](repeating: 0, count: 64)

    /// How many streams there are.
    var count: Int { entries.count }

    /// The head of a stream, if it is here.
    func head(of name: UnsafeRawBufferPointer) -> StreamHead? {
        guard !entries.isEmpty else { return nil }
        let number = slots[place(of: name, Self.hash(name))]
        return number == 0 ? nil : entries[Int(number) - 1].head
    }

    /// Sets the head of a stream.
    mutating func set(_ head: StreamHead, of name: UnsafeRawBufferPointer) {
        let hash = Self.hash(name)
        let place = place(of: name, hash)
        let number = Int(slots[place])
        guard number == 0 else {
            entries[number - 1].version = head.version
            entries[number - 1].position = head.position
            entries[number - 1].type = head.type
            return
        }
        entries.append(
            Entry(
                hash: hash, nameStart: UInt32(names.count), nameCount: UInt16(name.count), type: head.type,
                version: head.version, position: head.position))
        names.append(contentsOf: name)
        slots[place] = UInt32(entries.count)
        if entries.count * 4 > slots.count * 3 { grow() }
    }

    /// Lends all names with their heads, in the order of the table of streams, so that neighbours are found together.
    func sorted(_ body: (UnsafeRawBufferPointer, StreamHead) throws -> Void) rethrows {
        try names.withUnsafeBytes { names in
            let sorted = entries.sorted { Self.name($0, names).isBefore(Self.name($1, names)) }
            for entry in sorted { try body(Self.name(entry, names), entry.head) }
        }
    }

    private static func name(_ entry: Entry, _ names: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = Int(entry.nameStart)
        return UnsafeRawBufferPointer(rebasing: names[start..<start + Int(entry.nameCount)])
    }

    /// Where a stream is, or the free place where it belongs.
    private func place(of name: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
        let mask = slots.count - 1
        return slots.withUnsafeBufferPointer { slots in
            entries.withUnsafeBufferPointer { entries in
                names.withUnsafeBytes { names in
                    var place = Int(truncatingIfNeeded: hash) & mask
                    while slots[place] != 0 {
                        let entry = entries[Int(slots[place]) - 1]
                        if entry.hash == hash, Self.name(entry, names).isEqual(to: name) { return place }
                        place = (place + 1) & mask
                    }
                    return place
                }
            }
        }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [UInt32](repeating: 0, count: mask + 1)
        for (index, entry) in entries.enumerated() {
            var place = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = UInt32(index + 1)
        }
    }

    /// Differs with each start of the program, so that nobody can choose names that fall on one place.
    private static let seed = UInt64.random(in: .min ... .max) | 1

    /// Multiplies eight bytes at a time and folds the product (after wyhash, Wang Yi).
    private static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
        func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let product = left.multipliedFullWidth(by: right)
            return product.high ^ product.low
        }
        var hash = seed ^ UInt64(name.count)
        var place = 0
        while place + 8 <= name.count {
            let word = name.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = fold(hash ^ word, 0x9E37_79B9_7F4A_7C15)
            place += 8
        }
        var rest: UInt64 = 0
        while place < name.count {
            rest = rest << 8 | UInt64(name[place])
            place += 1
        }
        return fold(fold(hash ^ rest, 0xD6E8_FEB8_6659_FD93), seed)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        count == other.count && (count == 0 || memcmp(baseAddress!, other.baseAddress!, count) == 0)
    }

    /// In the order of the table.
    fileprivate func isBefore(_ other: UnsafeRawBufferPointer) -> Bool {
        let order = memcmp(baseAddress!, other.baseAddress!, Swift.min(count, other.count))
        return order == 0 ? count < other.count : order < 0
    }
}
