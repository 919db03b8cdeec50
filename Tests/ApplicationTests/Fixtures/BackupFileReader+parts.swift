import Hashing
import Microblog

@testable import Application
@testable import Backup

extension BackupFileReader {
    /// A part with its contents.
    struct WholePart: Equatable {
        let tag: BackupTag
        let contents: [UInt8]
    }

    /// All parts to the end; those of media with the hash in front, as they are in the file.
    func parts() throws -> [WholePart] {
        var parts: [WholePart] = []
        while let part = try next() {
            switch part {
            case .contents(let tag, _, let contents): parts.append(WholePart(tag: tag, contents: contents))
            case .media(let content, let start, let size):
                var bytes = content.rawValue.bytes
                _ = try readMedia(at: start, size: size) { bytes += $0 }
                parts.append(WholePart(tag: .media, contents: bytes))
            }
        }
        return parts
    }
}

/// The SHA-256 of some bytes.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
}
