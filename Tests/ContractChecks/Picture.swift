/// Files whose first bytes are those of a known type, and that differ by a number.
public enum Picture {
    /// A PNG, as far as its beginning tells.
    ///
    /// - Parameter size: bytes, 24 or more.
    public static func png(_ number: Int, size: Int = 100) -> [UInt8] {
        var bytes: [UInt8] = [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [0, 0, 0, 13] + Array("IHDR".utf8)
        withUnsafeBytes(of: UInt64(number).bigEndian) { bytes += $0 }
        while bytes.count < size { bytes.append(UInt8(truncatingIfNeeded: bytes.count &* 31 &+ number)) }
        return bytes
    }

    /// The beginnings of all types that are taken, with the type that is served.
    public static let kinds: [(bytes: [UInt8], type: String, fileExtension: String)] = [
        ([0xFF, 0xD8, 0xFF, 0xE0] + Array("JFIF".utf8), "image/jpeg", "jpg"),
        (png(1), "image/png", "png"),
        (Array("GIF89a......".utf8), "image/gif", "gif"),
        (Array("RIFF....WEBPVP8 ....".utf8), "image/webp", "webp"),
        (Array("....ftypisom....".utf8), "video/mp4", "mp4"),
    ]
}
