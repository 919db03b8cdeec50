internal import Files
internal import Glibc

/// Writes a whole keys file, and puts it in its place when it is on the disk.
struct NewKeyFile<D: Disk> {
    private static var temporary: String { "keys.new" }
    /// Slots that are written at once.
    private static var batch: UInt64 { 2048 }

    private let disk: D
    private let cipher: SlotCipher
    private let slots: SlotFile<D.File>
    private var count: UInt64 = 0
    private var last: (account: UInt64, run: UInt64)?
    private var bytes: [UInt8] = []

    /// Begins a file beside the place where it will be.
    init(on disk: D, header: KeyFileHeader, logKey: SealingKey, master: MasterKey) throws(KeyError) {
        self.disk = disk
        cipher = SlotCipher(identity: header.log, master: master.key)
        do throws(FileError) {
            // What a start that was interrupted has left.
            do throws(FileError) {
                try disk.remove(Self.temporary)
            } catch {
                guard error.code == ENOENT else { throw error }
            }
            let file = try disk.open(Self.temporary, .making)
            slots = SlotFile(file, path: Self.temporary)
            try header.bytes.lend { (bytes) throws(FileError) in try file.writeAll(bytes, at: 0) }
        } catch {
            throw .disk(error)
        }
        add(logKey, SlotHead(account: 0, run: 0, durable: 0))
    }

    /// Adds an account, which is newer than the one before.
    ///
    /// - Parameter key: `nil` when it was erased.
    mutating func add(_ account: UInt64, _ key: SealingKey?) throws(KeyError) {
        let head = SlotIndex.nextHead(for: account, number: count, after: last, durable: count)
        last = (account, head.run)
        add(key, head)
        if UInt64(bytes.count) >= Self.batch * UInt64(KeySlot.size) { try flush() }
    }

    private mutating func add(_ key: SealingKey?, _ head: SlotHead) {
        bytes += [UInt8](repeating: 0, count: KeySlot.size)
        bytes.withUnsafeMutableBytes { [cipher, count] bytes in
            let slot = UnsafeMutableRawBufferPointer(rebasing: bytes[(bytes.count - KeySlot.size)...])
            if let key {
                cipher.write(key, head, number: count, to: slot)
            } else {
                KeySlot.writeEmpty(head, number: count, to: slot)
            }
        }
        count += 1
    }

    private mutating func flush() throws(KeyError) {
        try slots.write(bytes, at: count - UInt64(bytes.count / KeySlot.size))
        bytes.removeAll(keepingCapacity: true)
    }

    /// Puts the file in its place, durably.
    mutating func finish() throws(KeyError) {
        try flush()
        try slots.sync()
        slots.noteDurable(count)
        do throws(FileError) {
            try disk.rename(Self.temporary, to: KeyFiles.name)
            try disk.syncDirectory()
        } catch {
            throw .disk(error)
        }
    }
}
