internal import Bytes
internal import Journal
internal import LMDB

extension LogCheck {
    /// Goes through the frames that the tables do not hold yet, as if each were applied to the tables.
    ///
    /// That the frames follow each other by number and position was checked when they were read.
    func checkTail(_ tail: Tail, _ pages: borrowing LogPages) throws {
        var seen = TailRows(time: end.time)
        var chain = end.chain
        var isUnbroken = report.chain != nil
        for frame in tail.frames {
            try checkRecords(of: frame, &chain, &seen, pages)
            if let found = chain, found != frame.chain {
                try add(.chain(frame.firstPosition...frame.lastPosition))
                isUnbroken = false
            }
            chain = frame.chain
            try checkAnswers(of: frame, &seen, pages)
        }
        report.chain = isUnbroken ? chain : nil
    }

    private func checkRecords(
        of frame: Frame, _ chain: inout ChainHash?, _ seen: inout TailRows, _ pages: borrowing LogPages
    ) throws {
        for index in 0..<frame.recordCount {
            let position = frame.firstPosition + UInt64(index)
            try frame.withRecord(index) { bytes in
                chain?.append(bytes)
                noteChain(chain, at: position)
                let record: RecordView
                do throws(LogCorruption) {
                    record = try RecordView(position: position, bytes)
                } catch {
                    unknown.append(position...position)
                    return try add(.record(position, problem: error.problem))
                }
                report.events += 1
                if let time = seen.time, record.time < time {
                    try add(.time(position, time: record.time, previous: time))
                }
                seen.time = record.time
                try checkVersions(of: record, &seen, pages)
                if let key = record.idempotency?.tableKey {
                    try checkIsNew(command: key, at: position, nil, &seen, pages)
                }
            }
        }
    }

    private func checkVersions(of record: RecordView, _ seen: inout TailRows, _ pages: borrowing LogPages) throws {
        try record.withStreams { name, version in
            let stream = StreamName(Array(name))
            // A row behind a damaged page was found already.
            if let known = seen.versions[stream] ?? (try? pages.head(of: stream)?.version ?? 0) {
                if known == 0 { report.streams += 1 }
                // The versions in between may belong to events of the tail that are not known.
                let isSkipped = version > known + 1 && isUnknown((pages.head.position + 1)...record.position)
                if version != known + 1, !isSkipped {
                    try add(.version(record.position, stream: stream, expected: known + 1, found: version))
                }
            }
            seen.versions[stream] = version
        }
    }

    private func checkAnswers(of frame: Frame, _ seen: inout TailRows, _ pages: borrowing LogPages) throws {
        let position = frame.lastPosition
        // Answers without a record have no position that would tell whether the tables hold them already.
        let mayBeApplied = frame.recordCount == 0 && position == pages.head.position
        try frame.withAnswers { key, value in
            let isAnswer: Bool
            do throws(LogCorruption) {
                isAnswer = try RememberedAnswer(key, value) != nil
            } catch {
                return try add(.answer(after: position, problem: error.problem))
            }
            guard isAnswer else { return try add(.answer(after: position, problem: "it names an event")) }
            try checkIsNew(command: Array(key), at: position, mayBeApplied ? Array(value) : nil, &seen, pages)
        }
    }

    /// - Parameter applied: the value that the row of the command may have already.
    private func checkIsNew(
        command key: [UInt8], at position: Position, _ applied: [UInt8]?, _ seen: inout TailRows,
        _ pages: borrowing LogPages
    ) throws {
        let row = try? key.withUnsafeBytes { try pages.value("commands", $0) }
        if let row, let applied, row.elementsEqual(applied) { return }
        guard row == nil, seen.commands.insert(key).inserted else {
            let actor = key.withUnsafeBytes { $0.bigEndianUInt64(at: 0) }
            return try add(
                .commandAgain(position, actor: actor, key: String(decoding: key.dropFirst(8), as: UTF8.self)))
        }
        report.commands += 1
    }
}

/// What the frames so far have made of time, streams and commands.
private struct TailRows {
    var time: Int64?
    var versions: [StreamName: Version] = [:]
    var commands: Set<[UInt8]> = []

    init(time: Int64?) { self.time = time }
}
