import Hashing
import Sorting

extension LogCheck {
    /// Goes through all records, and notes what streams and commands they belong to.
    func checkRecords(_ pages: borrowing LogPages) throws {
        let last = pages.head.position
        guard let cursor = try pages.cursor("events") else { return }
        guard last < StreamEntry.limit else {
            throw LogCorruption(position: last, problem: "a log of so many events cannot be checked")
        }
        var chain = ChainCheck(try pages.cursor("chain"), identity: identity, until: last)
        noteChain(chain.hash, at: 0)
        var scan = RecordScan(cursor, until: last)
        var time: Int64?
        while let step = try scan.next() {
            switch step {
            case .record(let position, let bytes):
                do {
                    let record = try RecordView(position: position, bytes)
                    if let time, record.time < time {
                        try add(.time(position, time: record.time, previous: time))
                    }
                    time = record.time
                    try note(record)
                    try chain.append(bytes, at: position, self)
                } catch let damage as LogCorruption {
                    unknown.append(position...position)
                    try add(.record(position, problem: damage.problem))
                    try chain.append(nil, at: position, self)
                }
                noteChain(chain.hash, at: position)
                if position % UInt64(Self.stride) == 0 { tell(.events, Int(position), of: Int(last)) }
            case .missing(let range):
                unknown.append(range)
                try add(.missing(range))
                try chain.skip(range, self)
            case .unreadable(let range, let problem):
                unknown.append(range)
                try add(.unreadable(range, problem: problem))
                try chain.skip(range, self)
            case .foreign(let problem):
                try add(.table("events", problem: problem))
            }
        }
        try chain.finish(self)
        if chain.isUnbroken { report.chain = chain.hash }
        end = (time, chain.hash)
        tell(.events, Int(last), of: Int(last))
    }

    @inline(__always)
    func noteChain(_ hash: ChainHash?, at position: Position) {
        if let expectedChain, hash == expectedChain { report.expectedChainPosition = position }
    }

    private func note(_ record: RecordView) throws {
        report.events += 1
        try record.withStreams { name, version in
            let name = hash(name)
            try sorter.add(
                name.high, name.low & StreamEntry.secondMask,
                StreamEntry.event(at: record.position, version, record.type))
        }
        if !record.command.isEmpty { commandSums.events.add(record, hash) }
    }
}
