public import Files
internal import Glibc
internal import Threads

/// A disk in memory that knows what was written and what was synced: its power can be cut at any call, and calls fail,
/// all by a seed.
///
/// * What was not synced may be there after a cut or not, each sector of 512 bytes by itself; one that was being
///   written is torn anywhere.
/// * Names that were not synced may be there or not, each change by itself.
/// * A sync that fails leaves some sectors on the disk, and calls the others clean: they can still be read, but no
///   later sync writes them, as on Linux.
public final class SimulatedDisk: Disk {
    /// What a call does.
    public enum Call: Hashable, Sendable {
        case open, write, sync, syncDirectory, remove
    }

    let state: Guarded<SimulatedDiskState>

    /// An empty disk.
    ///
    /// - Parameter capacity: how many bytes its files can hold, in whole sectors.
    public init(seed: UInt64, capacity: Int = 1 << 30) {
        state = Guarded(SimulatedDiskState(generator: SplitMix64(seed: seed), capacity: capacity))
    }

    /// Lets the next call of a kind fail.
    ///
    /// - Parameter code: the `errno`; `EIO` if none is given.
    public func failNext(_ call: Call, code: Int32? = nil) { state.withLock { $0.failing[call] = code ?? EIO } }

    /// Lets one in `count` writes, syncs and syncs of the directory fail from now on; none if `nil`.
    public func failOneIn(_ count: Int?) { state.withLock { $0.faultRate = count } }

    /// Cuts the power during the call after so many more.
    public func cutPower(after calls: Int) { state.withLock { $0.callsLeft = calls } }

    /// A fault to plant: syncs of files do nothing and say that they did.
    public func ignoreSyncs() { state.withLock { $0.ignoresSyncs = true } }

    /// A fault to plant: syncs of the directory do nothing and say that they did.
    public func ignoreDirectorySyncs() { state.withLock { $0.ignoresDirectorySyncs = true } }

    /// How many calls of a kind there were.
    public func count(_ call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }

    /// Sets how many bytes files can hold.
    public func setCapacity(_ capacity: Int) { state.withLock { $0.capacity = capacity } }

    /// Begins again after the machine lost its power.
    public func restartAfterPowerCut() { state.withLock { $0.restart(losingPower: true) } }

    /// Begins again after the process was killed: what the system holds in memory stays there.
    public func restartAfterKill() { state.withLock { $0.restart(losingPower: false) } }

    /// Changes the bytes of a file behind everybody's back.
    public func damage(_ name: String, _ body: (inout [UInt8]) -> Void) {
        state.withLock { state in
            let node = state.nodes[state.names[name]!]
            body(&node.bytes)
            node.disk = node.bytes
        }
    }

    /// The bytes of a file as they can be read.
    public func contents(_ name: String) -> [UInt8] { state.withLock { $0.nodes[$0.names[name]!].bytes } }

    public func open(_ name: String, _ mode: DiskOpening) throws(FileError) -> File {
        let (node, error) = state.withLock { state -> (Int?, FileError?) in
            if let error = state.failure(.open, name) { return (nil, error) }
            switch (mode, state.names[name]) {
            case (.making, nil):
                state.nodes.append(SimulatedDiskState.Node())
                state.change([name: state.nodes.count - 1])
                return (state.nodes.count - 1, nil)
            case (.making, _): return (nil, FileError("create", name, code: EEXIST))
            case (_, nil): return (nil, FileError("open", name, code: ENOENT))
            case (_, let node?): return (node, nil)
            }
        }
        if let error { throw error }
        return File(disk: self, node: node!, name: name)
    }

    public func names() throws(FileError) -> [String] {
        let (names, error) = state.withLock { (Array($0.names.keys), $0.isOff ? $0.off("list") : nil) }
        if let error { throw error }
        return names
    }

    public func remove(_ name: String) throws(FileError) {
        let error = state.withLock { state -> FileError? in
            if let error = state.failure(.remove, name) { return error }
            guard state.names[name] != nil else { return FileError("remove", name, code: ENOENT) }
            state.change([name: nil])
            return nil
        }
        if let error { throw error }
    }

    public func rename(_ name: String, to newName: String) throws(FileError) {
        let error = state.withLock { state -> FileError? in
            if state.isOff { return state.off("rename") }
            guard let node = state.names[name] else { return FileError("rename", name, code: ENOENT) }
            state.change([name: nil, newName: node])
            return nil
        }
        if let error { throw error }
    }

    public func syncDirectory() throws(FileError) {
        let error = state.withLock { state -> FileError? in
            if let error = state.failure(.syncDirectory, "the directory") { return error }
            if !state.ignoresDirectorySyncs { state.keepNames { _ in true } }
            return nil
        }
        if let error { throw error }
    }

    public func freeRoom() -> Int { state.withLock { max(0, $0.capacity - $0.used) } }

    /// A file of the disk.
    public final class File: DiskFile {
        private let disk: SimulatedDisk
        private let node: Int
        private let name: String

        init(disk: SimulatedDisk, node: Int, name: String) {
            self.disk = disk
            self.node = node
            self.name = name
        }

        public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) -> Int {
            // The pointer is used while it is lent, on this thread.
            nonisolated(unsafe) let bytes = bytes
            let (count, error) = disk.state.withLock { $0.write(bytes, at: offset, to: node, name) }
            if let error { throw error }
            return count
        }

        public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
            nonisolated(unsafe) let bytes = bytes
            let (count, error) = disk.state.withLock { state -> (Int, FileError?) in
                if state.isOff { return (0, state.off("read")) }
                let held = state.nodes[node].bytes
                guard offset < held.count else { return (0, nil) }
                let count = min(bytes.count, held.count - offset)
                held.withUnsafeBytes {
                    bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + count)]))
                }
                return (count, nil)
            }
            if let error { throw error }
            return count
        }

        public func sync() throws(FileError) {
            let error = disk.state.withLock { $0.sync(node, name) }
            if let error { throw error }
        }

        public func size() throws(FileError) -> Int { disk.state.withLock { $0.nodes[node].bytes.count } }
    }
}
