internal import Microblog
internal import Projections

/// Where a file is served: `/media/<SHA-256 in hexadecimal>.<extension>`.
///
/// The hash makes the path as good as unguessable, and lets it be cached for ever.
struct MediaPath {
    let content: ContentHash
    let fileExtension: String

    init(_ file: Attachment) {
        content = file.content
        fileExtension = file.type.fileExtension
    }

    /// Reads the last part of a path; `nil` if it has not the form.
    init?(name: some StringProtocol) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let content = ContentHash(hex: String(parts[0])) else { return nil }
        self.content = content
        fileExtension = String(parts[1])
    }

    var text: String { "/media/\(content.hex).\(fileExtension)" }
}
