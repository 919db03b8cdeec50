internal import Bytes

/// How far a projector has come. Row, big-endian: version of the projector (4), position (8).
struct Checkpoint: Equatable {
    var version: UInt32
    var position: UInt64

    init(version: UInt32, position: UInt64) {
        self.version = version
        self.position = position
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 12 else { throw ViewCorruption(table: "checkpoints", key: "a checkpoint") }
        self.init(version: bytes.bigEndianUInt32(at: 0), position: bytes.bigEndianUInt64(at: 4))
    }

    var bytes: [UInt8] {
        var row: [UInt8] = []
        row.append(bigEndian: version)
        row.append(bigEndian: position)
        return row
    }
}
