import Glibc

/// A part of an open file that is an answer's body. The file is closed when the answer is sent or given up.
public struct ResponseFile: ~Copyable {
    let descriptor: Int32
    /// The first byte to send.
    public private(set) var offset: UInt64
    /// How many bytes to send.
    public private(set) var length: UInt64
    private var place: FilePlace?

    /// Takes over an open descriptor.
    ///
    /// - Parameters:
    ///   - offset: first byte to send.
    ///   - length: how many bytes. The file must have them, because the answer's Content-Length promises them.
    public init(descriptor: Int32, offset: UInt64 = 0, length: UInt64) {
        self.descriptor = descriptor
        self.offset = offset
        self.length = length
    }

    deinit {
        close(descriptor)
    }

    /// Leaves out what is not in a range of its bytes.
    public mutating func narrow(to range: Range<UInt64>) {
        offset += range.lowerBound
        length = UInt64(range.count)
    }

    /// Holds a place as long as the file is open.
    public mutating func hold(_ place: FilePlace) { self.place = place }
}
