import Microblog
import TestSupport
import Testing

@Suite struct RejectionTests {
    struct Golden: Sendable {
        let rejection: Rejection
        let bytes: String
        let category: RejectionCategory
        let code: String
    }

    static let alice = try! Handle("alice")
    static let key = KeyHash(bytes: Array(0..<32))!

    /// Every rejection in the bytes of `docs/events.md`, put together by hand, and the word that front ends compare.
    static let all: [Golden] = [
        Golden(
            rejection: .handleLength(length: 31, limit: 30), bytes: "01000000000000001f000000000000001e",
            category: .invalid, code: "handle_length"),
        Golden(
            rejection: .handleCharacter("ä"), bytes: "02000000e4",
            category: .invalid, code: "handle_character"),
        Golden(
            rejection: .nameBlank, bytes: "03",
            category: .invalid, code: "name_blank"),
        Golden(
            rejection: .nameTooLong(length: 101, limit: 100), bytes: "0400000000000000650000000000000064",
            category: .invalid, code: "name_too_long"),
        Golden(
            rejection: .textBlank, bytes: "05",
            category: .invalid, code: "text_blank"),
        Golden(
            rejection: .textTooLong(length: 1001, limit: 1000), bytes: "0600000000000003e900000000000003e8",
            category: .invalid, code: "text_too_long"),
        Golden(
            rejection: .tooManyMedia(count: 11, limit: 10), bytes: "07000000000000000b000000000000000a",
            category: .invalid, code: "too_many_media"),
        Golden(
            rejection: .duplicateMedia(MediaID(30)), bytes: "08000000000000001e",
            category: .invalid, code: "duplicate_media"),
        Golden(
            rejection: .mediaEmpty, bytes: "09",
            category: .invalid, code: "media_empty"),
        Golden(
            rejection: .cannotFollowYourself, bytes: "0a",
            category: .impossible, code: "cannot_follow_yourself"),
        Golden(
            rejection: .accountRequired, bytes: "0b",
            category: .forbidden, code: "account_required"),
        Golden(
            rejection: .notAuthor(PostID(812)), bytes: "0c000000000000032c",
            category: .forbidden, code: "not_author"),
        Golden(
            rejection: .mediaNotOwned(MediaID(30)), bytes: "0d000000000000001e",
            category: .forbidden, code: "media_not_owned"),
        Golden(
            rejection: .unknownAccount(AccountID(17)), bytes: "0e0000000000000011",
            category: .notFound, code: "unknown_account"),
        Golden(
            rejection: .unknownPost(PostID(812)), bytes: "0f000000000000032c",
            category: .notFound, code: "unknown_post"),
        Golden(
            rejection: .unknownMedia(MediaID(30)), bytes: "10000000000000001e",
            category: .notFound, code: "unknown_media"),
        Golden(
            rejection: .unknownKey(key), bytes: "11000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            category: .notFound, code: "unknown_key"),
        Golden(
            rejection: .handleTaken(alice), bytes: "18",
            category: .conflict, code: "handle_taken"),
        Golden(
            rejection: .keyInUse(key), bytes: "13000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            category: .conflict, code: "key_in_use"),
        Golden(
            rejection: .mediaAlreadyAttached(MediaID(30)), bytes: "14000000000000001e",
            category: .conflict, code: "media_already_attached"),
        Golden(
            rejection: .handleHeld(alice, until: Timestamp(1_341_389_730_250)),
            bytes: "1900000138510ef1ca",
            category: .conflict, code: "handle_held"),
        Golden(
            rejection: .notYourAccount(AccountID(17)), bytes: "160000000000000011",
            category: .forbidden, code: "not_your_account"),
        Golden(
            rejection: .tooManyPins(count: 6, limit: 5), bytes: "1700000000000000060000000000000005",
            category: .conflict, code: "too_many_pins"),
    ]

    /// What earlier programs have written and this one reads.
    static let old: [(rejection: Rejection, bytes: String)] = [
        (.handleTaken(alice), "1205616c696365"),
        (.handleHeld(alice, until: Timestamp(1_341_389_730_250)), "1505616c69636500000138510ef1ca"),
    ]

    @Test(arguments: old.indices)
    func `A rejection of before is read as documented`(index: Int) throws {
        let (rejection, written) = Self.old[index]
        #expect(try decode(bytes(written)) == rejection)
        // The handle that was kept counts, whatever the command wants.
        #expect(try decode(bytes(written), answering: .likePost(LikePost(PostID(1)))) == rejection)
    }

    @Test func `What is kept of a rejection holds no handle, and the command gives it back`() throws {
        let bob = try Handle("bob")
        let name = try DisplayName("Bob")
        for command in [
            Command.registerAccount(RegisterAccount(handle: bob, name: name, role: .member, key: nil)),
            .changeAccount(ChangeAccount(account: AccountID(1), name: nil, handle: bob)),
        ] {
            for rejection in [Rejection.handleTaken(bob), .handleHeld(bob, until: Timestamp(5))] {
                #expect(!hex(rejection.encode()).contains(hex(Array("bob".utf8))))
                #expect(try decode(rejection.encode(), answering: command) == rejection)
            }
        }
    }

    @Test func `A rejection of a handle does not answer a command without one`() {
        for command in [
            Command.likePost(LikePost(PostID(1))),
            .changeAccount(ChangeAccount(account: AccountID(1), name: try! DisplayName("n"), handle: nil)),
        ] {
            #expect(throws: RejectionDecodingError.damaged(byteCount: 1)) { try decode([24], answering: command) }
        }
    }

    @Test(arguments: all)
    func `A rejection is written and read as documented`(golden: Golden) throws {
        #expect(hex(golden.rejection.encode()) == golden.bytes)
        let read = try decode(bytes(golden.bytes))
        #expect(read == golden.rejection)
        #expect(read.message == golden.rejection.message)
    }

    @Test(arguments: all)
    func `A rejection has its word and its kind`(golden: Golden) {
        #expect(golden.rejection.code == golden.code)
        #expect(golden.rejection.category == golden.category)
    }

    @Test func `Codes and messages differ`() {
        #expect(RejectionTests.all.count == 23)
        #expect(Set(RejectionTests.all.map(\.code)).count == 23)
        #expect(Set(RejectionTests.all.map(\.rejection.message)).count == 23)
    }

    @Test func `Messages name the values`() {
        #expect(
            Rejection.textTooLong(length: 1001, limit: 1000).message
                == "the text has 1001 characters, at most 1000 are allowed")
        #expect(Rejection.unknownPost(PostID(812)).message == "there is no post 812")
        #expect(Rejection.handleTaken(RejectionTests.alice).message == "the handle alice is taken")
        #expect(Rejection.unknownKey(RejectionTests.key).message == "there is no key with the hash 00010203…")
    }

    @Test func `A handle that is held is named with the time from which on it is free`() {
        #expect(
            Rejection.handleHeld(RejectionTests.alice, until: Timestamp(1_341_389_730_250)).message
                == "the handle alice was given up not long ago; it is free for others from "
                + "2012-07-04T08:15:30.250Z on")
    }

