import Microblog
import TestSupport
import Testing

@Suite struct EventDamageTests {
    @Test func `Every shorter or longer form is an error that names a field`() throws {
        var random = SplitMix64(seed: 2)
        for _ in 0..<300 {
            let event = random.event()
            let whole = event.encode()
            let type = whole.type.code
            for count in whole.payload.indices {
                let error = #expect(throws: EventDecodingError.self) {
                    try Event.decode(
                        type: type, payload: Array(whole.payload.prefix(count)), personal: whole.personal)
                }
                guard case .truncated(_, whole.type) = try #require(error) else {
                    Issue.record("\(event), payload cut at \(count): \(error!)")
                    continue
                }
            }
            for count in whole.personal.indices {
                let error = #expect(throws: EventDecodingError.self) {
                    try Event.decode(
                        type: type, payload: whole.payload, personal: Array(whole.personal.prefix(count)))
                }
                guard case .truncated(_, whole.type) = try #require(error) else {
                    Issue.record("\(event), personal part cut at \(count): \(error!)")
                    continue
                }
            }
            for (payload, personal) in [([7], []), ([], [7])] as [([UInt8], [UInt8])] {
                let error = #expect(throws: EventDecodingError.self) {
                    try Event.decode(type: type, payload: whole.payload + payload, personal: whole.personal + personal)
                }
                guard case .trailing(1, _, whole.type) = try #require(error) else {
                    Issue.record("\(event): \(error!)")
                    continue
                }
            }
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `Random bytes are an error or read as they were written`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let type = UInt8(random.below(15))
            let payload = random.bytes(random.below(60))
            var text = [0, 0, 0, UInt8(random.below(4))] + random.bytes(random.below(4))
            if random.below(2) == 0 { text = bytes("03616e6e") + (random.below(2) == 0 ? [0] : []) + text }
            expectErrorOrSameBytes(type: type, payload: payload, personal: random.below(2) == 0 ? [] : text)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `A changed byte is an error or read as it was written`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<5_000 {
            let whole = random.event().encode()
            var (payload, personal) = (whole.payload, whole.personal)
            payload[random.below(payload.count)] = UInt8(truncatingIfNeeded: random.next())
            if !personal.isEmpty { personal[random.below(personal.count)] = UInt8(truncatingIfNeeded: random.next()) }
            expectErrorOrSameBytes(type: whole.type.code, payload: payload, personal: personal)
        }
    }

    @Test func `A type of a newer Martlet is named`() {
        let error = EventDecodingError.unknownType(99, schema: 3)
        #expect(throws: error) { try Event.decode(type: 99, schema: 3, payload: []) }
        #expect(error.description.contains("event type 99 (schema 3)"))
        #expect(error.description.contains("a newer martlet wrote it"))
    }

    @Test func `A schema of a newer Martlet is named`() {
        let error = EventDecodingError.unknownSchema(2, of: PostLiked.type)
        #expect(throws: error) { try Event.decode(type: 6, schema: 2, payload: bytes("0000000000000001")) }
        #expect(error.description.contains("schema 2 of post_liked (type 6)"))
        #expect(error.description.contains("a newer martlet wrote it"))
    }

    @Test func `Type and schema zero are damage and not newer`() {
        #expect(throws: EventDecodingError.unknownType(0, schema: 1)) { try Event.decode(type: 0, payload: []) }
        #expect(throws: EventDecodingError.unknownSchema(0, of: PostLiked.type)) {
            try Event.decode(type: 6, schema: 0, payload: bytes("0000000000000001"))
        }
        for error in [EventDecodingError.unknownType(0, schema: 1), .unknownSchema(0, of: PostLiked.type)] {
            #expect(error.description.contains("damaged"))
            #expect(!error.description.contains("newer"))
        }
    }

    @Test(
        arguments: [
            (1, "0100", "0541", EventField.handle), (1, "03", "03616e6e000000016e", .role),
            (1, "0100", "03416e6e000000016e", .handle), (1, "0100", "03612f6e000000016e", .handle),
            (1, "0100", "00000000016e", .handle), (1, "0102", "03616e6e000000016e", .keyHash),
            (1, "0100", "03616e6e00000001ff", .name), (4, "000000000000000000000000", "00000002c328", .text),
            (4, "0000000000000000000000010000000000000000", "0000000161", .media), (6, "0000000000000000", "", .post),
            (8, "0000000000000000", "", .account),
            (12, "0000000000000011", "03616e6e02000000016e", .previousHandle),
            (10, String(repeating: "00", count: 32) + "060000000000000001", "", .mediaType),
        ] as [(UInt8, String, String, EventField)])
    func `A value that is never written is named`(type: UInt8, payload: String, personal: String, field: EventField)
        throws
    {
        let error = try #require(throws: EventDecodingError.self) {
            try Event.decode(type: type, payload: bytes(payload), personal: bytes(personal))
        }
        switch error {
        case .invalid(field, _), .truncated(field, _): #expect(error.description.contains(field.rawValue))
        default: Issue.record("\(error)")
        }
    }

    @Test func `A huge count is an error and asks for no room`() {
        #expect(throws: EventDecodingError.truncated(field: .media, of: PostPublished.type)) {
            try Event.decode(type: 4, payload: bytes("0000000000000000ffffffff"), personal: bytes("0000000161"))
        }
        #expect(throws: EventDecodingError.truncated(field: .text, of: PostPublished.type)) {
            try Event.decode(type: 4, payload: bytes("000000000000000000000000"), personal: bytes("ffffffff61"))
        }
    }

    private func expectErrorOrSameBytes(type: UInt8, payload: [UInt8], personal: [UInt8]) {
        guard let event = try? Event.decode(type: type, payload: payload, personal: personal) else { return }
        let again = event.encode()
        #expect(again.type.code == type && again.payload == payload && again.personal == personal, "\(event)")
    }
}
