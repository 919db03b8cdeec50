import EventLog
import Microblog
import Testing
import Threads

@testable import Application

/// What a line does to those that are decided after it in the same batch, and in the batches that wait behind it.
@Suite struct ImportBatchTests {
    private let data = DataOfTest()

    /// Makes the log's writer wait inside a batch.
    private struct Gate {
        private let entered = Watermark(0)
        private let left = Watermark(0)

        init(_ martlet: Martlet) {
            martlet.log?.submit(
                Proposal { [entered, left] _ in
                    entered.advance(to: 1)
                    _ = left.wait(beyond: 0)
                    return .refuse(answer: [])
                } completion: { _ in
                })
        }

        /// Waits until the writer has taken its batch and stands in it: what is submitted now comes into the next one.
        func waitUntilTaken() { _ = entered.wait(beyond: 0) }

        func open() { left.advance(to: 1) }
    }

    @Test func `New lines behind another line than before are not taken`() async throws {
        try await data.open { martlet in
            try ImportFile.small.prefix(10).run(martlet)
            let head = martlet.newest.position
            let other = ImportFile.small.replacing(
                line: 4, by: #"{"at":"2012-07-01T00:00:03Z","do":"like","user":"u2","post":"p1"}"#)
            // All lines in one batch, so that none of them can know what became of another.
            let gate = Gate(martlet)
            gate.waitUntilTaken()
            let importer = Importer(martlet)
            try other.add(to: importer)
            gate.open()
            do throws(ImportError) {
                try importer.finish()
                Issue.record("a line was taken for another")
            } catch {
                #expect(error.line == 4)
            }
            #expect(importer.progress.lines == 3)
            #expect(martlet.newest.position == head)
        }
    }

    @Test(.enabled(if: canMount, "a small file system can be mounted by root only"))
    func `No batch behind one without room on the disk is taken`() async throws {
        let directory = try #require(MediaDirectory(bytes: 1 << 20))
        // The log has room and the disk has not, so all of the batch is decided before it fails.
        let martlet = try Martlet(DataDirectory(directory.path, create: true))
        #expect(try overfill(martlet).contains("No space left on device"))
        try? await martlet.close()
    }

    /// Imports one line, then more in one batch than there is room for, and one more that waits behind that batch.
    ///
    /// - Returns: what the import ends with.
    private func overfill(_ martlet: Martlet) throws -> String {
        let importer = Importer(martlet)
        try ImportFile.small.prefix(1).add(to: importer)
        try importer.finish()
        let before = Gate(martlet)
        before.waitUntilTaken()
        // The next batch begins with this one, and the posts are behind it.
        let inside = Gate(martlet)
        let text = String(repeating: "x", count: 1_000)
        let posts = (1...2_000).map { number in
            #"{"at":"2012-07-02T00:00:00Z","do":"post","user":"u1","post":"p\#(number)","text":"\#(text)"}"#
        }
        try ImportFile(lines: posts).add(to: importer)
        before.open()
        inside.waitUntilTaken()
        // Small enough for any room, and naming nothing that the failed batch would have made.
        try ImportFile(lines: [#"{"at":"2012-07-03T00:00:00Z","do":"register","user":"u2"}"#]).add(to: importer)
        inside.open()
        do throws(ImportError) {
            try importer.finish()
            Issue.record("there was room")
            return ""
        } catch {
            #expect(error.line == 2)
            #expect(importer.progress.lines == 1)
            #expect(martlet.newest.position == 1)
            return error.reason
        }
    }
}

/// Whether this process may mount a small file system to fill.
private let canMount = MediaDirectory(bytes: 4_096) != nil
