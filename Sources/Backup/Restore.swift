public import Application
internal import LMDB

/// Makes a data directory out of a backup file, up to its end or to an earlier moment.
public struct Restore {
    /// Where the log is to end; `nil` for all of it. What is cut off is gone for the new directory: its log gets an
    /// identity of its own, since from there on it is another history.
    public var until: Moment?
    /// The most bytes that the log, and that the read models, may ever hold.
    public var mapSize = 1 << 38
    /// Told often how far it has come. What it throws ends the restore.
    public var progress: (BackupProgress) throws -> Void = { _ in }
    /// Told what is not as in the place where the backup was made.
    public var note: (String) -> Void = { _ in }

    /// The defaults.
    public init() {}

    /// Restores a backup.
    ///
    /// The whole file is looked at before anything is written. If anything fails later, everything is removed again; what
    /// a killed restore leaves is refused by whoever opens the directory, and cleared by the next restore.
    ///
    /// - Parameter dataDirectory: must be empty, or not there.
    /// - Throws: ``RestoreError``, ``BackupFileError``, ``MomentError``, ``DataDirectoryError``, `LogRestoreError`,
    ///   `LMDBError`; what ``progress`` throws.
    public func run(_ file: String, into dataDirectory: String) throws -> BackupReport {
        let target = try RestoreTarget(dataDirectory)
        let checked = try CheckedBackup(file, until: until, progress: progress)
        try target.begin()
        do {
            let report = try RestoreRun(self, checked, BackupFileReader(file), into: target.parts).write()
            try target.finish()
            return report
        } catch let error as LMDBError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        } catch let error as BackupFileError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        } catch let error as MediaStoreError where error.isOutOfSpace {
            throw RestoreError.noRoom(dataDirectory, reason: "\(error)")
        }
    }
}
