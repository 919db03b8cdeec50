internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections

/// Uploaded files: stored, put on posts and served.
enum Media {
    static let routes = [
        Route(
            .post, "/api/medias", needs: [.media, .posts],
            .upload { file in
                Order(
                    .uploadMedia(UploadMedia(content: file.content, type: file.type, size: file.size)),
                    .created("media_id"),
                    keeping: file)
            }),
        Route(.put, "/api/tweets/{id}/medias/{media_id}", needs: [.media, .posts], .command(attach)),
        Route(.get, "/media/{file}", needs: [.accounts, .media, .posts], .open(file)),
    ]

    private static func attach(_ write: Write) throws(APIError) -> Order {
        let media = MediaID(try write.ids[1])
        return Order(.attachMedia(AttachMedia(media, to: PostID(try write.ids[0]))))
    }

    /// Serves an uploaded file, as long as at least one upload holds it.
    private static func file(_ call: Call) throws(APIError) {
        let name = call.exchange.pathText.dropFirst("/media/".count)
        guard let path = MediaPath(name: name) else { throw .notFound("there is no such file") }
        let found = try call.handler.read { try $0.content(path.content) }
        guard let content = found, content.type.fileExtension == path.fileExtension else {
            throw .notFound("there is no such file")
        }
        let file: (descriptor: Int32, size: UInt64)?
        do throws(MediaStoreError) {
            file = try call.service.martlet.openMedia(path.content)
        } catch {
            call.service.configuration.report("\(error)")
            throw .unavailable("the file cannot be read now")
        }
        guard let file else { throw .notFound("there is no such file") }
        let tag = "\"\(path.content.hex)\""
        let description = FileAnswer.Description(
            tag: tag, contentType: content.type.contentType, source: .upload)
        call.exchange.respond(
            FileAnswer(descriptor: file.descriptor, size: file.size, description)
                .response(call.exchange, call.service))
    }
}

/// Where a file is served: `/media/<SHA-256 in hexadecimal>.<extension>`.
///
/// Nobody can guess the hash, and so the path. Clients may cache the file for ever.
struct MediaPath {
    let content: ContentHash
    let fileExtension: String

    init(_ file: Attachment) {
        content = file.content
        fileExtension = file.type.fileExtension
    }

    /// Reads the last part of a path; `nil` if it does not have this form.
    init?(name: some StringProtocol) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let content = ContentHash(hex: String(parts[0])) else { return nil }
        self.content = content
        fileExtension = String(parts[1])
    }

    var text: String { "/media/\(content.hex).\(fileExtension)" }
}

extension MediaType {
    /// The value of a `Content-Type` header.
    var contentType: StaticString {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .mp4: "video/mp4"
        }
    }
}
