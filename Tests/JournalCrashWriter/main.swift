import Files
import Glibc
import Journal
import Threads

// Appends frames to a journal without end, several under way at once, and writes the number of each to standard output
// once it is durable, eight bytes each. The crash tests kill it.
//
// A record is its position, eight bytes, over and over; how often, follows from the position. Every fourth frame holds
// an answer alone: its number, twice.

let chain = [UInt8](repeating: 7, count: 32).withUnsafeBytes { ChainValue($0)! }
let journal = try FileJournal(
    SystemDisk(directory: CommandLine.arguments[1]), identity: Array(0xa0...0xaf),
    log: LogEnd(position: 0, chain: chain))
var newest = journal.head
let ended = Mailbox<FrameNumber>()
for _ in 0..<4 { ended.put(0) }

while let free = ended.take() {
    for _ in free {
        let frame = next(after: newest)
        newest = JournalHead(number: newest.number + 1, position: frame.lastPosition, chain: frame.chain)
        journal.append(frame) { outcome in
            guard case .durable(let number) = outcome else { exit(1) }
            guard withUnsafeBytes(of: number, { write(STDOUT_FILENO, $0.baseAddress, $0.count) }) == 8 else { exit(2) }
            ended.put(number)
        }
    }
}

func next(after head: JournalHead) -> Frame {
    var builder = FrameBuilder(after: head.position, chain: head.chain)
    let number = head.number + 1
    for index in 0..<(number % 4) {
        let position = head.position + 1 + index
        var record: [UInt8] = []
        for _ in 0..<(1 + position % 700) { withUnsafeBytes(of: position) { record.append(contentsOf: $0) } }
        precondition(record.withUnsafeBytes { builder.add(record: $0) })
    }
    if number % 4 == 0 { precondition(withUnsafeBytes(of: number) { builder.add(answer: $0, key: $0) }) }
    return builder.finish()
}
