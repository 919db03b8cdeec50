internal import Bytes
internal import EventLog
internal import Microblog
internal import Threads

/// Brings commands into the log, one JSON line each, keeping their own times.
///
/// Every line has a permanent idempotency key: the import's name and its number. So an interrupted import is resumed by
/// starting it again, and no event comes twice. Lines are read on the caller's thread and decided on the log's thread,
/// which is up to a few thousand lines behind.
public final class Importer {
    private let martlet: Martlet
    private let log: LMDBEventLog
    private let names: StreamNames
    private let options: ImportOptions
    private let references = ImportReferences()
    private let shared = Guarded(ImportState())
    private var name: String?
    private var lineNumber = 0
    private var ordinal = 0

    private static let longestName = Idempotency.longestKey - "import//000000000000".utf8.count

    /// Prepares an import into an open data directory.
    public init(_ martlet: Martlet, _ options: ImportOptions = ImportOptions()) {
        guard let log = martlet.log else { preconditionFailure("an import needs a log that is written, not the past") }
        self.martlet = martlet
        self.log = log
        names = StreamNames(log)
        self.options = options
        name = options.name
    }

    /// What is durable so far.
    public var progress: ImportProgress { shared.withLock { $0.progress } }

    /// Takes the next line. Blocks while the log is far behind.
    ///
    /// White space around it is ignored, so both kinds of line ends are accepted. A blank line is skipped.
    ///
    /// - Throws: ``ImportError`` that names the first bad line, which may be this one or an earlier one. All lines
    ///   before the bad line are in the log then, and no line after it.
    public func add(_ bytes: UnsafeRawBufferPointer) throws(ImportError) {
        if shared.withLock({ $0.failure != nil }) { try finish() }
        lineNumber += 1
        let bytes = bytes.trimmingWhitespace()
        guard !bytes.isEmpty else { return }
        ordinal += 1
        do throws(ImportProblem) {
            try submit(bytes, line: lineNumber, ordinal)
        } catch {
            shared.withLock { $0.fail(line: lineNumber, error.reason) }
            // Lines before this one may still be waiting, and one of them may turn out to be bad.
            try finish()
        }
    }

    /// Waits until every line that was taken is durable.
    ///
    /// - Throws: ``ImportError`` when a line was refused.
    public func finish() throws(ImportError) {
        let done = Watermark(0)
        log.submitWaiting(
            Proposal { _ in
                .refuse(answer: [])
            } completion: { _ in
                done.advance(to: 1)
            })
        _ = done.wait(beyond: 0)
        if let failure = shared.withLock({ $0.failure }) { throw failure }
    }

    /// The meaning of the file's names, as `name<TAB>id` lines. Call it after ``finish()``.
    public func map(_ body: (_ name: String, _ id: UInt64) throws -> Void) rethrows {
        for (name, id) in references.accounts.sorted(by: { $0.value < $1.value }) { try body(name, id.rawValue) }
        for (name, id) in references.posts.sorted(by: { $0.value < $1.value }) { try body(name, id.rawValue) }
        for (name, id) in references.media.sorted(by: { $0.value < $1.value }) { try body(name, id.rawValue) }
    }

