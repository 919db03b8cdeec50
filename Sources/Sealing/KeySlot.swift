internal import Bytes
internal import Hashing

/// A slot of a keys file, as `docs/storage-format.md` describes it. All integers are big-endian.
///
///     offset  size
///     0       8     account; 0: the log
///     8       8     number of the first slot of its run
///     16      8     number of slots that were known to be durable when this one was written
///     24      4     zero
///     28      4     CRC32C of the number of the slot (8), and of the 28 bytes before
///     32      1     mark: a5: it holds a key; 5a: it holds none
///     33      7     zero
///     40      24    nonce
///     64      16    tag
///     80      32    the key, sealed with the master key
///     112     16    zero
///
/// A slot does not cross a sector of the disk. The mark comes before the key, so that a slot that was half erased when
/// the power went is known by it.
enum KeySlot {
    static let size = 128
    static let headSize = 32
    static let markOffset = 32
    static let sealOffset = 40
    static let sealedSize = SealingKey.size + Seal.overhead

    /// Whether a slot holds a key. The two differ in every bit, and from the zeros of a slot that was never written.
    enum Mark: UInt8 {
        case key = 0xa5
        case none = 0x5a
    }

    /// Writes a slot without a key: of an account that was erased, or in place of one that was never whole.
    static func writeEmpty(_ head: SlotHead, number: UInt64, to slot: UnsafeMutableRawBufferPointer) {
        head.write(to: slot, number: number)
        slot[markOffset] = Mark.none.rawValue
    }
}

/// What stands before the key in a slot.
struct SlotHead: Equatable {
    /// The account; 0 is the log.
    var account: UInt64
    /// The first slot of its run: accounts ascend from there on.
    var run: UInt64
    /// How many slots were known to be durable.
    var durable: UInt64

    init(account: UInt64, run: UInt64, durable: UInt64) {
        self.account = account
        self.run = run
        self.durable = durable
    }

    /// Takes the head of a slot; `nil` unless it is whole, and of the slot with this number.
    init?(_ slot: UnsafeRawBufferPointer, number: UInt64) {
        guard slot.bigEndianUInt32(at: 28) == Self.checksum(slot, number) else { return nil }
        account = slot.bigEndianUInt64(at: 0)
        run = slot.bigEndianUInt64(at: 8)
        durable = slot.bigEndianUInt64(at: 16)
        guard run <= number, durable <= number, (run > 0) == (number > 0) else { return nil }
    }

    /// Writes the head, and zeros behind it.
    func write(to slot: UnsafeMutableRawBufferPointer, number: UInt64) {
        precondition(slot.count == KeySlot.size, "a slot has 128 bytes")
        _ = slot.initializeMemory(as: UInt8.self, repeating: 0)
        slot.storeBigEndian(account, at: 0)
        slot.storeBigEndian(run, at: 8)
        slot.storeBigEndian(durable, at: 16)
        slot.storeBigEndian(Self.checksum(UnsafeRawBufferPointer(slot), number), at: 28)
    }

    private static func checksum(_ slot: UnsafeRawBufferPointer, _ number: UInt64) -> UInt32 {
        var checksum = CRC32C()
        number.withBigEndianBytes { checksum.update($0) }
        checksum.update(UnsafeRawBufferPointer(rebasing: slot[..<28]))
        return checksum.value
    }
}

/// What a slot turned out to hold.
enum SlotContents: Equatable {
    case key(SealingKey)
    /// No key: it was erased, or there never was one.
    case none
    /// Neither, with the reason.
    case damaged(String)
}

/// Seals and opens the keys in slots with the master key. A slot that was copied to another place, or from the keys of
/// another log, does not open.
struct SlotCipher: Sendable {
    private let identity: [UInt8]
    private let master: SealingKey

    /// - Parameter identity: that of the log.
    init(identity: [UInt8], master: SealingKey) {
        self.identity = identity
        self.master = master
    }

    /// Writes a whole slot.
    ///
    /// - Parameter nonce: for golden vectors; a random one otherwise.
    func write(
        _ key: SealingKey, _ head: SlotHead, number: UInt64, to slot: UnsafeMutableRawBufferPointer,
        nonce: [UInt8]? = nil
    ) {
        head.write(to: slot, number: number)
        slot[KeySlot.markOffset] = KeySlot.Mark.key.rawValue
        let target = UnsafeMutableRawBufferPointer(
            rebasing: slot[KeySlot.sealOffset..<(KeySlot.sealOffset + KeySlot.sealedSize)])
        withAdditional(UnsafeRawBufferPointer(slot), number) { additional in
            key.withBytes { key in
                if let nonce {
                    target.copyBytes(from: nonce)
                    Seal.seal(key, with: master, additional: additional, nonceAndTarget: target)
                } else {
                    Seal.seal(key, with: master, additional: additional, into: target)
                }
            }
        }
    }

    /// Reads a slot whose head is whole.
    func contents(_ slot: UnsafeRawBufferPointer, number: UInt64) -> SlotContents {
        switch KeySlot.Mark(rawValue: slot[KeySlot.markOffset]) {
        // What stands behind the mark may be left of an erasure that the power cut off.
        case .none?: return .none
        case nil: return .damaged("its mark is \(slot[KeySlot.markOffset])")
        case .key?:
            var key = SealingKey()
            let isOpen = key.withMutableBytes { key in
                withAdditional(slot, number) { additional in
                    Seal.open(
                        UnsafeRawBufferPointer(
                            rebasing: slot[KeySlot.sealOffset..<(KeySlot.sealOffset + KeySlot.sealedSize)]),
                        with: master, additional: additional, into: key)
                }
            }
            return isOpen ? .key(key) : .damaged("its key does not open")
        }
    }

    /// What a slot must agree on: identity of the log (16), number of the slot (8), head (32).
    private func withAdditional<Result>(
        _ slot: UnsafeRawBufferPointer, _ number: UInt64, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 56, alignment: 8) { additional in
            additional.copyBytes(from: identity)
            additional.storeBigEndian(number, at: 16)
            UnsafeMutableRawBufferPointer(rebasing: additional[24...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: slot[..<KeySlot.headSize]))
            return body(UnsafeRawBufferPointer(additional))
        }
    }
}
