internal import CSodium

/// Base64 (RFC 4648, section 4) by libsodium.
enum Base64 {
    /// What a text stands for; `nil` if it is no base64 with its padding, or has anything else in it.
    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            var isWhole = false
            let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 1) { bytes, count in
                let code = text.withMemoryRebound(to: CChar.self) {
                    sodium_base642bin(
                        bytes.baseAddress!, bytes.count, $0.baseAddress, $0.count, nil, &count, nil,
                        sodium_base64_VARIANT_ORIGINAL)
                }
                isWhole = code == 0
                if !isWhole { count = 0 }
            }
            return isWhole ? bytes : nil
        }
    }
}
