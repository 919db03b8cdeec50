import Microblog
import TestSupport
import Testing

@Suite struct ValueTests {
    @Test(arguments: ["a", "z9_.-", "abcdefghijklmnopqrstuvwxyz0123", "a.b-c_d", "12345678", "123456789"])
    func `A handle is what was written`(text: String) throws {
        let handle = try Handle(text)
        #expect(handle.description == text)
        #expect(handle.count == text.utf8.count)
    }

    @Test func `Capitals of a handle are lowered`() throws {
        #expect(try Handle("ALICE.Z") == Handle("alice.z"))
        #expect(try Handle("ALICE.Z").description == "alice.z")
    }

    @Test func `Handles are ordered as their bytes`() throws {
        let texts = ["-", ".", "0", "9", "_", "a", "a-", "a0", "aa", "ab", "abcdefgh", "abcdefghi", "b"]
        #expect(try texts.map { try Handle($0) }.sorted().map(\.description) == texts)
    }

    @Test func `A handle has one to thirty characters`() {
        #expect(throws: Rejection.handleLength(length: 0, limit: 30)) { try Handle("") }
        #expect(throws: Rejection.handleLength(length: 31, limit: 30)) { try Handle(String(repeating: "a", count: 31)) }
    }

    @Test(arguments: ["ä", " ", "/", "@", "`", "{", "[", "\u{212a}", "\0", "🐦"] as [Unicode.Scalar])
    func `Other characters are not a handle`(scalar: Unicode.Scalar) {
        #expect(throws: Rejection.handleCharacter(scalar)) { try Handle("a\(scalar)b") }
    }

    @Test func `A name loses the space around it`() throws {
        #expect(try DisplayName("\n Ann  B \u{a0}").text == "Ann  B")
    }

    @Test(arguments: ["", " \t", "\u{2003}"])
    func `A blank name is rejected`(text: String) {
        #expect(throws: Rejection.nameBlank) { try DisplayName(text) }
    }

    @Test func `A name has at most a hundred scalars`() throws {
        #expect(try DisplayName(" " + String(repeating: "ñ", count: 100)).text.count == 100)
        #expect(throws: Rejection.nameTooLong(length: 101, limit: 100)) {
            try DisplayName(String(repeating: "ñ", count: 101))
        }
    }

    @Test func `A hash is thirty-two bytes and sixty-four digits`() throws {
        let bytes = Array(UInt8(0xe8)...0xff) + Array(UInt8(0)..<8)
        let hash = try #require(KeyHash(bytes: bytes))
        #expect(hash.hex == "e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff0001020304050607")
        #expect(KeyHash(hex: hash.hex) == hash)
        #expect(hash.rawValue.bytes == bytes)
    }

    @Test func `Other bytes or digits are not a hash`() {
        let digits = String(repeating: "a", count: 64)
        #expect(KeyHash(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        #expect(KeyHash(bytes: [UInt8](repeating: 0, count: 33)) == nil)
        #expect(KeyHash(hex: digits) != nil)
        for text in [String(digits.dropLast()), digits + "a", digits.dropLast() + "A", digits.dropLast() + "g"] {
            #expect(KeyHash(hex: text) == nil)
        }
    }

    @Test func `Hashes are ordered as their bytes`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<1_000 {
            let (left, right) = (random.bytes(32), random.bytes(32))
            let smaller = left.lexicographicallyPrecedes(right)
            #expect((Hash256(bytes: left)! < Hash256(bytes: right)!) == smaller)
        }
    }

    @Test func `Zero is the operator and any other actor an account`() {
        #expect(Issuer(rawValue: 0) == .operator)
        #expect(Issuer(rawValue: 17) == .account(AccountID(17)))
        #expect(Issuer.operator.rawValue == 0)
        #expect(Issuer.account(AccountID(.max)).rawValue == .max)
    }

    @Test func `Roles are found by their word`() {
        for role in Role.allCases { #expect(Role(name: role.name) == role) }
        #expect(Role(name: "Admin") == nil)
    }

    @Test func `Stored codes stay as they are`() {
        #expect(Role.allCases.map(\.rawValue) == [1, 2])
        #expect(MediaType.allCases.map(\.rawValue) == [1, 2, 3, 4, 5])
        #expect(MediaType.allCases.map(\.fileExtension) == ["jpg", "png", "gif", "webp", "mp4"])
        #expect(EventType.all.map(\.code) == Array(1...14))
    }
}
