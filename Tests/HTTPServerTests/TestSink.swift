import Threads

@testable import HTTPServer

/// Keeps an upload in memory, or fails at a given size as a full disk does.
final class TestSink: UploadSink {
    struct DiskFull: Error {}

    private let record: TestRecord
    private let failsAt: Int?
    private var count = 0

    init(_ record: TestRecord, failsAt: Int?) {
        self.record = record
        self.failsAt = failsAt
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        count += bytes.count
        if let failsAt, count > failsAt { throw DiskFull() }
        let copy = Array(bytes)
        record.uploaded.withLock { $0 += copy }
    }

    func cancel() {
        record.cancelledSinks.withLock { $0 += 1 }
    }
}