    @Test(arguments: ["7fffffffffffffff", "8000000000000000", "0000e677d21fdc00"])
    func `A time that has no written form is damaged`(time: String) {
        #expect(throws: RejectionDecodingError.damaged(byteCount: 15)) { try decode(bytes("1505616c696365" + time)) }
        #expect(throws: RejectionDecodingError.damaged(byteCount: 9)) { try decode(bytes("19" + time)) }
    }

    @Test func `What a newer Martlet wrote is named`() {
        #expect(throws: RejectionDecodingError.unknown(99)) { try decode([99]) }
        #expect("\(RejectionDecodingError.unknown(99))".contains("rejection 99"))
        #expect("\(RejectionDecodingError.unknown(99))".contains("a newer martlet wrote it"))
    }

    @Test(arguments: all)
    func `Every shorter or longer form is damaged`(golden: Golden) {
        let whole = bytes(golden.bytes)
        for count in whole.indices {
            #expect(throws: RejectionDecodingError.damaged(byteCount: count)) { try decode(Array(whole.prefix(count))) }
        }
        #expect(throws: RejectionDecodingError.damaged(byteCount: whole.count + 1)) { try decode(whole + [0]) }
    }

    @Test func `Random bytes are an error or read as they were written`() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<50_000 {
            let bytes = [UInt8(random.below(28))] + random.bytes(random.below(40))
            // Two forms are read and no longer written.
            guard let rejection = try? decode(bytes), bytes[0] != 18, bytes[0] != 21 else { continue }
            #expect(rejection.encode() == bytes)
        }
    }

    /// By default the rejected command wants the handle of the golden vectors.
    private func decode(_ bytes: [UInt8], answering command: Command? = nil) throws(RejectionDecodingError) -> Rejection
    {
        let command =
            command ?? .changeAccount(ChangeAccount(account: AccountID(1), name: nil, handle: RejectionTests.alice))
        let outcome = bytes.withUnsafeBytes { bytes in
            Result { () throws(RejectionDecodingError) in try Rejection.decode(bytes, answering: command) }
        }
        return try outcome.get()
    }
}
