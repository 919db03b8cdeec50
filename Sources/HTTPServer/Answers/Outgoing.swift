import Glibc

/// What is still to be written on a connection: bytes of heads, then the body of one answer.
struct Outgoing: ~Copyable {
    private var heads: [UInt8] = []
    private var headsWritten = 0
    private var body = ResponseBody.empty
    private var bodyWritten = 0

    /// How many bytes of memory it holds: all of a body until its last byte is written. A file's bytes wait on the disk.
    private(set) var count = 0

    /// How many bytes of the answer, head included, were written.
    private(set) var written: UInt64 = 0

    /// Whether all of it was written.
    private(set) var isEmpty = true

    /// Whether the connection takes more now, and others are to have their turn first.
    private(set) var wantsTurn = false

    /// The most bytes of a file that are written in one turn. It may come from the disk, and a quick reader takes it all.
    private static let mostOfFileInTurn = 1 << 20

    /// Writes an answer, as far as the connection takes it now. The rest is kept.
    ///
    /// - Parameter head: all lines; it is copied if it must be kept.
    /// - Returns: `false` when the connection is broken.
    mutating func begin(_ head: UnsafeRawBufferPointer, _ body: consuming ResponseBody, on writer: some ByteWriter)
        -> Bool
    {
        self.body = body
        bodyWritten = 0
        guard isEmpty else {
            heads += head
            return go(on: writer)
        }
        let written: Int
        switch self.body {
        case .empty: written = writer.write(head, UnsafeRawBufferPointer(start: nil, count: 0))
        case .buffer(let buffer): written = writer.write(head, buffer.bytes)
        case .text(let text): written = writer.write(head, text.bytes)
        case .file: written = writer.write(head, UnsafeRawBufferPointer(start: nil, count: 0))
        }
        guard written >= 0 else { return false }
        self.written = UInt64(written)
        if written < head.count {
            keep(UnsafeRawBufferPointer(rebasing: head[written...]))
        } else {
            bodyWritten = written - head.count
        }
        isEmpty = false
        return go(on: writer)
    }

    /// Writes bytes that stand before an answer, such as leave to send a body.
    mutating func write(_ text: StaticString, on writer: some ByteWriter) -> Bool {
        let written = isEmpty ? writer.write(text.bytes, UnsafeRawBufferPointer(start: nil, count: 0)) : 0
        guard written >= 0 else { return false }
        if written < text.utf8CodeUnitCount { keep(UnsafeRawBufferPointer(rebasing: text.bytes[written...])) }
        isEmpty = heads.isEmpty && isEmpty
        return true
    }

    /// Writes more, as far as the connection takes it now.
    ///
    /// - Returns: `false` when the connection is broken.
    mutating func go(on writer: some ByteWriter) -> Bool {
        wantsTurn = false
        guard !isEmpty else { return true }
        if !heads.isEmpty {
            let written = heads.withUnsafeBytes { writer.write(Self.rest(of: $0, from: headsWritten)) }
            guard written >= 0 else { return false }
            headsWritten += written
            self.written += UInt64(written)
            guard headsWritten == heads.count else { return settle() }
            heads = []
            headsWritten = 0
        }
        guard writeBody(on: writer) else { return false }
        return settle()
    }

    /// Gives up what is left.
    mutating func drop() {
        heads = []
        headsWritten = 0
        body = .empty
        bodyWritten = 0
        count = 0
        isEmpty = true
        wantsTurn = false
    }

    private mutating func writeBody(on writer: some ByteWriter) -> Bool {
        let length = Int(body.length)
        let start = bodyWritten
        while bodyWritten < length {
            let written: Int
            switch body {
            case .empty: written = 0
            case .buffer(let buffer): written = writer.write(Self.rest(of: buffer.bytes, from: bodyWritten))
            case .text(let text): written = writer.write(Self.rest(of: text.bytes, from: bodyWritten))
            case .file(let file):
                wantsTurn = bodyWritten - start >= Self.mostOfFileInTurn
                written = wantsTurn ? 0 : writer.write(file, from: bodyWritten)
            }
            guard written >= 0 else { return false }
            guard written > 0 else { return true }
            bodyWritten += written
            self.written += UInt64(written)
        }
        return true
    }

    private mutating func settle() -> Bool {
        isEmpty = heads.isEmpty && bodyWritten >= Int(body.length)
        if isEmpty {
            drop()
            return true
        }
        count = heads.count + body.memory
        return true
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        heads += bytes
        isEmpty = false
    }

    private static func rest(of bytes: UnsafeRawBufferPointer, from place: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[place...])
    }
}

/// Takes the bytes of answers: a socket, or memory.
protocol ByteWriter {
    /// Writes bytes of two places, one after the other.
    ///
    /// - Returns: how many it took; 0 when it takes none now, less than 0 when it will never take any again.
    func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int

    /// Writes bytes of a file, from a place that counts from the beginning of the part that is sent.
    func write(_ file: borrowing ResponseFile, from place: Int) -> Int

    /// How many bytes the other end has acknowledged; `nil` where that cannot be told.
    var acknowledged: UInt64? { get }

    /// Whether some of what it took could not be sent yet, because the other end does not read.
    var hasUnsent: Bool { get }

    /// Says that nothing more will be written, and goes on taking bytes in.
    func finish()

    /// Ends the connection.
    ///
    /// - Parameter resetting: whether what was not sent yet is given up.
    func close(resetting: Bool)
}

extension ByteWriter {
    func write(_ bytes: UnsafeRawBufferPointer) -> Int { write(bytes, UnsafeRawBufferPointer(start: nil, count: 0)) }
}

extension StaticString {
    /// Its bytes.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}
