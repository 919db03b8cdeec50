import Hashing
import TestSupport
import Testing

@Suite struct Blake2bTests {
    /// RFC 7693 has the 64 bytes of "abc"; the others are those of `b2sum -l`.
    @Test func `Known bytes have known hashes`() {
        #expect(
            hex(Blake2b.hash(Array("abc".utf8), size: 64))
                == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
        #expect(
            hex(Blake2b.hash(Array("abc".utf8), size: 32))
                == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
        #expect(hex(Blake2b.hash([], size: 16)) == "cae66941d9efbd404e4d88758ea67670")
    }

    @Test func `Where the pieces end makes no difference`() {
        let bytes = (0..<768).map { UInt8(truncatingIfNeeded: $0) }
        let whole = Blake2b.hash(bytes, size: 32)
        for cut in [0, 1, 31, 127, 128, 129, 500, 768] {
            var hash = Blake2b(size: 32)
            hash.update(Array(bytes[..<cut]))
            hash.update([])
            hash.update(Array(bytes[cut...]))
            #expect(hash.finish() == whole)
            var joined = [UInt8](repeating: 0, count: 32)
            bytes.withUnsafeBytes { bytes in
                joined.withUnsafeMutableBytes { joined in
                    Blake2b.hash(.init(rebasing: bytes[..<cut]), .init(rebasing: bytes[cut...]), into: joined)
                }
            }
            #expect(joined == whole)
        }
    }

    @Test func `A hash so far is that of what came so far`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        var hash = Blake2b(size: 32)
        #expect(hash.hashSoFar() == Blake2b.hash([], size: 32))
        for byte in bytes.indices {
            hash.update([bytes[byte]])
            #expect(hash.hashSoFar() == Blake2b.hash(Array(bytes[...byte]), size: 32))
        }
        #expect(hash.finish() == Blake2b.hash(bytes, size: 32))
    }

    @Test func `A hash may be written over its first piece`() {
        var chain = Blake2b.hash(Array("before".utf8), size: 32)
        let expected = Blake2b.hash(chain + Array("after".utf8), size: 32)
        chain.withUnsafeMutableBytes { chain in
            Array("after".utf8).withUnsafeBytes { Blake2b.hash(UnsafeRawBufferPointer(chain), $0, into: chain) }
        }
        #expect(chain == expected)
    }
}
