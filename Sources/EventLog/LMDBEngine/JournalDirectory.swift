internal import Files
internal import Journal

/// Where the journal of a log is, beside its tables.
struct JournalDirectory {
    let path: String

    init(ofLog directory: String) { path = directory + "/journal" }

    var disk: SystemDisk { SystemDisk(directory: path) }

    /// Opens the journal, or makes it, for tables that end somewhere.
    ///
    /// - Returns: the journal, and what log and journal hold together.
    /// - Throws: ``LogCorruption`` when journal and tables do not belong together, or one of them is damaged; `LogError`
    ///   when the disk refuses.
    func open(_ tables: LogState) throws -> (FileJournal<SystemDisk>, DurableLog) {
        do {
            if try Directory.make(path) { try Directory.sync(String(path.prefix(upTo: path.lastIndex(of: "/")!))) }
            let journal = try FileJournal(
                disk, identity: tables.identity,
                log: LogEnd(position: tables.head.position, chain: tables.chain.hash))
            do {
                return (journal, try DurableLog(tables, journal))
            } catch {
                journal.close()
                throw error
            }
        } catch JournalError.corrupt(let damage) {
            throw LogCorruption(damage)
        } catch let error as JournalError {
            throw LogError(error)
        } catch let error as FileError {
            throw LogError.disk(error)
        }
    }
}
