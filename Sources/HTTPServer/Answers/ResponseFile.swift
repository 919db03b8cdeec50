import Glibc

/// A part of an open file that is an answer's body. The file is closed when the answer is sent or given up.
public struct ResponseFile: ~Copyable {
    let descriptor: Int32
    /// The first byte to send.
    public let offset: UInt64
    /// How many bytes to send.
    public let length: UInt64

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

    /// Gives the descriptor away. The receiver closes it.
    public consuming func take() -> Int32 {
        let taken = descriptor
        discard self
        return taken
    }
}
