internal import Glibc
internal import Hashing
public import Microblog
internal import Threads

/// A file that is being uploaded: bytes go to `media/incoming` and through the hash as they come.
///
/// One thread at a time uses it: the connection's event loop writes, then the intake's thread finishes. Dropping the
/// last reference cancels the upload, so a broken connection leaves nothing behind.
public final class MediaStaging: Sendable {
    private let state: Guarded<State>
    let path: String

    /// Creates the file.
    init(path: String) throws(MediaStoreError) {
        self.path = path
        let descriptor = try check(.create, path) {
            Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o640))
        }
        state = Guarded(State(path: path, descriptor: descriptor))
    }

    deinit {
        cancel()
    }

    /// How many bytes have come so far.
    public var size: UInt64 {
        state.withLock { $0.size }
    }

    /// Takes the next bytes.
    ///
    /// It waits only for the page cache, so an event loop may call it with the bytes of one read. If the disk cannot
    /// keep up, the kernel makes it wait.
    ///
    /// - Throws: the system's error, for example that the disk is full. The file is then removed, and later calls throw
    ///   the same error.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(MediaStoreError) {
        try state.withLock { state throws(MediaStoreError) in try state.write(bytes) }
    }

    /// Takes the next bytes; see ``write(_:)-(UnsafeRawBufferPointer)``.
    public func write(_ bytes: [UInt8]) throws(MediaStoreError) {
        try bytes.withUnsafeBufferPointer { bytes throws(MediaStoreError) in
            try write(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Ends the file and tells what it is. Does not touch the disk.
    ///
    /// - Throws: what an earlier write threw, or `ECANCELED` after ``cancel()``.
    public func finish() throws(MediaStoreError) -> StagedMedia {
        try state.withLock { state throws(MediaStoreError) -> StagedMedia in
            let content = try state.finish()
            let type = MediaType(recognizing: state.head)
            return StagedMedia(content: content, type: type, size: state.size, staging: self)
        }
    }

    /// Drops the file. Does nothing once the store has it, or the second time.
    public func cancel() {
        state.withLock { _ = $0.end(ECANCELED, operation: .write) }
    }

    /// Makes the bytes durable. Blocks.
    func sync() throws(MediaStoreError) {
        try state.withLock { state throws(MediaStoreError) in try state.sync() }
    }

    /// Releases the file without removing it, because it has its final name now.
    func release() {
        state.withLock { $0.release() }
    }
}

extension MediaStaging {
    private struct State {
        let path: String
        var descriptor: Int32
        var size: UInt64 = 0
        var head: [UInt8] = []
        private var hash = SHA256()
        private var finished: ContentHash?
        private var failure: MediaStoreError?

        init(path: String, descriptor: Int32) {
            self.path = path
            self.descriptor = descriptor
        }

        mutating func write(_ bytes: UnsafeRawBufferPointer) throws(MediaStoreError) {
            precondition(finished == nil, "bytes came after the end of \(path)")
            if let failure { throw failure }
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                if written < 0 { throw end(errno, operation: .write) }
                rest = rest.dropFirst(written)
            }
            head.append(contentsOf: bytes.prefix(MediaType.recognitionLength - head.count))
            hash.update(bytes)
            size += UInt64(bytes.count)
        }

        mutating func finish() throws(MediaStoreError) -> ContentHash {
            if let failure { throw failure }
            if let finished { return finished }
            guard let content = ContentHash(bytes: hash.finish()) else { preconditionFailure("SHA-256 has 32 bytes") }
            finished = content
            return content
        }

        mutating func sync() throws(MediaStoreError) {
            if let failure { throw failure }
            while fsync(descriptor) != 0 {
                // After a failed sync the kernel may have dropped the pages. The result of a second try could not be
                // trusted.
                if errno != EINTR { throw end(errno, operation: .sync) }
            }
        }

        /// Closes and removes the file, and keeps the reason. The first reason stays.
        mutating func end(_ code: Int32, operation: MediaStoreError.Operation) -> MediaStoreError {
            if let failure { return failure }
            let reason = MediaStoreError(operation: operation, path: path, code: code)
            failure = reason
            if descriptor >= 0 { unlink(path) }
            release()
            return reason
        }

        mutating func release() {
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }
}

/// An uploaded file whose bytes have all come, but that is not in the store yet. Dropping the last copy removes the
/// file.
public struct StagedMedia: Sendable {
    /// The SHA-256 of its bytes.
    public let content: ContentHash

    /// Its type, by its content; `nil` when it is not one of the accepted types.
    public let type: MediaType?

    /// How many bytes it has.
    public let size: UInt64

    let staging: MediaStaging
}
