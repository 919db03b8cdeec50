import Glibc
import TestSupport
import Testing

@testable import Compression

@Suite struct GzipTests {
    /// What Debian's gzip makes of a member: somebody else's reading of the format.
    private func unpacked(_ member: [UInt8]) throws -> [UInt8] {
        var template = Array("/tmp/martlet-gzip-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        #expect(write(descriptor, member, member.count) == member.count)
        close(descriptor)
        let pipe = try #require(popen("gzip --decompress --stdout < \(path)", "r"))
        var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = fread(&piece, 1, piece.count, pipe)
            if count == 0 { break }
            bytes += piece[..<count]
        }
        #expect(pclose(pipe) == 0)
        return bytes
    }

    @Test func `What is compressed is read back by another program`() throws {
        var random = SplitMix64(seed: 7)
        let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        for bytes in [[], [0], Array(repeating: 65, count: 300_000), Array("Swifts. ".utf8), noise] {
            let member = try #require(Gzip.compress(bytes))
            #expect(try unpacked(member) == bytes, "\(bytes.count) bytes")
        }
    }

    @Test func `Text becomes smaller, noise hardly longer, and the same bytes give the same member`() throws {
        let text = Array(String(repeating: "{\"result\": true, \"tweet_id\": 812}\n", count: 1000).utf8)
        let member = try #require(Gzip.compress(text))
        #expect(member.count < text.count / 10)
        #expect(Gzip.compress(text) == member)
        var random = SplitMix64(seed: 8)
        let noise = (0..<1_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(try #require(Gzip.compress(noise)).count < noise.count + 1000)
    }
}
