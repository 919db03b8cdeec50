import Glibc

/// A part of an open file that is an answer's body; it is closed when the answer is sent or given up.
struct ResponseFile: ~Copyable {
    private let descriptor: Int32
    let offset: UInt64
    let length: UInt64

    /// Takes over an open descriptor.
    ///
    /// - Parameters:
    ///   - offset: first byte to send.
    ///   - length: how many bytes; the file must have them, since the answer's Content-Length says so.
    init(descriptor: Int32, offset: UInt64 = 0, length: UInt64) {
        self.descriptor = descriptor
        self.offset = offset
        self.length = length
    }

    deinit {
        close(descriptor)
    }

    /// Gives the descriptor away; whoever takes it closes it.
    consuming func take() -> Int32 {
        let taken = descriptor
        discard self
        return taken
    }
}
