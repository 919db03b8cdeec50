internal import Glibc
public import Microblog

extension MediaStore {
    /// Removes every file that nothing refers to and nobody holds. Blocks, for a time that grows with the files.
    ///
    /// - Parameter isReferenced: asked once a file; it must answer from a snapshot that it takes after this call began,
    ///   since a content whose pin was released before then is kept by its answer alone.
    /// - Returns: what was removed; nothing if another sweep is running.
    public func sweep(isReferenced: (ContentHash) -> Bool) throws(MediaStoreError) -> [ContentHash] {
        guard pins.beginSweep() else { return [] }
        defer { pins.endSweep() }
        var removed: [ContentHash] = []
        for shard in layout.shards {
            let prefix = shard.suffix(2)
            for name in try layout.names(in: shard) {
                // What has no name of ours was put there by hand and is not ours to remove.
                guard let content = ContentHash(hex: prefix + name), !isReferenced(content) else { continue }
                if try remove(content) { removed.append(content) }
            }
        }
        return removed
    }

    /// Removes those of some contents that nothing refers to and nobody holds, as after the deletion of a post.
    ///
    /// See ``sweep(isReferenced:)``.
    public func sweep(
        _ contents: some Sequence<ContentHash>, isReferenced: (ContentHash) -> Bool
    ) throws(MediaStoreError) -> [ContentHash] {
        guard pins.beginSweep() else { return [] }
        defer { pins.endSweep() }
        var removed: [ContentHash] = []
        for content in contents where !isReferenced(content) {
            if try remove(content) { removed.append(content) }
        }
        return removed
    }

    private func remove(_ content: ContentHash) throws(MediaStoreError) -> Bool {
        let path = layout.path(of: content)
        return try pins.unlessHeld(content) { () throws(MediaStoreError) in try layout.remove(path) }
    }
}
