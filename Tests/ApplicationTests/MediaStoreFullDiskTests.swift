import Application
import Glibc
import Microblog
import Testing

/// Whether this process may mount a small file system to fill; the others know no other way to a disk that is full.
private let canMount = MediaDirectory(bytes: 4_096) != nil

@Suite(.enabled(if: canMount, "a small file system can be mounted by root only"))
struct MediaStoreFullDiskTests {
    @Test func `A full disk is a typed error and leaves nothing`() throws {
        let directory = try #require(MediaDirectory(bytes: 64 * 1_024))
        let store = try MediaStore(dataDirectory: directory.path)
        let kept = try store.keep(picture(1)).content
        let staging = try store.begin()
        let error = try #require(throws: MediaStoreError.self) {
            for _ in 0..<20 { try staging.write(picture(2, size: 10_000)) }
        }
        #expect(error.isOutOfSpace)
        #expect(error == MediaStoreError(operation: .write, path: directory.path + "/media/incoming/2", code: ENOSPC))
        #expect(throws: error) { try staging.finish() }
        #expect(directory.files().count == 1)

        #expect(try store.read(kept) == picture(1))
        let next = try store.keep(picture(3))
        #expect(try store.read(next.content) == picture(3))
    }
}
