public import Application
internal import Bytes
internal import EventLog
internal import Glibc
internal import Journal
internal import LMDB
internal import Microblog
internal import Projections
public import Sealing

/// Makes a data directory from a backup file, up to its end or to an earlier moment.
public struct Restore {
    /// Where the log is to end; `nil` for all of it. What comes after it is not in the new directory. Its log gets a
    /// new identity, because it is another history from there on.
    public var until: Moment?
    /// The keys of the log; `nil` if there is no backup of them. Names and texts are shown as erased then.
    public var keys: KeyBackup?
    /// The file of the master key, which is made unless it is there; `nil` for a new one in the directory.
    public var masterKey: String?
    /// The most bytes that the log, and that the read models, may ever hold.
    public var mapSize = 1 << 38
    /// Called often with the progress. If it throws, the restore ends.
    public var progress: (BackupProgress) throws -> Void = { _ in }
    /// Called with what differs from the place where the backup was made.
    public var note: (String) -> Void = { _ in }

    /// The defaults.
    public init() {}

    /// Restores a backup.
    ///
    /// The whole file is checked before anything is written. If anything fails later, everything is removed again. What
    /// a killed restore leaves cannot be opened as a data directory, and the next restore removes it.
    ///
    /// - Parameter dataDirectory: must be empty or missing.
    /// - Throws: ``RestoreError``, ``BackupFileError``, ``MomentError``, ``DataDirectoryError``, `LogRestoreError`,
    ///   `LMDBError`, `KeyBackupError` when the keys are those of another log, `KeyError`; what ``progress`` throws.
    public func run(_ file: String, into dataDirectory: String) throws -> BackupReport {
        let target = try RestoreTarget(dataDirectory, masterKey: masterKey)
        let checked = try CheckedBackup(file, until: until, progress: progress)
        try keys?.require(log: checked.header.identity)
        try target.begin()
        do {
            let report = try RestoreRun(self, checked, BackupFileReader(file), into: target.parts).write()
            try target.finish()
            return report
        } catch let error as LMDBError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        } catch let error as KeyError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        } catch let error as BackupFileError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        } catch let error as MediaStoreError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        }
    }
}

/// One restore that is running. It reads a checked backup once more, and writes the parts of a data directory.
final class RestoreRun {
    private let options: Restore
    private let checked: CheckedBackup
    private let reader: BackupFileReader
    private let media: MediaLayout
    private let log: RestoredLog
    private let keyFiles: KeyFiles
    private let identity: [UInt8]
    private let viewsPath: String
    private var views: ViewRowLoader?
    private var report: BackupReport
    /// Accounts that were registered in plain. They are there without a key, and need one for what comes.
    private var plainAccounts: [UInt64] = []

