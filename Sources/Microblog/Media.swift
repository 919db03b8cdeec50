/// The kinds of file that can be uploaded.
///
/// The raw value is stored and never changes its meaning.
public enum MediaType: UInt8, CaseIterable, Sendable {
    case jpeg = 1
    case png = 2
    case gif = 3
    case webp = 4
    case mp4 = 5

    /// The value of a `Content-Type` header.
    public var mimeType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .mp4: "video/mp4"
        }
    }

    /// The end of a file name, without the dot.
    public var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .gif: "gif"
        case .webp: "webp"
        case .mp4: "mp4"
        }
    }
}
