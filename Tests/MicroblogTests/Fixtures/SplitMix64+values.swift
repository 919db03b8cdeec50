import Microblog
import TestSupport

extension SplitMix64 {
    mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }

    /// Small and huge numbers alike, never 0.
    mutating func number() -> UInt64 {
        let number = next() >> UInt64(below(64))
        return number == 0 ? 1 : number
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func hash<Name: HashName>() -> Name {
        Name(bytes: bytes(Hash256.byteCount))!
    }

    mutating func key() -> KeyHash? {
        below(2) == 0 ? nil : hash()
    }

    mutating func post() -> PostID? {
        below(2) == 0 ? nil : PostID(number())
    }

    mutating func media() -> [MediaID] {
        (0..<below(5)).map { _ in MediaID(number()) }
    }

    mutating func handle() -> Handle {
        let allowed = Array("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.-")
        let length = 1 + below(Handle.maximumLength)
        return try! Handle(String((0..<length).map { _ in allowed[below(allowed.count)] }))
    }

    /// Scalars of one to four bytes of UTF-8, control characters and quotes among them.
    mutating func text(longest: Int = 60) -> String {
        let scalars = (0..<below(longest + 1)).map { _ in
            switch below(6) {
            case 0: Unicode.Scalar(UInt8(below(0x20)))
            case 1: ["\"", "\\", "/", "\u{7f}", "\u{2028}", " "][below(6)] as Unicode.Scalar
            case 2: Unicode.Scalar(UInt32(0x80 + below(0xd800 - 0x80)))!
            case 3: Unicode.Scalar(UInt32(0xe000 + below(0x11_0000 - 0xe000)))!
            default: Unicode.Scalar(UInt8(0x20 + below(0x5f)))
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    mutating func name() -> DisplayName {
        try! DisplayName("n" + text())
    }

    mutating func role() -> Role {
        Role.allCases.randomElement(using: &self)!
    }

    mutating func mediaType() -> MediaType {
        MediaType.allCases.randomElement(using: &self)!
    }
}
