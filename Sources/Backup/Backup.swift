internal import Application
internal import Clocks
internal import EventLog
internal import Glibc
internal import Journal
internal import Microblog
internal import Projections

/// Writes everything that a data directory holds at one position into one file. A server may go on meanwhile.
///
/// The position is that of the newest event when the log is looked at. Media are held from before that (``MediaHold``),
/// so no file that the position refers to is removed while it is copied. Records never change.
public struct Backup {
    /// Whether the rows of the read models are included, so that a restored directory need not build them.
    public var withViews = false
    /// Whether missing files are left out. Otherwise a missing file ends the backup.
    public var skipsMissing = false
    /// Called often with the progress. If it throws, the backup ends.
    public var progress: (BackupProgress) throws -> Void = { _ in }
    /// Called for each file that is left out.
    public var note: (String) -> Void = { _ in }

    /// The defaults.
    public init() {}

    /// Writes a backup.
    ///
    /// - Parameter file: must not exist. It appears when it is whole and on the disk. If anything fails, nothing is
    ///   left.
    /// - Throws: ``DataDirectoryError``, ``BackupFileError``, ``BackupError``, `ViewsUnusable`; what reading the log
    ///   throws; what ``progress`` throws.
    public func write(dataDirectory: String, to file: String) throws -> BackupReport {
        let layout = try DataLayout(existing: dataDirectory)
        let log = try LogReader(directory: layout.log)
        let views = try withViews ? openViews(layout.views) : nil
        let media = MediaLayout(root: layout.media)
        let writer = try BackupFileWriter(file)
        let hold = try MediaHold(of: media)
        // This comes before the position is read: see MediaHold.
        try hold.share()
        let run = Run(options: self, log: log, media: media, writer: writer)
        let report = try withExtendedLifetime(hold) { try run.write(views) }
        try writer.finish()
        return report
    }
}

extension Backup {
    private func openViews(_ directory: String) throws -> ViewStore {
        func read() throws -> ViewStore {
            guard let store = try ViewGenerations.read(directory: directory) else {
                throw ViewsUnusable(directory: directory, reason: "there are none")
            }
            return store
        }
        do {
            return try read()
        } catch {
            // A server may just have put the next generation in place of the one that was in use.
            return try read()
        }
    }

    /// One backup that is running.
    private final class Run {
        private let options: Backup
        private let log: LogReader
        private let media: MediaLayout
        private let writer: BackupFileWriter
        private var totals = BackupTotals()
        private var needs = MediaNeeds()

        init(options: Backup, log: LogReader, media: MediaLayout, writer: BackupFileWriter) {
            self.options = options
            self.log = log
            self.media = media
            self.writer = writer
        }

        func write(_ views: ViewStore?) throws -> BackupReport {
            // The views come first, and the log is read while they are open. So they are not ahead of it.
            let header =
                if let views {
                    try views.readRows(of: log.identity) { rows in
                        let header = try writeAnswers(views: rows.position)
                        try write(rows)
                        return header
                    }
                } else {
                    try writeAnswers(views: nil)
                }
            try writeEvents(header)
            try writeFiles()
            try writer.add(.end, totals.bytes)
            var report = BackupReport(header, totals)
            report.bytes = writer.size
            return report
        }

        private func writeAnswers(views: UInt64?) throws -> BackupHeader {
            try log.withSnapshot { snapshot in
                let header = BackupHeader(
                    head: snapshot.head, identity: log.identity, chain: snapshot.chainHead.hash,
                    made: WallClock.milliseconds, views: views)
                try writer.add(.header, header.bytes)
                var part = BackupPart(.answers, writer.add)
                try snapshot.readAnswers { answer in
                    try part.add(answer.key, answer.value)
                    totals.answers += 1
                }
                try part.flush()
                return header
            }
        }

        private func write(_ rows: ViewRows) throws {
            var part = BackupPart(.rows, writer.add)
            var current: String?
            try rows.each { table, key, value in
                if table != current { try part.flush() }
                current = table
                try part.add(key, value, of: table)
                totals.rows += 1
                if totals.rows % 4096 == 0 { try tell(.rows, totals.rows, of: nil) }
            }
            try part.flush()
        }

        private func writeEvents(_ header: BackupHeader) throws {
            var chain = ChainHash(identity: header.identity)
            var part = BackupPart(.events, writer.add)
            var position: UInt64 = 0
            while position < header.position {
                let limit = Int(min(header.position - position, 4096))
                position += UInt64(
                    try log.read(after: position, limit: limit) { record in
                        chain.append(record.bytes)
                        try needs.take(record)
                        try part.add(record)
                    })
                try tell(.events, position, of: header.position)
            }
            try part.flush()
            totals.events = position
            guard chain == header.chain else {
                throw BackupError.chainDiffers(
                    position: position, stored: header.chain.description, found: chain.description)
            }
        }

        private func writeFiles() throws {
            let needed = needs.needed
            for (content, size) in needed {
                try tell(.files, totals.files + totals.missing, of: UInt64(needed.count))
                if try write(content, size) {
                    totals.files += 1
                } else {
                    let error = BackupError.mediaMissing(
                        content, path: media.path(of: content), holders: needs.holders(of: content))
                    guard options.skipsMissing else { throw error }
                    options.note("\(error)")
                    totals.missing += 1
                }
            }
        }

        /// - Returns: whether the file exists.
        private func write(_ content: ContentHash, _ size: UInt64) throws -> Bool {
            let path = media.path(of: content)
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                guard errno == ENOENT else { throw BackupFileError.system("open", path, errno) }
                return false
            }
            defer { close(descriptor) }
            var status = stat()
            let isWhole = fstat(descriptor, &status) == 0 && UInt64(status.st_size) == size
            guard isWhole,
                try writer.add(content, size, from: descriptor, path, { try tell(.files, totals.files, of: nil) })
            else { throw BackupError.mediaDamaged(content, path: path, holders: needs.holders(of: content)) }
            return true
        }

        private func tell(_ stage: BackupProgress.Stage, _ done: UInt64, of whole: UInt64?) throws {
            try options.progress(BackupProgress(stage: stage, done: done, whole: whole))
        }
    }
}
