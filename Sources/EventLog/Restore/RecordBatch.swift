/// Records and answers that wait to be stored in one transaction, copied into one room.
struct RecordBatch {
    /// Some 50,000 records: enough that pages which several of them change are written once.
    private static let large = 8 << 20

    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private(set) var answers: [(key: [UInt8], value: [UInt8])] = []
    private var answerBytes = 0

    var isEmpty: Bool { ends.isEmpty && answers.isEmpty }
    var isLarge: Bool { bytes.count + answerBytes >= Self.large }

    mutating func append(_ record: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: record)
        ends.append(bytes.count)
    }

    mutating func append(_ answer: RememberedAnswer) {
        answers.append((Array(answer.key), Array(answer.value)))
        answerBytes += answer.key.count + answer.value.count + 64
    }

    /// Lends each record, in order.
    func withRecords(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes { bytes in
            var start = 0
            for end in ends {
                try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        answers = []
        answerBytes = 0
    }
}
