public import Microblog

extension MediaType {
    /// How many bytes of a file's beginning ``init(recognizing:)`` looks at.
    public static let recognitionLength = 64

    /// Tells the type of a file by its first bytes; `nil` when the type is not accepted.
    ///
    /// Only the content counts, because a sender can choose any name and any `Content-Type`. What follows the first
    /// bytes is not checked, so an answer with the file must forbid the browser to guess again
    /// (`X-Content-Type-Options: nosniff`).
    ///
    /// - Parameter head: the first ``recognitionLength`` bytes, or the whole file if it is shorter.
    public init?(recognizing head: some Collection<UInt8>) {
        let head = Array(head.prefix(MediaType.recognitionLength))
        if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x89] + Array("PNG\r\n\u{1A}\n".utf8)), head.text(at: 12) == "IHDR" {
            self = .png
        } else if head.starts(with: "GIF87a".utf8) || head.starts(with: "GIF89a".utf8) {
            self = .gif
        } else if head.text(at: 0) == "RIFF", head.text(at: 8) == "WEBP", webpChunks.contains(head.text(at: 12)) {
            self = .webp
        } else if head.text(at: 4) == "ftyp", mp4Brands.contains(head.text(at: 8)) {
            self = .mp4
        } else {
            return nil
        }
    }
}

/// What the first chunk of a WebP file can be: lossy, lossless, extended.
private let webpChunks: Set<String> = ["VP8 ", "VP8L", "VP8X"]

/// The major brands of files that can be sent as `video/mp4` to every browser with MP4 support.
///
/// Only the major brand is looked at, because AVIF and HEIC pictures name `isom` relatives among their compatible
/// brands. QuickTime (`qt  `) is left out: it is a format of its own, with codecs that browsers do not play, and
/// `video/mp4` would be a wrong name for it. So is `M4A `, which is sound only.
private let mp4Brands: Set<String> = [
    "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1", "dash", "mmp4",
    "M4V ", "M4VH", "M4VP", "MSNV",
]

extension [UInt8] {
    /// Four bytes as text; empty if they are not there.
    fileprivate func text(at offset: Int) -> String {
        guard count >= offset + 4 else { return "" }
        return String(decoding: self[offset..<offset + 4], as: UTF8.self)
    }
}
