import Hashing
import Testing

@Suite struct SHA256Tests {
    /// The first two are of FIPS 180-4's examples, the third is `sha256sum`'s.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("martlet", "19f760301a236867abef2327abbcc1270f4a27a52035722c346d61235627b906"),
    ])
    func `Known bytes have known hashes`(text: String, expected: String) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var hash = SHA256()
            bytes.withUnsafeBytes { bytes in
                hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
                hash.update(UnsafeRawBufferPointer(rebasing: bytes[cut...]))
            }
            let hex = hash.finish().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(hex == expected)
        }
    }
}
