internal import Bytes
internal import Files
internal import Glibc
package import Microblog

/// Where media files are, below the data directory.
///
///     media/incoming/17      uploads that have not ended; emptied at start-up
///     media/ab/cdef...       a whole file, named by the SHA-256 of its bytes in hexadecimal
///     media.hold             locked by who copies files, see ``MediaHold``
package struct MediaLayout: Sendable {
    /// `media`
    let root: String

    /// Names the directories below `media`.
    package init(root: String) { self.root = root }

    /// `media/incoming`
    var incoming: String { root + "/incoming" }

    /// `media.hold`
    var hold: String { root + ".hold" }

    /// The directory of a content, named by the first two digits. So with a million files a directory holds four
    /// thousand.
    func shard(of content: ContentHash) -> String {
        root + "/" + content.hex.prefix(2)
    }

    /// The file of a content.
    package func path(of content: ContentHash) -> String {
        shard(of: content) + "/" + content.hex.dropFirst(2)
    }

    /// Makes all directories, durably, and empties `incoming`.
    ///
    /// All 256 shards are made at once. If a shard were made with its first file, a third directory would have to be
    /// synced, by every thread that stores into it before that sync has ended.
    package func prepare() throws(MediaStoreError) {
        try makeDirectory(root)
        var isNew = try makeDirectory(incoming)
        for shard in shards { isNew = try makeDirectory(shard) || isNew }
        if isNew {
            try syncDirectory(root)
            try syncDirectory(root + "/..")
        }
        for name in try names(in: incoming) { try remove(incoming + "/" + name) }
    }

    /// Every shard's path, in order.
    var shards: [String] {
        (UInt8.min...UInt8.max).map { root + "/" + Hexadecimal.text([$0]) }
    }

    /// The names in a directory, without `.` and `..`.
    func names(in directory: String) throws(MediaStoreError) -> [String] {
        do throws(FileError) {
            return try Directory.names(in: directory)
        } catch {
            throw MediaStoreError(operation: .list, path: directory, code: error.code)
        }
    }

    /// Makes a rename into, or out of, a directory durable.
    func syncDirectory(_ path: String) throws(MediaStoreError) {
        do throws(FileError) {
            try Directory.sync(path)
        } catch {
            throw MediaStoreError(operation: error.action == "open" ? .open : .sync, path: path, code: error.code)
        }
    }

    /// Removes a file. A missing file counts as removed.
    ///
    /// - Returns: whether it was there.
    @discardableResult
    func remove(_ path: String) throws(MediaStoreError) -> Bool {
        if unlink(path) == 0 { return true }
        if errno == ENOENT { return false }
        throw MediaStoreError(operation: .remove, path: path, code: errno)
    }

    /// - Returns: whether it was made.
    @discardableResult
    private func makeDirectory(_ path: String) throws(MediaStoreError) -> Bool {
        do throws(FileError) {
            return try Directory.make(path)
        } catch {
            throw MediaStoreError(operation: .createDirectory, path: path, code: error.code)
        }
    }
}
