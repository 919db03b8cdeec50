import Glibc

/// A part of an open file that is an answer's body. The file is closed when the answer is sent or given up.
public struct ResponseFile: ~Copyable {
    private let descriptor: Int32
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

    /// The bytes that it sends, read into memory. They are fewer if the file has become shorter.
    var bytes: [UInt8] {
        var start = 0
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            while start < buffer.count {
                let read = pread(descriptor, buffer.baseAddress! + start, buffer.count - start, off_t(offset) + start)
                guard read > 0 else { break }
                start += read
            }
            count = start
        }
    }

    /// Gives the descriptor away. The receiver closes it.
    public consuming func take() -> Int32 {
        let taken = descriptor
        discard self
        return taken
    }
}
