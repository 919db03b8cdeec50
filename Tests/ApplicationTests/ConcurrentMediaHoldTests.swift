import FoundationEssentials
import Glibc
import Microblog
import Testing

@testable import Application

/// Nothing is removed while somebody copies files.
@Suite struct ConcurrentMediaHoldTests {
    private func hold(_ dataDirectory: String) throws -> MediaHold {
        let hold = try MediaHold(of: MediaLayout(root: dataDirectory + "/media"))
        try hold.share()
        return hold
    }

    @Test func `A sweep puts off what it would remove until nobody copies`() throws {
        let directory = MediaDirectory()
        let store = try MediaStore(dataDirectory: directory.path)
        let contents = try (1...3).map { try store.keep(picture($0)).content }
        func isReferenced(_ content: ContentHash) -> Bool { content == contents[2] }
        var first: MediaHold? = try hold(directory.path)
        var second: MediaHold? = try hold(directory.path)
        #expect(first != nil && second != nil)
        var swept = try store.sweep(isReferenced: isReferenced)
        #expect(swept.removed.isEmpty)
        #expect(Set(swept.putOff) == Set(contents[..<2]))
        first = nil
        #expect(try store.sweep(swept.putOff, isReferenced: isReferenced) == swept)
        #expect(directory.files().count == 3)
        second = nil
        swept = try store.sweep(swept.putOff, isReferenced: isReferenced)
        #expect(Set(swept.removed) == Set(contents[..<2]))
        #expect(swept.putOff.isEmpty)
        #expect(directory.files().count == 1)
    }

    @Test func `A hold that cannot be made is an error and removes nothing`() throws {
        let directory = MediaDirectory()
        let store = try MediaStore(dataDirectory: directory.path)
        let content = try store.keep(picture(1)).content
        try FileManager.default.createDirectory(
            atPath: directory.path + "/media.hold", withIntermediateDirectories: false)
        let error = #expect(throws: MediaStoreError.self) { try store.sweep { _ in false } }
        #expect(error?.path == directory.path + "/media.hold")
        #expect(try store.read(content) != nil)
    }

    @Test func `Deleted files go once the copying ends or at the next start`() async throws {
        let data = DataOfTest()
        func path(_ content: ContentHash) -> String { MediaLayout(root: data.path + "/media").path(of: content) }
        func isThere(_ content: ContentHash) -> Bool { access(path(content), F_OK) == 0 }
        var (first, second): (ContentHash, ContentHash)
        (first, second) = try await data.open { martlet in
            let ann = try await martlet.register("ann")
            let first = try await martlet.publishPicture(1, by: ann)
            let second = try await martlet.publishPicture(2, by: ann)
            var copying: MediaHold? = try hold(data.path)
            #expect(copying != nil)
            _ = try await martlet.execute(.deletePost(DeletePost(first.post)), by: .account(ann))
            #expect(isThere(first.content))
            copying = nil
            while isThere(first.content) { try await Task.sleep(for: .milliseconds(5)) }
            copying = try hold(data.path)
            _ = try await martlet.execute(.deletePost(DeletePost(second.post)), by: .account(ann))
            try await martlet.close()
            withExtendedLifetime(copying) { #expect(isThere(second.content)) }
            return (first.content, second.content)
        }
        try await data.open { _ in
            while isThere(second) { try await Task.sleep(for: .milliseconds(5)) }
        }
        #expect(!isThere(first))
    }

    @Test func `A file that is held when its post goes is removed when it is let go`() async throws {
        let data = DataOfTest()
        try await data.open { martlet in
            let ann = try await martlet.register("ann")
            let picture = try await martlet.publishPicture(1, by: ann)
            let path = MediaLayout(root: data.path + "/media").path(of: picture.content)
            var pin: MediaPin? = martlet.media.pin(picture.content)
            _ = try await martlet.execute(.deletePost(DeletePost(picture.post)), by: .account(ann))
            // Goes after the other, which nobody holds.
            let other = try await martlet.publishPicture(2, by: ann)
            _ = try await martlet.execute(.deletePost(DeletePost(other.post)), by: .account(ann))
            let otherPath = MediaLayout(root: data.path + "/media").path(of: other.content)
            while access(otherPath, F_OK) == 0 { try await Task.sleep(for: .milliseconds(5)) }
            withExtendedLifetime(pin) { #expect(access(path, F_OK) == 0) }
            pin = nil
            while access(path, F_OK) == 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}