    private func submit(_ bytes: UnsafeRawBufferPointer, line number: Int, _ ordinal: Int) throws(ImportProblem) {
        let line = try ImportLine(bytes)
        guard let time = Timestamp(line.at) else {
            throw ImportProblem("\"at\" is \"\(line.at)\", not a time such as 2012-07-04T08:15:30Z")
        }
        let idempotency = try idempotency(bytes, ordinal)
        let upload = try store(line)
        let (references, shared, limits, options, names) = (references, shared, martlet.limits, options, names)
        let visibility = martlet.visibility
        let proposal = Proposal(
            time: time.milliseconds, idempotency: idempotency,
            decide: { context in
                // The log refuses a reused key before it asks, so a missing earlier line shows only here.
                guard references.count == ordinal - 1, !shared.withLock({ $0.hasFailed(before: number) }) else {
                    return .refuse(answer: [])
                }
                do throws(ImportProblem) {
                    guard options.clampTimes || time.milliseconds >= context.newestTime else {
                        throw ImportProblem(
                            "its time \(line.at) is before the log's newest event, \(Timestamp(context.newestTime)); "
                                + "--clamp-times takes that time instead")
                    }
                    let (command, issuer) = try line.command(references, demoKeys: options.demoKeys, upload: upload)
                    let position = context.nextPosition
                    let decision = Martlet.decision(on: command, by: issuer, limits, context, names)
                    switch decision {
                    case .append: references.learn(line, ordinal, position)
                    case .nothing(let answer) where answer.isEmpty: references.learn(line, ordinal, nil)
                    case .nothing(let answer), .refuse(let answer): throw ImportProblem(answer, to: command)
                    }
                    return decision
                } catch {
                    shared.withLock { $0.fail(line: number, error.reason) }
                    return .refuse(answer: [])
                }
            },
            recall: { position in references.learn(line, ordinal, position > 0 ? position : nil) },
            completion: { result in
                // The file is kept from the sweeper until queries show that something refers to it.
                if let upload, case .success(.appended(let position)) = result {
                    visibility.when(position) { _ in withExtendedLifetime(upload) {} }
                }
                shared.withLock { $0.note(result, line: number) }
            })
        log.submitWaiting(proposal)
    }

    private func idempotency(_ bytes: UnsafeRawBufferPointer, _ ordinal: Int) throws(ImportProblem) -> Idempotency {
        let fingerprint = names.fingerprint(of: bytes)
        let name = name ?? (names.beganPlain ? ImportKey.formerName(of: fingerprint) : ImportKey.name(of: fingerprint))
        guard name.utf8.count <= Self.longestName else {
            throw ImportProblem(
                "the name of an import has at most \(Self.longestName) bytes, this one has \(name.utf8.count)")
        }
        self.name = name
        return Idempotency(actor: 0, key: ImportKey.key(name, ordinal), fingerprint: fingerprint)
    }

    /// Puts the file of a `media` line into the store.
    private func store(_ line: ImportLine) throws(ImportProblem) -> StoredMedia? {
        guard line.action == .media else { return nil }
        guard let file = Base64.decode(try line.require(line.base64, "base64")) else {
            throw ImportProblem("\"base64\" is no base64")
        }
        do {
            let staging = try martlet.media.begin()
            try staging.write(file)
            let staged = try staging.finish()
            guard let type = staged.type else {
                staging.cancel()
                throw ImportProblem("the file is no JPEG, PNG, GIF, WebP or MP4")
            }
            return StoredMedia(pin: try martlet.media.store(staged), type: type, size: staged.size)
        } catch let error as ImportProblem {
            throw error
        } catch {
            throw ImportProblem("\(error)")
        }
    }
}

extension ImportProblem {
    /// The words of an answer from the rules.
    fileprivate init(_ answer: [UInt8], to command: Command) {
        switch Martlet.outcome(kept: answer, answering: command) {
        case .failure(let failure): self.init("\(failure)")
        case .success: self.init("the rules forbid it")
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes without JSON's white space at both ends.
    fileprivate func trimmingWhitespace() -> UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0a ~= byte || byte == 0x0d }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: self[first...last])
    }
}

/// The options of an import.
public struct ImportOptions: Sendable {
    /// Names the import, so that it can be resumed; by default a keyed hash of the first line. At most 235 bytes.
    public var name: String?
    /// Gives every account without a key the key `key-<handle>`. For demonstrations and measurements only: anybody can
    /// guess them.
    public var demoKeys = false
    /// Raises times before the log's newest event to the time of that event, instead of refusing them.
    public var clampTimes = false

    /// The defaults.
    public init() {}
}

/// A line where an import stopped. Everything before it is in the log.
public struct ImportError: Error, Sendable, CustomStringConvertible {
    /// The number of the line, from 1.
    public let line: Int
    /// What is wrong with it.
    public let reason: String

    /// One line for people.
    public var description: String { "line \(line): \(reason)" }
}

/// What an import has done so far.
public struct ImportProgress: Sendable {
    /// Lines that are durable in the log, from this time or earlier.
    public var lines = 0
    /// Events that resulted from them this time.
    public var events = 0
    /// Lines that an earlier import of the same file had already stored.
    public var known = 0
}