    /// Begins the parts in directories that are empty.
    init(_ options: Restore, _ checked: CheckedBackup, _ reader: BackupFileReader, into parts: DataLayout) throws {
        self.options = options
        self.checked = checked
        self.reader = reader
        media = MediaLayout(root: parts.media)
        viewsPath = parts.views
        keyFiles = parts.keyFiles
        var generator = SystemRandomNumberGenerator()
        // A log that was cut goes on as another history. With the old identity, what was built from the whole log
        // (views, notes of followers) would seem to belong to it.
        identity =
            checked.isWhole
            ? checked.header.identity : (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        report = BackupReport(checked.header, BackupTotals())
        report.position = checked.head.position
        report.time = Timestamp(checked.head.time)
        report.identity = Hexadecimal.text(identity)
        report.bytes = checked.size
        report.views = nil
        log = try RestoredLog(directory: parts.log, identity: identity, mapSize: options.mapSize)
        // Read models of the end are useless for an earlier moment.
        if checked.isWhole, checked.header.views != nil {
            views = try ViewRowLoader(directory: viewsPath, log: identity, mapSize: options.mapSize)
        }
        try media.prepare()
    }

    /// Writes everything. After this only the log and the read models are synced.
    func write() throws -> BackupReport {
        while let part = try reader.next() {
            switch part {
            case .contents(.events, _, let contents): try writeEvents(contents)
            // It is not known whether an answer was given before the moment.
            case .contents(.answers, _, let contents) where checked.isWhole: try writeAnswers(contents)
            case .contents(.rows, _, let contents): try writeRows(contents)
            case .contents: break
            case .media(let content, let start, let size): try writeFile(content, at: start, size: size)
            }
        }
        guard reader.lastHash == checked.end else { throw RestoreError.changedMeanwhile(reader.path) }
        try log.finish()
        report.chain = log.chainHead.hash.description
        if checked.isWhole, log.chainHead.hash != checked.header.chain {
            throw RestoreError.chainDiffers(expected: checked.header.chain.description, found: report.chain)
        }
        if let views {
            try views.finish()
            report.views = checked.header.views
        }
        try Keyring.restore(
            keyFiles, log: identity, from: options.keys, through: log.head.position,
            lacksKeys: report.accountsWithoutKey > 0)
        try makeKeys()
        if log.isOfFormatBefore, log.head.position > 0 {
            options.note(
                "the backup is of an older martlet and holds texts and names in plain: `martlet serve` or `martlet upgrade` "
                    + "seals them; remove the backup when you have a newer one")
        }
        report.missing = UInt64(checked.needs.needed.count) - report.files
        return report
    }

    private func makeKeys() throws {
        guard !plainAccounts.isEmpty else { return }
        let keys = try Keyring.open(keyFiles, log: identity, isNew: false)
        for account in plainAccounts { _ = try keys.makeKey(of: account) }
        try keys.sync()
    }

    private func writeEvents(_ contents: [UInt8]) throws {
        guard log.head.position < checked.head.position else { return }
        try contents.withUnsafeBytes { contents in
            try contents.eachRecord(after: log.head.position) { record in
                guard record.position <= checked.head.position else { return }
                try log.append(record)
                // The event that registers an account is sealed with the key of the account, whose number is its position.
                if case .sealed(let part) = record.personal, part.account == record.position,
                    options.keys?.knows(record.position) != true
                {
                    report.accountsWithoutKey += 1
                }
                if record.isPlain, record.type == AccountRegistered.type.code { plainAccounts.append(record.position) }
            }
        }
        if views != nil, report.accountsWithoutKey > 0 {
            try leaveOutViews("the read models in the backup show what cannot be read without keys")
        }
        try tell(.events, log.head.position, of: checked.head.position)
    }

    private func writeAnswers(_ contents: [UInt8]) throws {
        try contents.withUnsafeBytes { contents in
            try contents.eachAnswer { answer in
                try log.append(answer)
                report.answers += 1
            }
        }
    }

    private func writeRows(_ contents: [UInt8]) throws {
        guard let loader = views else { return }
        let table = try contents.withUnsafeBytes { try $0.eachRow { _, _ in } }
        guard loader.hasTable(table) else {
            return try leaveOutViews("the read models in the backup are of another version")
        }
        try contents.withUnsafeBytes { contents in
            try loader.add(to: table) { add in
                try contents.eachRow { key, value in
                    try add(key, value)
                    report.rows += 1
                }
            }
        }
        try tell(.rows, report.rows, of: checked.totals.rows)
    }

    private func leaveOutViews(_ reason: String) throws {
        options.note("\(reason); they are built anew at the next start")
        views = nil
        report.rows = 0
        try FileTree.remove(viewsPath)
    }

    private func writeFile(_ content: ContentHash, at start: UInt64, size: UInt64) throws {
        let file = try checked.needs.isNeeded(content) ? RestoredFile(media.path(of: content)) : nil
        _ = try reader.readMedia(at: start, size: size) { bytes in
            try file?.write(bytes)
            try tell(.files, report.files, of: checked.totals.files)
        }
        if file != nil { report.files += 1 }
    }

    private func tell(_ stage: BackupProgress.Stage, _ done: UInt64, of whole: UInt64?) throws {
        try options.progress(BackupProgress(stage: stage, done: done, whole: whole))
    }
}

/// An uploaded file that is written again. It is synced at the end, together with all others.
final class RestoredFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(BackupFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("create", path, errno) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(BackupFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("write to", path, errno) }
            rest = rest.dropFirst(count)
        }
    }
}
