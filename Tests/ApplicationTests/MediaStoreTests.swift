import Application
import Glibc
import Microblog
import Testing

@Suite struct MediaStoreTests {
    let directory = MediaDirectory()

    @Test func `A file is stored under the hash of its bytes`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let staging = try store.begin()
        try staging.write(Array("a".utf8))
        try staging.write([])
        try staging.write(Array("bc".utf8))
        let staged = try staging.finish()
        // The example of FIPS 180-2.
        #expect(staged.content.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(staged.size == 3)
        #expect(staged.type == nil)
        let pin = try store.store(staged)
        #expect(pin.content == staged.content)
        #expect(
            directory.files() == ["media/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"])
        #expect(try store.read(pin.content) == Array("abc".utf8))
    }

    @Test func `A large file in uneven pieces is kept whole`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let bytes = picture(1, size: 300_000)
        let staging = try store.begin()
        var start = 0
        var step = 1
        while start < bytes.count {
            try staging.write(Array(bytes[start..<min(start + step, bytes.count)]))
            start += step
            step = step * 3 % 70_001
        }
        let staged = try staging.finish()
        #expect(staged.type == .gif)
        #expect(staged.size == 300_000)
        #expect(try store.read(store.store(staged).content) == bytes)
    }

    @Test func `The same content is kept once`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let first = try store.keep(picture(1))
        let second = try store.keep(picture(1))
        #expect(first.content == second.content)
        #expect(directory.files().count == 1)
        #expect(try store.read(second.content) == picture(1))
    }

    @Test func `A damaged file is replaced by the next upload of the same content`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let content = try store.keep(picture(1)).content
        truncate(directory.path + "/" + directory.files()[0], 10)
        #expect(try store.read(content)?.count == 10)
        _ = try store.keep(picture(1))
        #expect(try store.read(content) == picture(1))
    }

    @Test func `What is not there opens as nothing`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let content = try #require(ContentHash(bytes: [UInt8](repeating: 7, count: 32)))
        #expect(try store.open(content) == nil)
    }

    @Test func `An upload that is cancelled or dropped leaves nothing`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let cancelled = try store.begin()
        try cancelled.write(picture(1))
        #expect(directory.files() == ["media/incoming/1"])
        cancelled.cancel()
        #expect(directory.files() == [])
        #expect(throws: MediaStoreError.self) { try cancelled.write([1]) }
        #expect(throws: MediaStoreError.self) { try cancelled.finish() }

        var dropped: MediaStaging? = try store.begin()
        try dropped?.write(picture(2))
        var staged = try dropped?.finish()
        dropped = nil
        #expect(directory.files() == ["media/incoming/2"])
        #expect(staged?.type == .gif)
        staged = nil
        #expect(directory.files() == [])
    }

    @Test func `A crash before the rename leaves no file and one after it the whole file`() throws {
        let first = try MediaStore(dataDirectory: directory.path)
        let content = try first.keep(picture(1)).content
        // What the process had open when it died: nothing written, half written, all written but not renamed.
        let abandoned = try [0, 500, 1_000].map { count in
            let staging = try first.begin()
            try staging.write(Array(picture(2).prefix(count)))
            return staging
        }
        #expect(directory.files().count == 4)

        let second = try MediaStore(dataDirectory: directory.path)
        #expect(directory.files().count == 1)
        #expect(try second.read(content) == picture(1))
        let missing = try second.keep(picture(2))
        #expect(try second.read(missing.content) == picture(2))
        for staging in abandoned { staging.cancel() }
        #expect(directory.files().count == 2)
    }

    @Test func `A sweep removes what nothing refers to`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let used = try store.keep(picture(1)).content
        let unused = try store.keep(picture(2)).content
        let held = try store.keep(picture(3))
        let removed = try withExtendedLifetime(held) { try store.sweep { $0 == used }.removed }
        #expect(removed == [unused])
        #expect(try store.read(used) == picture(1))
        #expect(try store.read(unused) == nil)
        #expect(try store.read(held.content) == picture(3))
    }

    @Test func `A sweep of some contents leaves the others`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let contents = try (1...3).map { try store.keep(picture($0)).content }
        #expect(try store.sweep(contents[0...1]) { $0 == contents[1] }.removed == [contents[0]])
        #expect(directory.files().count == 2)
    }

    @Test func `A content that was held while a sweep ran is kept`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        let content = try store.keep(picture(1)).content
        let removed = try store.sweep { _ in
            // Between the answer and the removal the same picture is uploaded, published and its pin released.
            _ = try? store.keep(picture(1))
            return false
        }.removed
        #expect(removed == [])
        #expect(try store.read(content) == picture(1))
        #expect(try store.sweep { _ in false }.removed == [content])
    }

    @Test func `A file with a name of its own is not swept`() throws {
        let store = try MediaStore(dataDirectory: directory.path)
        fclose(fopen(directory.path + "/media/ab/README", "w"))
        #expect(try store.sweep { _ in false }.removed == [])
        #expect(directory.files() == ["media/ab/README"])
    }

    @Test func `A directory that cannot be made is named`() throws {
        let error = try #require(throws: MediaStoreError.self) {
            try MediaStore(dataDirectory: directory.path + "/absent")
        }
        let path = directory.path + "/absent/media"
        #expect(error == MediaStoreError(operation: .createDirectory, path: path, code: ENOENT))
        #expect(error.description == "cannot create the directory \(path): No such file or directory (errno 2)")
        #expect(!error.isOutOfSpace)
    }
}
