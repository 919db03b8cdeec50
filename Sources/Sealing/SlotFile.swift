internal import Bytes
internal import Files

/// The slots of a keys file as bytes, by number.
struct SlotFile<File: DiskFile>: Sendable {
    let file: File
    /// For messages.
    let path: String
    /// What to read in place of slots that were torn when the power went, where they cannot be written over.
    private var stoodIn: [UInt64: [UInt8]] = [:]

    init(_ file: File, path: String) {
        self.file = file
        self.path = path
    }

    /// Bytes up to the beginning of a slot.
    static func offset(_ slot: UInt64) -> Int { KeyFileHeader.slotsStart + Int(slot) * KeySlot.size }

    /// How many slots the file has room for.
    func capacity() throws(KeyError) -> UInt64 {
        do throws(FileError) {
            return UInt64(max(0, try file.size() - KeyFileHeader.slotsStart) / KeySlot.size)
        } catch {
            throw .disk(error)
        }
    }

    /// The bytes of slots; fewer where the file ends.
    func read(_ slots: Range<UInt64>) throws(KeyError) -> [UInt8] {
        let size = Int(slots.upperBound - slots.lowerBound) * KeySlot.size
        var bytes: [UInt8]
        do throws(FileError) {
            bytes = try [UInt8](capacity: size) { (bytes) throws(FileError) in
                let count = try file.read(into: bytes, at: Self.offset(slots.lowerBound))
                return count - count % KeySlot.size
            }
        } catch {
            throw .disk(error)
        }
        for (slot, standIn) in stoodIn where slots.contains(slot) {
            let start = Int(slot - slots.lowerBound) * KeySlot.size
            if start < bytes.count { bytes.replaceSubrange(start..<(start + KeySlot.size), with: standIn) }
        }
        return bytes
    }

    /// Reads the head of a slot.
    ///
    /// - Throws: ``KeyError/damaged(_:slot:problem:)`` when it is not whole.
    func head(_ slot: UInt64) throws(KeyError) -> SlotHead {
        let bytes = try read(slot..<(slot + 1))
        let head = bytes.withUnsafeBytes { $0.count == KeySlot.size ? SlotHead($0, number: slot) : nil }
        guard let head else { throw damaged(slot, "it is not what was written") }
        return head
    }

    /// The account of the first slot that is whole. One that is damaged keeps nobody from the others.
    ///
    /// - Throws: ``KeyError/damaged(_:slot:problem:)`` when none is.
    func firstAccount(_ numbers: Range<UInt64>) throws(KeyError) -> UInt64 {
        let page = SlotBytes(try read(numbers), first: numbers.lowerBound)
        for number in page.numbers {
            if let head = page.withSlot(number, { SlotHead($0, number: number) }) { return head.account }
        }
        throw damaged(numbers.lowerBound, "it is not what was written")
    }

    /// Writes slots. They are durable after ``sync()``.
    func write(_ bytes: [UInt8], at slot: UInt64) throws(KeyError) {
        do throws(FileError) {
            try bytes.lend { (bytes) throws(FileError) in try file.writeAll(bytes, at: Self.offset(slot)) }
        } catch {
            throw .disk(error)
        }
    }

    /// Waits until all that was written is on the disk.
    func sync() throws(KeyError) {
        do throws(FileError) { try file.sync() } catch { throw .disk(error) }
    }

    /// How many slots were noted as durable; 0 where nothing was.
    func durableCount() throws(KeyError) -> UInt64 {
        do throws(FileError) {
            let bytes = try [UInt8](capacity: DurableSlots.size) { (bytes) throws(FileError) in
                try file.read(into: bytes, at: DurableSlots.offset)
            }
            return bytes.withUnsafeBytes { DurableSlots.count($0) }
        } catch {
            throw .disk(error)
        }
    }

    /// Notes how many slots are durable, which they must be. A failure is passed over, because the note may lag.
    func noteDurable(_ count: UInt64) {
        try? DurableSlots.bytes(count).lend { (bytes) throws(FileError) in
            try file.writeAll(bytes, at: DurableSlots.offset)
        }
    }

    /// From now on, `bytes` are read where the slot is.
    mutating func standIn(_ bytes: [UInt8], for slot: UInt64) { stoodIn[slot] = bytes }

    func damaged(_ slot: UInt64, _ problem: String) -> KeyError { .damaged(path, slot: slot, problem: problem) }
}

/// Slots that were read, each lent with its number.
struct SlotBytes {
    let first: UInt64
    private let bytes: [UInt8]

    /// - Parameter first: the number of the first slot.
    init(_ bytes: [UInt8], first: UInt64) {
        self.bytes = bytes
        self.first = first
    }

    /// The numbers of the slots.
    var numbers: Range<UInt64> { first..<(first + UInt64(bytes.count / KeySlot.size)) }

    /// The number of the first slot that names an account, whole or not.
    func number(of account: UInt64) -> UInt64? {
        bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: KeySlot.size)
            where bytes.bigEndianUInt64(at: start) == account {
                return first + UInt64(start / KeySlot.size)
            }
            return nil
        }
    }

    /// Lends the bytes of a slot.
    func withSlot<Result>(_ number: UInt64, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = Int(number - first) * KeySlot.size
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<(start + KeySlot.size)])) }
    }
}
