internal import CISAL

/// The gzip format (RFC 1952), by ISA-L.
public enum Gzip {
    /// What a member needs beyond its blocks, with some to spare, in bytes.
    private static let overhead = 1024

    /// Compresses bytes into one gzip member. The same bytes always give the same member, since it names no time.
    ///
    /// For what is compressed once and sent often: it takes about a millisecond for 100 KB.
    ///
    /// - Parameter bytes: at most 1 GiB.
    /// - Returns: the member; `nil` when there is no memory for it.
    public static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        precondition(bytes.count <= 1 << 30, "one member of gzip has at most 1 GiB here, not \(bytes.count) bytes")
        // Bytes that cannot be compressed are stored in blocks of up to 65,535, each with 5 bytes more.
        let room = bytes.count + bytes.count / 1000 + overhead
        var isWhole = false
        let member = [UInt8](unsafeUninitializedCapacity: room) { target, count in
            let written = bytes.withUnsafeBufferPointer { source in
                martlet_gzip(source.baseAddress, UInt32(source.count), target.baseAddress, UInt32(room))
            }
            isWhole = written >= 0
            count = max(0, Int(written))
        }
        return isWhole ? member : nil
    }
}
