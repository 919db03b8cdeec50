import EventLog
import TestSupport

/// Records as `docs/storage-format.md` spells them out, made by a program of another language. The sealed ones belong to
/// the keys of ``TestKeys/fixed(identity:)``.
enum GoldenVectors {
    /// At position 1, about account 1, which it registers.
    static let registration = bytes(
        """
        02 01 01 02
        00 00 01 00
        00 00 01 38 3f d6 38 00
        00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00
        00 00 00 02
        00 00 00 33
        00 00 00 00 00 00 00 01 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01 00 27 68 61 6e 64 6c 65 2f 30 30 31 31 32 32 33 33 34 34 35 35 36 36 37 37
            38 38 39 39 61 61 62 62 63 63 64 64 65 65 66 66
        01 02
        00 00 00 00 00 00 00 01
        40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57
        f4 6a 84 0c a4 f6 90 54 f2 3e ea 5d f0 9c 79 81
        95 5d 64
        e5 6a c5 9d
        """)

    /// At position 2, of account 1 and by account 5.
    static let publication = bytes(
        """
        02 07 03 02
        00 1b 01 00
        00 00 01 38 3f d6 38 7b
        00 00 00 00 00 00 00 01
        00 00 00 00 00 00 00 05
        00 00 00 03
        00 00 00 33
        00 00 00 00 00 00 00 01 00 06 70 6f 73 74 2f 32
        00 00 00 00 00 00 00 02 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01
        00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
        6b 2d 31
        00 ff 10
        00 00 00 00 00 00 00 01
        60 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 76 77
        d9 4c 55 40 ec 81 59 b0 f4 55 87 8c ae 86 d8 04
        fd b0 90
        5c ab be 34
        """)

    /// The first record with its personal part in plain.
    static let registrationInPlain = bytes(
        """
        02 01 01 02
        00 00 00 00
        00 00 01 38 3f d6 38 00
        00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00
        00 00 00 02
        00 00 00 03
        00 00 00 00 00 00 00 01 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01 00 27 68 61 6e 64 6c 65 2f 30 30 31 31 32 32 33 33 34 34 35 35 36 36 37 37
            38 38 39 39 61 61 62 62 63 63 64 64 65 65 66 66
        01 02
        41 64 61
        e1 09 c8 7a
        """)

    /// The second record with its personal part in plain, and a batch that goes on after it.
    static let publicationInPlain = bytes(
        """
        02 07 03 02
        00 1b 02 00
        00 00 01 38 3f d6 38 7b
        00 00 00 00 00 00 00 01
        00 00 00 00 00 00 00 05
        00 00 00 03
        00 00 00 03
        00 00 00 00 00 00 00 01 00 06 70 6f 73 74 2f 32
        00 00 00 00 00 00 00 02 00 09 61 63 63 6f 75 6e 74 2f 31
        00 00 00 00 00 00 00 01
        00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
        6b 2d 31
        00 ff 10
        48 69 21
        e3 f2 40 65
        """)

    /// At position 2, in layout 1.
    static let oldPublication = bytes(
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

    /// The event of ``registration``.
    static let registrationEvent = NewEvent(
        streams: [(StreamName("account/1"), 0), (StreamName("handle/00112233445566778899aabbccddeeff"), 0)], type: 1,
        actor: 0, payload: [1, 2], personal: Array("Ada".utf8), about: 1)

    /// The event of ``publication``.
    static let publicationEvent = NewEvent(
        streams: [(StreamName("post/2"), 0), (StreamName("account/1"), 1)], type: 7,
        schema: 3, actor: 1, by: 5, payload: [0, 255, 16], personal: Array("Hi!".utf8), about: 1)

    /// Appends the events of the two records, and a command of which no event came.
    static func append(to log: some EventLog) throws {
        try log.append(registrationEvent, time: 1_341_100_800_000)
        try log.append(
            publicationEvent, time: 1_341_100_800_123,
            Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15)))
        _ = try log.propose(.key("k-2", of: 1, 255)) { _ in .nothing(answer: Array("ok".utf8)) }
    }
}
