import FoundationEssentials
import Glibc
import Microblog

@testable import Application

/// A data directory of one test, removed with it.
final class MediaDirectory: Sendable {
    let path: String
    private let isMounted: Bool

    init() {
        var template = Array("/tmp/martlet-media-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        isMounted = false
    }

    /// A file system of its own that holds so many bytes; `nil` where mounting is not allowed.
    init?(bytes: Int) {
        var template = Array("/tmp/martlet-media-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        isMounted = mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0
        if !isMounted {
            rmdir(path)
            return nil
        }
    }

    deinit {
        if isMounted { umount(path) }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Every file but the lock of ``MediaHold``, as a path below the data directory, in order.
    func files() -> [String] {
        let below = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        return below.filter { file in
            var isDirectory = false
            return file != "media.hold"
                && FileManager.default.fileExists(atPath: path + "/" + file, isDirectory: &isDirectory) && !isDirectory
        }.sorted()
    }
}

extension MediaStore {
    /// Uploads and stores one file.
    func keep(_ bytes: [UInt8]) throws -> MediaPin {
        let staging = try begin()
        try staging.write(bytes)
        return try store(staging.finish())
    }

    /// The bytes of a content; `nil` if it is not there.
    func read(_ content: ContentHash) throws -> [UInt8]? {
        guard let file = try open(content) else { return nil }
        defer { close(file.descriptor) }
        var bytes = [UInt8](repeating: 0, count: Int(file.size) + 1)
        let count = Glibc.read(file.descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(count))
    }
}

/// A file of some type, by its beginning alone, with contents that differ by number.
func picture(_ number: Int, size: Int = 1_000) -> [UInt8] {
    var bytes: [UInt8] = Array("GIF89a".utf8)
    var state = UInt64(number)
    while bytes.count < size {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(UInt8(truncatingIfNeeded: state >> 56))
    }
    return bytes
}

extension Martlet {
    /// Uploads a picture and publishes it, and lets go of it.
    ///
    /// - Parameter happened: called after each event.
    func publishPicture(
        _ number: Int, size: Int = 1_000, by account: AccountID, happened: () throws -> Void = {}
    ) async throws -> (media: MediaID, post: PostID, content: ContentHash) {
        let pin = try media.keep(picture(number, size: size))
        let upload = Command.uploadMedia(UploadMedia(content: pin.content, type: .gif, size: UInt64(size)))
        let id = MediaID(try await execute(upload, by: .account(account)).position)
        try happened()
        let publish = Command.publishPost(PublishPost(text: "picture \(number)", replyTo: nil, media: [id]))
        let post = PostID(try await execute(publish, by: .account(account)).position)
        try happened()
        return (id, post, withExtendedLifetime(pin) { pin.content })
    }
}
