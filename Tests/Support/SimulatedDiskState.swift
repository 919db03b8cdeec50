internal import Files
internal import Glibc

/// What a ``SimulatedDisk`` is made of.
struct SimulatedDiskState {
    static let sector = 512

    final class Node {
        /// What can be read.
        var bytes: [UInt8] = []
        /// What is on the disk.
        var disk: [UInt8] = []
        /// The sectors that a sync would write.
        var unsynced: Set<Int> = []
    }

    var generator: SplitMix64
    var capacity: Int
    var nodes: [Node] = []
    var names: [String: Int] = [:]
    var counts: [SimulatedDisk.Call: Int] = [:]
    var failing: [SimulatedDisk.Call: Int32] = [:]
    var faultRate: Int?
    var callsLeft: Int?
    var isOff = false
    var ignoresSyncs = false
    var ignoresDirectorySyncs = false
    private var namesOnDisk: [String: Int] = [:]
    private var unsyncedNames: [[String: Int?]] = []

    init(generator: SplitMix64, capacity: Int) {
        self.generator = generator
        self.capacity = capacity
    }

    /// What the files that have a name take.
    var used: Int {
        Set(names.values).reduce(0) { $0 + (nodes[$1].bytes.count + Self.sector - 1) / Self.sector * Self.sector }
    }

    func off(_ action: String) -> FileError { FileError(action, "a disk without power", code: EIO) }

    /// Whether a call fails. A call during which the power goes fails half done: the caller sees to that.
    mutating func failure(_ call: SimulatedDisk.Call, _ name: String) -> FileError? {
        counts[call, default: 0] += 1
        if isOff { return off("\(call)") }
        if let left = callsLeft {
            callsLeft = left - 1
            if left == 0 {
                isOff = true
                return off("\(call)")
            }
        }
        if let code = failing.removeValue(forKey: call) { return FileError("\(call)", name, code: code) }
        if let faultRate, call != .open, call != .remove, generator.oneIn(faultRate) {
            return FileError("\(call)", name, code: EIO)
        }
        return nil
    }

    mutating func change(_ change: [String: Int?]) {
        for (name, node) in change { names[name] = node }
        unsyncedNames.append(change)
    }

    mutating func keepNames(_ isKept: (inout SplitMix64) -> Bool) {
        for change in unsyncedNames where isKept(&generator) {
            for (name, node) in change { namesOnDisk[name] = node }
        }
        unsyncedNames = []
    }

    mutating func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, to node: Int, _ name: String
    ) -> (Int, FileError?) {
        let wasOff = isOff
        let error = failure(.write, name)
        if wasOff { return (0, error) }
        var count = bytes.count
        // Some of it may have got there.
        if error != nil { count = generator.below(count + 1) }
        let grown = max(0, offset + count - nodes[node].bytes.count)
        if grown > 0 { count -= max(0, min(grown, used + grown - capacity)) }
        // A short write now and then.
        if error == nil, count > 1, faultRate != nil, generator.oneIn(8) { count = 1 + generator.below(count) }
        put(UnsafeRawBufferPointer(rebasing: bytes[..<max(0, count)]), at: offset, to: nodes[node])
        if let error { return (0, error) }
        return count > 0 ? (count, nil) : (0, FileError("write", name, code: ENOSPC))
    }

    private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int, to node: Node) {
        guard !bytes.isEmpty else { return }
        let end = offset + bytes.count
        if node.bytes.count < end { node.bytes += [UInt8](repeating: 0, count: end - node.bytes.count) }
        node.bytes.withUnsafeMutableBytes { $0[offset..<end].copyBytes(from: bytes) }
        node.unsynced.formUnion(offset / Self.sector...(end - 1) / Self.sector)
    }

    mutating func sync(_ node: Int, _ name: String) -> FileError? {
        let wasOff = isOff
        let error = failure(.sync, name)
        if wasOff || ignoresSyncs { return error }
        let node = nodes[node]
        // A sync that fails may have written all, some or nothing.
        let chance = error == nil ? 2 : generator.below(3)
        for sector in node.unsynced.sorted() where generator.below(2) < chance { keep(sector, of: node) }
        if chance == 2 { lengthen(node) }
        // After a failure they pass for clean. When the power went, nobody asks any more.
        node.unsynced = []
        return error
    }

    private func lengthen(_ node: Node) {
        let missing = node.bytes.count - node.disk.count
        if missing > 0 { node.disk += [UInt8](repeating: 0, count: missing) }
    }

    private func keep(_ sector: Int, of node: Node, upTo torn: Int = Self.sector) {
        let range = sector * Self.sector..<min(sector * Self.sector + torn, node.bytes.count)
        guard !range.isEmpty else { return }
        if node.disk.count < range.upperBound {
            node.disk += [UInt8](repeating: 0, count: range.upperBound - node.disk.count)
        }
        node.disk.withUnsafeMutableBytes { disk in
            node.bytes.withUnsafeBytes { disk[range].copyBytes(from: $0[range]) }
        }
    }

    mutating func restart(losingPower: Bool) {
        isOff = false
        callsLeft = nil
        failing = [:]
        faultRate = nil
        guard losingPower else { return }
        keepNames { $0.oneIn(2) }
        names = namesOnDisk
        // Some cuts keep almost everything, some almost nothing.
        let chance = 1 + generator.below(4)
        let named = Set(names.values)
        for (number, node) in nodes.enumerated() {
            if !named.contains(number) { (node.bytes, node.disk, node.unsynced) = ([], [], []) }
            for sector in node.unsynced.sorted() {
                switch generator.below(4) {
                case ..<chance: keep(sector, of: node)
                case 3: keep(sector, of: node, upTo: generator.below(Self.sector))
                default: break
                }
            }
            if generator.oneIn(2) { lengthen(node) }
            node.unsynced = []
            node.bytes = node.disk
        }
    }
}
