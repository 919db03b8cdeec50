import EventLog
import TestSupport

/// Two records as `docs/storage-format.md` spells them out.
enum GoldenVectors {
    /// At position 1.
    static let registration = bytes(
        """
        01 01 01 02
        00 00 00 00
        00 00 01 38 3f d6 38 00
        00 00 00 00 00 00 00 00
        00 00 00 02
        00 00 00 03
        00 00 00 00 00 00 00 01 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01 00 0a 68 61 6e 64 6c 65 2f 61 64 61
        01 02
        41 64 61
        ce 8e c5 c9
        """)

    /// At position 2.
    static let publication = bytes(
        """
        01 07 03 02
        00 1b 00 00
        00 00 01 38 3f d6 38 7b
        00 00 00 00 00 00 00 01
        00 00 00 03
        00 00 00 03
        00 00 00 00 00 00 00 01 00 06 70 6f 73 74 2f 32
        00 00 00 00 00 00 00 02 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01
        00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
        6b 2d 31
        00 ff 10
        48 69 21
        d6 c1 19 89
        """)

    /// Appends the events of the two records, and a command of which no event came.
    static func append(to log: some EventLog) throws {
        try log.append(
            NewEvent(
                streams: [(StreamName("account/1"), 0), (StreamName("handle/ada"), 0)], type: 1,
                actor: 0, payload: [1, 2], personal: Array("Ada".utf8)),
            time: 1_341_100_800_000)
        try log.append(
            NewEvent(
                streams: [(StreamName("post/2"), 0), (StreamName("account/1"), 1)], type: 7,
                schema: 3, actor: 1, payload: [0, 255, 16], personal: Array("Hi!".utf8)),
            time: 1_341_100_800_123,
            Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15)))
        _ = try log.propose(.key("k-2", of: 1, 255)) { _ in .nothing(answer: Array("ok".utf8)) }
    }
}
